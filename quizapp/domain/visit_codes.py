"""The visit code: two words and three digits that lead a nurse to a patient's sheet.

It is derived from the attempt's secret with a server key, so the patient's device can show it at any time while the
database holds only an HMAC of it.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Spaces, hyphens, and the dashes that phones turn them into.
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015_.,/]+")


@dataclass(frozen=True)
class CodeKeys:
    """The server's keys, the current one first; the others are former ones that still work."""

    keys: tuple[bytes, ...]

    def code(self, secret: bytes, stored_hmac: bytes) -> str:
        """Return the code of a stored attempt, made with any of the keys. Raises LookupError if with none."""
        for key in self.keys:
            code = derive(key, secret)
            if hmac.compare_digest(code_hmac(key, code), stored_hmac):
                return code
        raise LookupError("no key gives this attempt's code")

    def new(self, secret: bytes) -> tuple[str, bytes]:
        """Return a new attempt's code and the HMAC to store."""
        code = derive(self.keys[0], secret)
        return code, code_hmac(self.keys[0], code)

    def candidates(self, typed: str) -> Iterable[bytes]:
        """Return the HMACs that a typed code may be stored under; empty if it cannot be a code."""
        code = normalise(typed)
        return tuple(code_hmac(key, code) for key in self.keys) if code else ()


def keys_from(secret_keys: Iterable[str]) -> CodeKeys:
    """Derive the keys for visit codes, so that they differ from those that sign cookies."""
    return CodeKeys(tuple(hashlib.sha256(b"visit-code:" + key.encode()).digest() for key in secret_keys))


def derive(key: bytes, secret: bytes) -> str:
    """Return "amber-kettle-407": two words of 256 and three digits, 65,536,000 codes in all."""
    digest = hmac.digest(key, b"derive:" + secret, "sha256")
    number = int.from_bytes(digest[2:6], "big") % 1000
    return f"{WORDS[digest[0]]}-{WORDS[digest[1]]}-{number:03d}"


def code_hmac(key: bytes, code: str) -> bytes:
    return hmac.digest(key, b"store:" + code.encode(), "sha256")


def secret_hash(secret: bytes) -> bytes:
    """Return what the database keeps of a secret. It has 128 random bits or more, so a plain hash is enough."""
    return hashlib.sha256(secret).digest()


def normalise(typed: str) -> str | None:
    """Return a typed code in the form of `derive`, whatever its case and separators; None if it is not a code.

    No two words joined together can be read as two others, so the separators may be missing.
    """
    folded = unicodedata.normalize("NFKC", typed[:200]).casefold()
    match = re.fullmatch(r"([a-z]+)([0-9]{3})", SEPARATORS.sub("", folded))
    if match is None:
        return None
    letters, digits = match.groups()
    for first in WORDS:
        if letters.startswith(first) and letters.removeprefix(first) in WORDS:
            return f"{first}-{letters.removeprefix(first)}-{digits}"
    return None


def unknown_word(typed: str) -> int | None:
    """Return which word of a typed code (1 or 2) is none of WORDS; None if both are, or the words are not apart."""
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", typed[:200]).casefold())
    if len(words) != 2:
        return None
    return next((place for place, word in enumerate(words, start=1) if word not in WORDS), None)


# Short, concrete, easy to say, hear and spell. Their order must not change: stored codes depend on it.
WORDS = tuple(
    """
    acorn amber anchor apple april apron arrow aspen autumn badge bagel baker bamboo banana banjo barley
    barn basil basket beach beacon bell bench berry bicycle birch biscuit blanket blossom blue boat bonnet
    book bottle bowl branch bread breeze bridge bright broom brown brush bubble bucket butter button cabin
    cable cactus camel candle canoe canvas carpet carrot castle cedar chalk cheese cherry chestnut circle citrus
    clay clock cloud clover coast cocoa coffee comet copper coral corner cotton cousin cricket crystal cup
    curtain daisy dance dawn deer desert desk diamond dinner dolphin donkey door dove dragon drum eagle
    early earth east echo elbow elm ember engine evening falcon family feather fern fiddle field finch
    fire flag flower flute forest fountain fox friend frost garden garlic gentle giant ginger glass globe
    gold goose grain grape grass green guitar hammer happy harbor harvest hat hazel heather hedge helmet
    hill honey horse house iris island ivory ivy jacket jam jasmine jelly jewel jigsaw juniper kayak
    kettle kitchen kite kitten koala ladder lake lamp lantern lark lavender leaf lemon letter lilac lily
    linen lion lobster lotus lucky lunch magnet mango maple marble market meadow melon metal mirror mitten
    moon morning moss mountain mouse music napkin nectar needle nest north nutmeg oak oasis ocean olive
    onion orange orchard otter owl oyster paddle paint palace panda paper parrot pasta peach pearl pebble
    pelican pencil penguin pepper piano picnic pigeon pillow pine planet plum pocket pond poppy potato pumpkin
    puzzle quilt rabbit radio rainbow raven ribbon river robin rocket rose saddle sailor salad silver window
    """.split()  # noqa: SIM905 - a list of 256 quoted words would fill pages
)

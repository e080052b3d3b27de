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

from quizapp.domain.visit_code_words import WORDS

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

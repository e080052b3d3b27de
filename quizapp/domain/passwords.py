"""What makes a password good enough: length, and not being easy to guess. No rules of composition."""

import re
import unicodedata

from quizapp.domain.gettext_marker import N_

LONG, WITH_SECOND_FACTOR, MAX_LENGTH = 15, 8, 200
TOO_SHORT = {
    LONG: N_("Use 15 characters or more. A few words in a row are easy to remember."),
    WITH_SECOND_FACTOR: N_("Use 8 characters or more. A few words in a row are easy to remember."),
}
EASY_TO_GUESS = N_("This is easy to guess. Use words that have nothing to do with you or your work.")

# Read backwards and forwards, and repeated; lower case.
COMMON = (
    "password", "passwort", "contrasena", "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou", "letmein", "welcome",
    "administrator", "changeme", "trustno1", "sunshine", "princess", "football", "baseball", "superman", "dragon",
    "monkey", "master", "secret", "abc123", "1q2w3e4r", "correcthorsebatterystaple",
)  # fmt: skip
OUR_WORDS = ("quizapp", "itpump", "painpump", "intrathecal", "clinic", "hospital", "nurse", "morphine", "baclofen")
SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
# Four neighbours on a keyboard or in the alphabet, in either direction.
RUNS = re.compile(
    "|".join(row[i : i + 4] for each in SEQUENCES for row in (each, each[::-1]) for i in range(len(each) - 3))
)


def normalised(password: str) -> str:
    """Return the same password however a keyboard composes it (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def why_refused(password: str, name: str, *, has_second_factor: bool = False) -> str | None:
    """Return a sentence that says what to do, or None if the password is good."""
    plain = normalised(password)
    shortest = WITH_SECOND_FACTOR if has_second_factor else LONG
    if len(plain) < shortest:
        return TOO_SHORT[shortest]
    if len(plain) > MAX_LENGTH:
        return N_("Use 200 characters or fewer.")
    folded = _folded(plain)
    if len(set(folded)) < 4 or folded in (folded + folded)[1:-1]:
        return N_("This repeats itself. Use words that do not repeat.")
    rest, names = folded, [part for part in name.casefold().split() if len(part) > 2]
    for word in sorted((*COMMON, *OUR_WORDS, *names), key=len, reverse=True):
        rest = rest.replace(word, "").replace(word[::-1], "")
    return EASY_TO_GUESS if len(RUNS.sub("", rest)) < shortest // 3 else None


def _folded(plain: str) -> str:
    """Return the text without case, spaces and punctuation; with punctuation if there is little else."""
    folded = "".join(character for character in plain.casefold() if character.isalnum())
    return folded if len(folded) * 2 >= len(plain) else "".join(plain.casefold().split())

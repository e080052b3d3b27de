"""What makes a password good enough: length, and not being easy to guess. No rules of composition."""

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
    if len(set(folded)) < 4 or _is_repeated(folded):
        return N_("This repeats itself. Use words that do not repeat.")
    rest = folded
    for word in sorted((*COMMON, *OUR_WORDS, *_names(name)), key=len, reverse=True):
        rest = rest.replace(word, "").replace(word[::-1], "")
    rest = _without_sequences(rest)
    if len(rest) < shortest // 3:
        return EASY_TO_GUESS
    return None


def _folded(plain: str) -> str:
    """Return the text without case, spaces and punctuation; with punctuation if there is little else."""
    folded = "".join(character for character in plain.casefold() if character.isalnum())
    return folded if len(folded) * 2 >= len(plain) else "".join(plain.casefold().split())


def _names(name: str) -> list[str]:
    return [part for part in name.casefold().split() if len(part) > 2]


def _is_repeated(text: str) -> bool:
    return any(text and text == text[:size] * (len(text) // size) for size in range(1, len(text) // 2 + 1))


def _without_sequences(text: str) -> str:
    """Return the text without runs of four or more neighbours on a keyboard or in the alphabet."""
    kept, at = [], 0
    while at < len(text):
        size = 4
        run = text[at : at + size]
        if len(run) == size and any(run in row or run in row[::-1] for row in SEQUENCES):
            at += size
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)

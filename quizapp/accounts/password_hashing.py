"""Hash and verify staff passwords; refuse easy, common and breached ones.

The file of breached passwords is as the downloader of "Have I Been Pwned" writes it: a line `SHA-1:count` for each
password, the SHA-1 as 40 hexadecimal digits in capitals, sorted by it; lines end in LF or CRLF.
"""

import bisect
import hashlib
import mmap
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from quizapp.accounts import AccountError
from quizapp.config import BadSetting
from quizapp.domain import passwords
from quizapp.domain.gettext_marker import N_

BREACHED = N_(
    "This password is on a list of passwords that were stolen elsewhere. "
    "Use another one here, and wherever else you use it."
)
LINE = re.compile(rb"([0-9A-F]{40}):\d{1,18}\r?(?:\n|\Z)")
MAX_LINE_LENGTH = 80
PROBES = 64  # lines looked at, from end to end, before the file is believed

# OWASP's figures for Argon2id: t=2, 19 MiB, p=1.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Verified for unknown names, so that they take as long as known ones.
DUMMY_HASH = _hasher.hash(secrets.token_urlsafe(16))


class BreachedFileError(BadSetting):
    """The file cannot be read, or is not one of breached passwords."""

    def __init__(self, problem: str) -> None:
        wanted = "the file of SHA-1 hashes, sorted by hash, that the Pwned Passwords downloader writes"
        super().__init__(f"QUIZAPP_BREACHED_PASSWORDS: {problem}. Give {wanted}, or remove the setting.")


def hash_password(
    password: str, name: str, breached_file: Path | None = None, *, has_second_factor: bool = False
) -> str:
    """Return the hash to store, slowly: never in a transaction. Raises AccountError if the password is refused."""
    problem = passwords.why_refused(password, name, has_second_factor=has_second_factor)
    if problem:
        raise AccountError(problem)
    normalised = passwords.normalised(password)
    if is_common(normalised):
        raise AccountError(passwords.EASY_TO_GUESS)
    if breached_file and (is_breached(password, breached_file) or is_breached(normalised, breached_file)):
        raise AccountError(BREACHED)
    return _hasher.hash(normalised)


def is_right(password_hash: str, password: str) -> bool:
    """Verify a password. Slow on purpose: never call it inside a transaction."""
    try:
        return _hasher.verify(password_hash, passwords.normalised(password[: passwords.MAX_LENGTH * 4]))
    except (VerificationError, InvalidHashError):
        return False


def is_common(password: str) -> bool:
    """Return whether zxcvbn lists it, in any case: 94,000 passwords, names and single words."""
    # Imported here: 14 MB that a server needs only when a password is set.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return any(password.casefold() in ranked for ranked in FREQUENCY_LISTS.values())


def is_breached(password: str, file: Path) -> bool:
    """Look the password up by bisection: of tens of gigabytes a few lines are read. Raises BreachedFileError."""
    # SHA-1 is the file's format; what we store of a password is Argon2id.
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with _mapped(file) as data:
        at = bisect.bisect_left(range(len(data)), wanted, key=lambda at: _hash_at(data, at, file))
        return at < len(data) and _hash_at(data, at, file) == wanted


def check_breached_file(file: Path) -> None:
    """Raise BreachedFileError if the file cannot be read, or if its ends or lines between them are not as expected."""
    with _mapped(file) as data:
        last_byte = len(data) - 1
        second_line = min(data.find(b"\n", 0, MAX_LINE_LENGTH) + 1, last_byte)
        line_before_last = max(0, data.rfind(b"\n", 0, last_byte))
        places = {0, second_line, line_before_last, last_byte, *(last_byte * n // PROBES for n in range(PROBES))}
        hashes = [_hash_at(data, place, file) for place in sorted(places)]
    if hashes != sorted(hashes):
        raise BreachedFileError(f"{file} is not sorted by hash")


@contextmanager
def _mapped(file: Path) -> Iterator[mmap.mmap]:
    """Map the file into memory. It is opened for each look-up, so that a newer one can take its place."""
    try:
        with file.open("rb") as opened:
            if not os.fstat(opened.fileno()).st_size:
                raise BreachedFileError(f"{file} is empty")
            with mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield data
    except OSError as error:
        raise BreachedFileError(f"{file} cannot be read: {error.strerror}") from error


def _hash_at(data: mmap.mmap, at: int, file: Path) -> bytes:
    """Return the SHA-1 of the line that holds this byte."""
    line_end_before = data.rfind(b"\n", max(0, at - MAX_LINE_LENGTH), at)
    if line_end_before < 0 and at >= MAX_LINE_LENGTH:
        raise BreachedFileError(f"{file} holds lines that are too long")
    line = LINE.match(data, line_end_before + 1)
    if line is None:
        raise BreachedFileError(f"{file} holds other lines than SHA-1:count (byte {line_end_before + 1})")
    return line[1]

"""Finds a password in a file of breached ones, by bisection: of tens of gigabytes it reads a few lines.

The file is as the downloader of "Have I Been Pwned" writes it: for each password a line `SHA-1:count`, the SHA-1 as 40
hexadecimal digits in capitals; sorted by it; lines end in LF or CRLF.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LINE = re.compile(rb"([0-9A-F]{40}):\d{1,18}\r?\n?")
LONGEST_LINE = 80
WHAT_TO_DO = (
    "Give the file of SHA-1 hashes, sorted by hash, that the Pwned Passwords downloader writes, "
    "or take the setting away."
)
PROBES = 64  # lines looked at, from end to end, before the file is believed


class NotSuchAFile(Exception):
    """The file cannot be read, or is not one of breached passwords; the message says what to do."""


@dataclass(frozen=True)
class BreachedPasswords:
    """A file of breached passwords. It is opened anew each time, so that a newer one can take its place."""

    file: Path

    def check(self) -> None:
        """Raises NotSuchAFile where it cannot be read, or where its ends, and lines drawn between, are not as said."""
        with self._opened() as lines:
            size = os.fstat(lines.fileno()).st_size
            hashes = [sha1 for _start, _end, sha1 in self._probes(lines, size)]
        if not hashes:
            raise NotSuchAFile(f"{self.file} is empty. {WHAT_TO_DO}")
        if hashes != sorted(hashes):
            raise NotSuchAFile(f"{self.file} is not sorted by hash. {WHAT_TO_DO}")

    def holds(self, password: str) -> bool:
        """Whether the password is in the file, exactly as it is given. Raises NotSuchAFile as `check` does."""
        # The file's format, which anybody can undo; what we keep of a password is Argon2id.
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        with self._opened() as lines:
            low, high = 0, os.fstat(lines.fileno()).st_size  # if it is there, its line begins between these bytes
            while low < high:
                middle = (low + high) // 2
                found = self._line_from(lines, middle)
                if found is None or found[0] >= high or found[2] > wanted:
                    high = middle
                elif found[2] < wanted:
                    low = found[1]
                else:
                    return True
        return False

    def _opened(self) -> BinaryIO:
        try:
            return self.file.open("rb", buffering=256)
        except OSError as error:
            raise NotSuchAFile(f"{self.file} cannot be read: {error.strerror}. {WHAT_TO_DO}") from error

    def _probes(self, lines: BinaryIO, size: int) -> Iterator[tuple[int, int, bytes]]:
        """Lines in the order in which they stand: the first two, some between, and the last ones."""
        first = self._line_from(lines, 0)
        if first is not None:
            yield first
        places = [first[1] if first else 0, *(size * probe // PROBES for probe in range(1, PROBES))]
        at = max(0, size - LONGEST_LINE * 2)
        for place in sorted(place for place in places if place < at):
            found = self._line_from(lines, place)
            if found is not None:
                yield found
        while (found := self._line_from(lines, at)) is not None:
            yield found
            at = found[1]

    def _line_from(self, lines: BinaryIO, at: int) -> tuple[int, int, bytes] | None:
        """Where the first line that begins at this byte or later begins and ends, and its hash. None: no more."""
        lines.seek(max(0, at - 1))
        if at:
            self._checked_length(lines.readline(LONGEST_LINE))
        start = lines.tell()
        line = lines.readline(LONGEST_LINE)
        if not line:
            return None
        fitting = LINE.fullmatch(line)
        if fitting is None:
            raise NotSuchAFile(f"{self.file} holds other lines than SHA-1:count (at byte {start}). {WHAT_TO_DO}")
        return start, start + len(line), fitting[1]

    def _checked_length(self, rest: bytes) -> None:
        if len(rest) == LONGEST_LINE:
            raise NotSuchAFile(f"{self.file} holds lines that are too long. {WHAT_TO_DO}")

"""Text that every file format can hold."""

import re
import unicodedata
from functools import lru_cache

LINE_AND_TAB = re.compile(r"[\t-\r\x85\u2028\u2029]+")
BREAKING = ("Cc", "Cs", "Cn")  # control characters, surrogates, and code points that are not assigned


@lru_cache(maxsize=10_000)  # a table repeats the same words in many rows
def plain(text: str) -> str:
    """Return the text on one line, without control characters; a line break or tab becomes a space."""
    one_line = LINE_AND_TAB.sub(" ", text)
    if one_line.isprintable():
        return one_line
    return "".join(character for character in one_line if unicodedata.category(character) not in BREAKING)

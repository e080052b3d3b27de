"""Text that no file format chokes on."""

import re
import unicodedata
from functools import lru_cache

LINE_AND_TAB = re.compile(r"[\t-\r\x85\u2028\u2029]+")
BREAKING = ("Cc", "Cs", "Cn")  # control characters, halves of a pair, and what is no character at all


@lru_cache(maxsize=10_000)  # a table says the same words in many rows
def plain(text: str) -> str:
    """The text on one line, without control characters; words that a line break or tab parted stay apart."""
    one_line = LINE_AND_TAB.sub(" ", text)
    if one_line.isprintable():
        return one_line
    return "".join(character for character in one_line if unicodedata.category(character) not in BREAKING)

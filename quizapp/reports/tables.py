"""Tables to export: columns with their meaning, rows, the book that holds several tables, and the text of a cell."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

Cell = str | int | None
LINE_AND_TAB = re.compile(r"[\t-\r\x85\u2028\u2029]+")
BREAKING = ("Cc", "Cs", "Cn")  # control characters, surrogates, and code points that are not assigned


@dataclass(frozen=True)
class Column:
    """`meaning`: one plain sentence. `unit`: "" for text. `formula`: "" if nothing is computed."""

    id: str
    meaning: str
    unit: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Table:
    """A cell is None if there is nothing to show, or if showing it could identify someone."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Bars for formats that can draw: copies of cells of the tables. None: left out, no bar."""

    title: str
    label: str
    unit: str
    bars: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Book:
    """Tables that belong together, with what applies to all of them. `facts` are (name, value) pairs."""

    title: str
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()


@lru_cache(maxsize=10_000)  # a table repeats the same words in many rows
def plain(text: str) -> str:
    """Return the text on one line, without control characters; a line break or tab becomes a space."""
    one_line = LINE_AND_TAB.sub(" ", text)
    if one_line.isprintable():
        return one_line
    return "".join(character for character in one_line if unicodedata.category(character) not in BREAKING)

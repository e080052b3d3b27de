"""CSV: RFC 4180, UTF-8 with a byte order mark (or Excel misreads it), CRLF, no cell that starts a formula."""

import csv
import io
import re
import unicodedata
from functools import lru_cache

from quizapp.reports.tables import Book, Cell, Table

# A formula can start a cell; also one that begins where a spreadsheet with another separator splits ours in two.
STARTS_FORMULA = re.compile(r'(^|[,;|"])(\s*)(?=[=+\-@＝＋－＠])')


def write(book: Book) -> bytes:
    """Write the book's first table: its notes, one a line after "# ", then the header and the rows."""
    return table(book.tables[0])


def table(one: Table) -> bytes:
    text = io.StringIO()
    for note in one.notes:
        # Not quoted: readers that skip lines with "#" would not recognise it.
        text.write(f"# {guarded(note.replace(chr(34), chr(39)))}\r\n")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([column.id for column in one.columns])
    writer.writerows([as_written(cell) for cell in row] for row in one.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_written(cell: Cell) -> str | int:
    if cell is None:
        return ""
    return guarded(cell) if isinstance(cell, str) else cell


@lru_cache(maxsize=10_000)  # a table repeats the same words in many rows
def guarded(text: str) -> str:
    """Return the text with an apostrophe before anything that a spreadsheet could take for a formula."""
    return STARTS_FORMULA.sub(r"\1'\2", plain(text))


LINE_AND_TAB = re.compile(r"[\t-\r\x85\u2028\u2029]+")
BREAKING = ("Cc", "Cs", "Cn")  # control characters, surrogates, and code points that are not assigned


@lru_cache(maxsize=10_000)  # a table repeats the same words in many rows
def plain(text: str) -> str:
    """Return the text on one line, without control characters; a line break or tab becomes a space."""
    one_line = LINE_AND_TAB.sub(" ", text)
    if one_line.isprintable():
        return one_line
    return "".join(character for character in one_line if unicodedata.category(character) not in BREAKING)

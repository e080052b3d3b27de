"""CSV: RFC 4180, UTF-8 with a byte order mark (or Excel misreads it), CRLF, no cell that starts a formula."""

import csv
import io

from quizapp.domain.tables import Book, Cell, Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(book: Book) -> bytes:
    """The book's first table: its notes, one a line behind "# ", then the header and the rows."""
    return table(book.tables[0])


def table(one: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for note in one.notes:
        writer.writerow([f"# {guarded(note)}"])
    writer.writerow([column.id for column in one.columns])
    for row in one.rows:
        writer.writerow([guarded(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def guarded(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula; control characters are dropped."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(cell)
    plain = "".join(character for character in cell if character.isprintable())
    starts = cell.startswith(FORMULA_STARTS) or plain.lstrip().startswith(FORMULA_STARTS)
    return f"'{plain}" if starts else plain

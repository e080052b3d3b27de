"""The export formats: CSV, JSON, and the table of them all. Excel has a module to itself."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from quizapp.reports.formats import xlsx_format
from quizapp.reports.tables import Book, Cell, Table, plain

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCHEMA = Path(__file__).with_name("schema.json")
# A formula can start a cell; also one that begins where a spreadsheet with another separator splits ours in two.
STARTS_FORMULA = re.compile(r'(^|[,;|"])(\s*)(?=[=+\-@＝＋－＠])')


@dataclass(frozen=True)
class Exporter:
    """A format: how a book becomes the bytes of a file. `whole_books`: it can hold several tables."""

    id: str
    title: str
    media_type: str
    whole_books: bool
    write: Callable[[Book], bytes]


def csv_table(table: Table) -> bytes:
    """Write the notes, one a line after "# ", then the header and the rows.

    As in RFC 4180: UTF-8 with a byte order mark (or Excel misreads it), CRLF; and no cell starts a formula.
    """
    text = io.StringIO()
    for note in table.notes:
        # Not quoted: readers that skip lines with "#" would not recognise it.
        text.write(f"# {guarded(note.replace(chr(34), chr(39)))}\r\n")
    writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow([column.id for column in table.columns])
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _csv_cell(cell: Cell) -> str | int:
    if isinstance(cell, int):
        return cell
    return guarded(cell) if cell else ""


@lru_cache(maxsize=10_000)  # a table repeats the same words in many rows
def guarded(text: str) -> str:
    """Return the text with an apostrophe before anything that a spreadsheet could take for a formula."""
    return STARTS_FORMULA.sub(r"\1'\2", plain(text))


def write_json(book: Book) -> bytes:
    """Write the book as schema.json describes it; a cell that is left out is null."""
    tables = []
    for table in book.tables:
        ids = [column.id for column in table.columns]
        rows = [dict(zip(ids, row, strict=True)) for row in table.rows]
        columns = [asdict(column) for column in table.columns]
        tables.append({"id": table.id, "title": table.title, "columns": columns, "rows": rows})
    data = {"title": book.title, "about": dict(book.facts), "notes": book.notes, "tables": tables}
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


EXPORTERS = {
    exporter.id: exporter
    for exporter in (
        Exporter("csv", "CSV", "text/csv; charset=utf-8", False, lambda book: csv_table(book.tables[0])),
        Exporter("xlsx", "Excel", XLSX, True, xlsx_format.write),
        Exporter("json", "JSON", "application/json", True, write_json),
    )
}

"""The export formats: a module for each that takes more than a few lines, and the table of them all."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from quizapp.reports.formats import csv_format, xlsx_format
from quizapp.reports.tables import Book

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SCHEMA = Path(__file__).with_name("schema.json")


@dataclass(frozen=True)
class Exporter:
    """A format: how a book becomes the bytes of a file. `whole_books`: it can hold several tables."""

    id: str
    title: str
    media_type: str
    whole_books: bool
    write: Callable[[Book], bytes]


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
        Exporter("csv", "CSV", "text/csv; charset=utf-8", False, csv_format.write),
        Exporter("xlsx", "Excel", XLSX, True, xlsx_format.write),
        Exporter("json", "JSON", "application/json", True, write_json),
    )
}

"""The export formats: a module for each, and the table of them."""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.reports.formats import csv_format, json_format, xlsx_format
from quizapp.reports.tables import Book


@dataclass(frozen=True)
class Exporter:
    """A format: how a book becomes the bytes of a file. `whole_books`: it can hold several tables."""

    id: str
    title: str
    media_type: str
    whole_books: bool
    write: Callable[[Book], bytes]


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EXPORTERS = {
    exporter.id: exporter
    for exporter in (
        Exporter("csv", "CSV", "text/csv; charset=utf-8", False, csv_format.write),
        Exporter("xlsx", "Excel", XLSX, True, xlsx_format.write),
        Exporter("json", "JSON", "application/json", True, json_format.write),
    )
}

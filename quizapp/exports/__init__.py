"""One module a format, and the table of them."""

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.domain.tables import Table
from quizapp.exports import csv_format


@dataclass(frozen=True)
class Exporter:
    """A format: how a table becomes a file's bytes."""

    id: str
    title: str
    media_type: str
    write: Callable[[Table], bytes]


EXPORTERS = {
    exporter.id: exporter
    for exporter in (Exporter("csv", "CSV", "text/csv; charset=utf-8", csv_format.write),)
}

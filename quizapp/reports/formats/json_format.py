"""JSON, as schema.json beside this file describes it. A cell that is left out is null."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from quizapp.reports.tables import Book

SCHEMA = Path(__file__).with_name("schema.json")


def write(book: Book) -> bytes:
    return json.dumps(as_data(book), ensure_ascii=False, indent=1).encode()


def as_data(book: Book) -> dict[str, Any]:
    return {
        "title": book.title,
        "about": dict(book.facts),
        "notes": list(book.notes),
        "tables": [
            {
                "id": table.id,
                "title": table.title,
                "columns": [asdict(column) for column in table.columns],
                "rows": [dict(zip((c.id for c in table.columns), row, strict=True)) for row in table.rows],
            }
            for table in book.tables
        ],
    }

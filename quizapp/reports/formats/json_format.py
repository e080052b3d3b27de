"""JSON, as schema.json next to this file describes it. A cell that is left out is null."""

import json
from pathlib import Path
from typing import Any

from quizapp.reports.tables import Book

COLUMN = ("id", "meaning", "unit", "formula")
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
                "columns": [{name: getattr(column, name) for name in COLUMN} for column in table.columns],
                "rows": [dict(zip((c.id for c in table.columns), row, strict=True)) for row in table.rows],
            }
            for table in book.tables
        ],
    }

"""Tables to export: columns with their meaning, rows, and the book that holds several tables."""

from dataclasses import dataclass

Cell = str | int | None


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

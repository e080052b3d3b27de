"""A table that can be handed on: columns with their meaning, and rows."""

from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True)
class Column:
    """`meaning` is one plain sentence; `unit` is "" for text."""

    id: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """`notes` are sentences that belong to the whole table, such as how many attempts still wait.

    A cell is None where there is nothing to show.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

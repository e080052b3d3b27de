"""The line of each table and entry of a TOML file, read from its text, because tomllib gives no line numbers."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Place = tuple[str, ...]

_HEADER = re.compile(r"^\s*(\[{1,2})([^\[\]]+)\]{1,2}\s*(?:#.*)?$")
_ENTRY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=\s*(.*)$")
_QUOTED = re.compile(r"""^["']([^"']*)["']""")
_DEEPEST = 10  # our deepest table has six names; a longer one is a mistake or an attack
_MULTILINE = ('"""', "'''")


@dataclass(frozen=True)
class Location:
    """A place in a file: ("items", "trial-length", "forms", "a", "stem"). `id` is what a suppression names there.

    `line` is only given if something else than the place says it.
    """

    path: Path
    place: Place
    id: str
    line: int | None = field(default=None, kw_only=True)

    def below(self, *steps: str) -> "Location":
        """Return a place inside this one, with the same id."""
        return Location(self.path, (*self.place, *steps), self.id)


def at(tables: dict[str, Any], place: Place) -> Any:
    """Return what is at a place of parsed TOML, or None. A step into a list is its entry's number, from 0."""
    found: Any = tables
    for step in place:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def line_of(place: Place, lines: dict[Place, int]) -> int | None:
    """Return the line of a place, or of the nearest thing around it; None if not even that is known."""
    around = (place[:length] for length in range(len(place), 0, -1))
    return next((lines[part] for part in around if part in lines), None)


def scan(text: str) -> dict[Place, int]:
    """Return the line of each table and entry of a file. Never raises: a line that is not TOML is skipped.

    `[[items]]` with `id = "x"` is known as ("items", "x") and as ("items", "1"), the first being 1.
    """
    known: dict[Place, int] = {}
    entries: dict[Place, tuple[str, str]] = {}  # of each list of tables: the number and the id of the current one
    table: Place = ()
    closing = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if closing:
            closing = "" if closing in line else closing
        elif header := _HEADER.match(line):
            table = tuple(name.strip(" \t\"'") for name in header[2].split(".", _DEEPEST))
            if header[1] == "[[":
                count = str(int(entries[table][0]) + 1) if table in entries else "1"
                entries = {names: entry for names, entry in entries.items() if names[: len(table)] != table}
                entries[table] = (count, count)
            known.setdefault(_place(table, entries, 0), number)
        elif entry := _ENTRY.match(line):
            name, value = entry.groups()
            quoted = _QUOTED.match(value)
            if name == "id" and quoted and table in entries:
                entries[table] = (entries[table][0], quoted[1])
                known.setdefault(_place(table, entries, 1), known[_place(table, entries, 0)])
            for which in (0, 1):
                known.setdefault((*_place(table, entries, which), name), number)
            closing = next((mark for mark in _MULTILINE if value.count(mark) == 1), "")
    return known


def _place(table: Place, entries: dict[Place, tuple[str, str]], which: int) -> Place:
    """Return a table's names with the number (0) or id (1) of each list's entry after the list's name."""
    place: list[str] = []
    for end, name in enumerate(table, start=1):
        place.append(name)
        if table[:end] in entries:
            place.append(entries[table[:end]][which])
    return tuple(place)

"""Read the two CSV files: a header and checked rows, or the keys of the items."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class AnalysisError(Exception):
    """A file that cannot be analysed; one line that names file, row and column. Row 1 is the header."""


class Missing(StrEnum):
    """What an empty cell means: a mark of 0, or that the whole person is left out."""

    WRONG = "wrong"
    DROP = "drop"


@dataclass(frozen=True)
class Table:
    """The item ids of the header, and the rows under it with their numbers, read as they are needed."""

    item_ids: Sequence[str]
    rows: Iterator[tuple[int, Sequence[str]]]

    def kept(self, missing: Missing) -> Iterator[tuple[int, Sequence[str]]]:
        return (row for row in self.rows if missing is Missing.WRONG or "" not in row[1])


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a file with a header of item ids and one row a person. AnalysisError may come while rows are read."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, skipinitialspace=True)
            item_ids = next(reader, [])
            _check_header(item_ids)
            yield Table(item_ids, _rows(reader, item_ids))
    except AnalysisError as error:
        raise AnalysisError(f"{path.name}: {error}") from error
    except csv.Error as error:
        raise AnalysisError(f"{path.name}: row {reader.line_num}: {error}") from error
    except OSError as error:
        raise AnalysisError(f"{path.name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise AnalysisError(f"{path.name}: {_undecodable_cell(path)} is not UTF-8 text") from error


def read_key(path: Path) -> dict[str, str]:
    """Return the key of each item, from a file with the columns item and key. Raise AnalysisError."""
    keys: dict[str, str] = {}
    with open_table(path) as table:
        if table.item_ids != ["item", "key"]:
            raise AnalysisError("row 1, column 1: the columns must be item,key")
        for number, (item_id, key) in table.rows:
            if not key:
                raise AnalysisError(f"row {number}, column 2 (key): {item_id} has no key")
            if keys.setdefault(item_id, key) != key:
                raise AnalysisError(f"row {number}, column 2 (key): {item_id} has two keys")
    return keys


def keys_in_order(item_ids: Sequence[str], keys: Mapping[str, str]) -> list[str]:
    """Return the keys in the header's order, without those of other items. Raise AnalysisError if one has none."""
    for column, item_id in enumerate(item_ids, start=1):
        if item_id not in keys:
            raise AnalysisError(f"row 1, column {column}: the key file has no key for {item_id}")
    return [keys[item_id] for item_id in item_ids]


def _check_header(item_ids: Sequence[str]) -> None:
    if not item_ids:
        raise AnalysisError("row 1, column 1: there is no header of item ids")
    for column, item_id in enumerate(item_ids, start=1):
        if not item_id:
            raise AnalysisError(f"row 1, column {column}: the item has no id")
        if item_id in item_ids[: column - 1]:
            raise AnalysisError(f"row 1, column {column}: {item_id} is in the header twice")


def _rows(reader: Iterator[list[str]], item_ids: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row and its number, as a spreadsheet counts."""
    empty = 0  # the first of some empty lines; at the end of a file they are not a person
    for number, row in enumerate(reader, start=2):
        if not row:
            empty = empty or number
        elif empty:
            raise _ragged(empty, 0, item_ids)
        elif len(row) != len(item_ids):
            raise _ragged(number, len(row), item_ids)
        else:
            yield number, row


def _ragged(number: int, cells: int, item_ids: Sequence[str]) -> AnalysisError:
    width = len(item_ids)
    where = f"row {number}, column {min(cells, width) + 1}"
    if cells < width:
        return AnalysisError(f"{where} ({item_ids[cells]}): the row ends after {cells} of {width} cells")
    return AnalysisError(f"{where}: the row has {cells} cells, the header {width}")


def _undecodable_cell(path: Path) -> str:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return f"row {number}, column {line.count(b',', 0, error.start) + 1}"
    return "a cell"

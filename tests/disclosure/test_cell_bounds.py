"""What can be worked out about counts that split into counts."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.disclosure.suppression import CellId, Count, Interval, possible_values


def count(name: str, n: int, *splits: tuple[Count, ...]) -> Count:
    return Count((name,), n, splits)


def test_it_narrows_parts_by_the_whole_and_the_whole_by_parts() -> None:
    tree = count("all", 20, (count("right", 13), count("missed", 7, (count("b", 4), count("c", 3)))))
    known = {
        ("all",): (18, 22),
        ("right",): (13, 17),
        ("missed",): (0, 99),
        ("b",): (3, 5),
        ("c",): (0, 99),
    }
    assert possible_values(tree, known) == {
        ("all",): (18, 22),
        ("right",): (13, 17),  # from 18 - 9 to 22 - 3, so its own limits hold
        ("missed",): (3, 9),  # at least b's 3, at most 22 - 13
        ("b",): (3, 5),
        ("c",): (0, 6),  # 9 - 3
    }


def test_it_refuses_parts_that_do_not_add_up() -> None:
    with pytest.raises(ValueError, match="its parts are"):
        count("all", 3, (count("b", 1), count("c", 1)))
    with pytest.raises(ValueError, match="negative"):
        count("all", -1)


@given(
    st.tuples(*[st.integers(0, 3)] * 4),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=7, max_size=7),
)
def test_it_finds_exactly_what_a_search_through_all_tables_finds(
    leaves: tuple[int, ...], slack: list[tuple[int, int]]
) -> None:
    """A count with a part that splits twice: everything within the slack around the truth is known."""
    tree = two_splits(*leaves)
    known = {
        part.id: (max(0, part.n - down), part.n + up)
        for part, (down, up) in zip(tree.level_by_level(), slack, strict=True)
    }
    seen: dict[CellId, set[int]] = {}
    for table in all_tables(known):
        for part in table.level_by_level():
            seen.setdefault(part.id, set()).add(part.n)
    assert possible_values(tree, known) == {cell: (min(values), max(values)) for cell, values in seen.items()}


def two_splits(a: int, b: int, c: int, d: int) -> Count:
    """a beside m, which splits into b and c, and again into d and what is left."""
    m = b + c
    d = min(d, m)
    both = ((count("b", b), count("c", c)), (count("d", d), count("e", m - d)))
    return count("all", a + m, (count("a", a), count("m", m, *both)))


def all_tables(known: Mapping[CellId, Interval]) -> Iterator[Count]:
    """Every table of that form within the limits."""
    a, b, c, d = (range(known[(name,)][0], known[(name,)][1] + 1) for name in "abcd")
    for table in (two_splits(i, j, k, m) for i in a for j in b for k in c for m in d if m <= j + k):
        if all(known[part.id][0] <= part.n <= known[part.id][1] for part in table.level_by_level()):
            yield table

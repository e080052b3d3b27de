"""What of a group's figures may be handed on."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest

from quizapp.disclosure.publication import Band, Group, internal, percentage, publishable
from quizapp.disclosure.suppression import item_tree, talks


def one_item(right, b, c, dont_know=0, right_after=0, sure=0) -> Group:
    """A group with one item "i": key "a", distractors "b" and "c"."""
    item = item_tree("i", "a", {"a": right, "b": b, "c": c}, dont_know, right_after, sure)
    return Group((item,), {1: right, 0: item.n - right})


def shown(group: Group) -> dict[str, int | None]:
    """An item's published counts by short names."""
    counts = publishable(group, 11).counts
    return {option or measure: n for (_, measure, option), n in counts.items()}


def test_it_rounds_to_5_where_nothing_is_small() -> None:
    assert shown(one_item(right=146, b=38, c=23, dont_know=13, right_after=41, sure=17)) == {
        "attempts": 220,
        "right at first try": 145,
        "a": 145,
        "b": 40,
        "c": 25,
        "don't know": 15,
        "right after the retry": 40,
        "still wrong": 35,  # 38 + 23 + 13 - 41 = 33
        "sure and wrong": 15,
    }


def test_it_leaves_out_small_counts_and_what_they_could_be_worked_out_from() -> None:
    # 31 missed: 25 right after and 6 still wrong; 20 chose b, 8 c, 3 did not know; 9 were sure
    figures = shown(one_item(right=70, b=20, c=8, dont_know=3, right_after=25, sure=9))
    assert figures == {
        "attempts": 100,
        "right at first try": 70,
        "a": 70,
        "b": 20,  # c: of 33 missed at most, 18 chose b at least, so c can be as many as 14
        "c": None,
        "don't know": None,
        "right after the retry": None,  # of 33 missed at most, 23 right after at least: 10 still wrong at most
        "still wrong": None,
        "sure and wrong": None,
    }


def test_it_leaves_out_the_right_ones_where_few_missed() -> None:
    figures = shown(one_item(right=95, b=3, c=0, dont_know=2))
    assert figures["right at first try"] is None
    assert figures["a"] is None
    assert (figures["attempts"], figures["c"]) == (100, 0)


def test_it_shows_12_neither_as_10_nor_at_all() -> None:
    assert shown(one_item(right=60, b=12, c=30))["b"] is None
    assert shown(one_item(right=60, b=13, c=30))["b"] == 15


def test_it_shows_how_many_took_part_and_nothing_else_of_a_group_of_25() -> None:
    assert {measure for measure, n in shown(one_item(right=25, b=0, c=0)).items() if n is not None} == {"attempts"}


def test_it_shows_nothing_of_a_group_of_12() -> None:
    figures = publishable(one_item(right=12, b=0, c=0), 11)
    assert figures.attempts is None
    assert set(figures.counts.values()) == {None}
    assert figures.bands == (Band(0, 1, None),)


def test_it_shows_noughts_where_nobody_took_part() -> None:
    assert set(shown(one_item(right=0, b=0, c=0)).values()) == {0}


def test_it_takes_outcomes_of_talks_like_counts_of_items() -> None:
    group = Group((), {}, (talks("i", {"understood": 40, "physician": 4, "bad-question": 0, "unclear": 20}),))
    assert publishable(group, 11).counts == {
        ("i", "talks", ""): 65,
        ("i", "outcome", "understood"): 40,
        ("i", "outcome", "physician"): None,
        ("i", "outcome", "bad-question"): 0,
        ("i", "outcome", "unclear"): None,
    }


def test_it_puts_scores_in_bands() -> None:
    items = tuple(item_tree(f"i{i}", "a", {"a": 50, "b": 50}, 0, 0, 25) for i in range(2))
    group = Group(items, {0: 5, 1: 90, 2: 5})
    assert publishable(group, 11).bands == (Band(0, 2, 100),)
    assert publishable(Group(items, {0: 20, 1: 60, 2: 20}), 11).bands == (
        Band(0, 0, 20),
        Band(1, 1, 60),
        Band(2, 2, 20),
    )


def test_it_leaves_out_scores_that_would_tell_how_many_missed_an_item() -> None:
    # Nobody missed both items and 33 missed one; 27 or 28 missed the first, so 5 or 6 the second.
    items = (
        item_tree("i", "a", {"a": 72, "b": 28}, 0, 14, 14),
        item_tree("j", "a", {"a": 95, "b": 5}, 0, 2, 2),
    )
    figures = publishable(Group(items, {2: 67, 1: 33}), 11)
    assert figures.counts[("i", "right at first try", "")] == 70
    assert figures.bands == (Band(0, 2, 100),)


def test_it_says_the_same_of_a_quarter_in_every_release() -> None:
    group = one_item(right=70, b=20, c=8, dont_know=3, right_after=25, sure=9)
    assert publishable(group, 11) == publishable(group, 11)


def test_it_gives_exact_figures_for_internal_use() -> None:
    figures = internal(one_item(right=5, b=2, c=1))
    assert (figures.attempts, figures.counts[("i", "option", "b")]) == (8, 2)
    assert figures.bands == (Band(0, 0, 3), Band(1, 1, 5))


@pytest.mark.parametrize("min_group", [4, 0, -1])
def test_it_takes_no_groups_below_5(min_group: int) -> None:
    with pytest.raises(ValueError, match="fewer than 5"):
        publishable(one_item(right=50, b=20, c=20), min_group)


def test_it_shows_5_and_6_as_5_where_groups_of_5_will_do() -> None:
    figures = publishable(one_item(right=50, b=6, c=30), 5)
    assert figures.counts[("i", "option", "b")] == 5


def test_it_refuses_numbers_that_contradict_one_another() -> None:
    item = item_tree("i", "a", {"a": 5, "b": 5}, 0, 0, 0)
    with pytest.raises(ValueError, match="counted at every item"):
        Group((item,), {1: 5})
    with pytest.raises(ValueError, match="do not add up"):
        Group((item,), {1: 6, 0: 4})
    with pytest.raises(ValueError, match="same id"):
        Group((item, item), {2: 5, 0: 5})


def test_it_makes_percentages_of_published_numbers_only() -> None:
    assert percentage(35, 100, 11) == 35
    assert percentage(25, 200, 11) == 13  # 12.5, rounded up
    assert percentage(105, 100, 11) == 100
    assert percentage(None, 100, 11) is None
    assert percentage(5, None, 11) is None
    assert percentage(10, 10, 11) is None


@pytest.mark.parametrize("about", [25, *(pytest.param(n, marks=pytest.mark.full) for n in range(30, 80, 5))])
def test_it_leaves_four_values_of_each_small_count_to_a_reader_who_tries_this_very_program(about: int) -> None:
    """All tables of an item with two distractors, no retries and nobody sure, by what is published of them."""
    alike = defaultdict(list)
    for group in groups_of(range(about - 2, about + 3)):
        counts = publishable(group, 11).counts
        alike[tuple(counts.values())].append([internal(group).counts[cell] for cell in counts])
    for tables in alike.values():
        for values in map(set, zip(*tables, strict=True)):
            assert len(values) >= 4 or not values & set(range(1, 11))


def groups_of(attempts: range) -> Iterator[Group]:
    for n in attempts:
        for right, b, c in product(range(n + 1), repeat=3):
            if right + b + c <= n:
                yield one_item(right, b, c, dont_know=n - right - b - c)

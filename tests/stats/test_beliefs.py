"""Which beliefs stand out, and in which order."""

import pytest

from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.stats.concerns import across_items, beliefs_held
from quizapp.stats.item_figures import ItemFigures, ResponseCell, item_figures
from quizapp.stats.proportions import Share
from tests.builders import make_item, make_procedure

CRITICAL, OTHER = make_item("one", critical=True), make_item("two")


def figures(item, **counts: int) -> ItemFigures:
    """So many chose each option, thinking so; `left_sure` were sure, `left_again` missed it again."""
    ways = {}
    for name, n in counts.items():
        option, _, more = name.partition("_")
        certainty = "sure" if more == "sure" else "think"
        retry = "wrong" if more == "again" else "none"
        way = ResponseCell(item.id, "a", option, certainty, retry)
        ways[way] = ScoreSums(n, n, n)
    return item_figures(item, ways)


def test_it_tells_how_many_hold_a_belief_how_sure_and_what_the_second_try_did():
    held = beliefs_held([figures(CRITICAL, right=117, left=18, left_sure=9, left_again=4)])
    first = held[0]
    assert (first.misconception, first.share, first.sure, first.still_missed) == ("is-left", Share(31, 148), 9, 4)
    assert first.share.interval.low == pytest.approx(0.1517, abs=1e-4)
    assert first.share.interval.high == pytest.approx(0.2820, abs=1e-4)
    assert first.stands_out


def test_it_asks_more_before_it_speaks_of_an_item_that_is_not_critical():
    # 22 of 150 are surely more than 5 %, but not surely more than 10 %.
    assert beliefs_held([figures(CRITICAL, right=128, left=22)])[0].stands_out
    assert not beliefs_held([figures(OTHER, right=128, left=22)])[0].stands_out


def test_it_asks_for_more_answers_the_more_beliefs_it_could_name():
    few = beliefs_held([figures(CRITICAL, right=90, left=15)])
    many = beliefs_held(
        [figures(CRITICAL, right=90, left=15), *(figures(make_item(f"i{n}"), right=105) for n in range(40))]
    )
    assert few[0].share == many[0].share
    assert few[0].stands_out
    assert not many[0].stands_out


def test_it_ranks_many_before_few_with_a_higher_share():
    few = figures(make_item("few"), right=8, left=4)
    many = [figures(make_item(f"many-{left}"), right=1000 - left, left=left) for left in (150, 200, 250, 300)]
    held = [one for one in beliefs_held([few, *many]) if one.misconception == "is-left"]
    assert max(held, key=lambda one: one.share.value).item.id == "few"
    assert held[0].item.id == "many-300"


def test_it_does_not_name_a_belief_of_two_in_eleven():
    assert not any(one.stands_out for one in beliefs_held([figures(CRITICAL, right=9, left=2)]))


def test_it_adds_a_belief_up_over_items():
    found = across_items(
        [figures(CRITICAL, right=10, left=5), figures(OTHER, right=10, left=3, middle=1)],
        make_procedure().misconceptions,
    )
    assert [(one.misconception.id, one.chosen) for one in found] == [
        ("is-left", Share(8, 29)),
        ("is-middle", Share(1, 29)),
    ]
    assert [item.id for item in found[0].items] == ["one", "two"]

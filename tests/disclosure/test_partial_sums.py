"""Sums of numbers of which some are left out."""

from quizapp.disclosure.partial_sums import Pooled, pooled


def test_it_says_whether_a_sum_is_whole() -> None:
    assert pooled([15, 0, 20]) == Pooled(35, True)
    assert pooled([15, None, 20]) == Pooled(35, False)
    assert pooled([None]) == Pooled(0, False)
    assert pooled([]) == Pooled(0, True)


def test_it_adds_up_to_at_least_what_the_parts_are() -> None:
    assert Pooled(15) + Pooled(20, complete=False) == Pooled(35, complete=False)

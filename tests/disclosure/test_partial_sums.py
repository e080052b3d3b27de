"""Sums of published numbers if some are left out."""

from quizapp.disclosure.publication import PartialSum, partial_sum


def test_it_says_whether_a_sum_is_whole() -> None:
    assert partial_sum([15, 0, 20]) == PartialSum(35, True)
    assert partial_sum([15, None, 20]) == PartialSum(35, False)
    assert partial_sum([None]) == PartialSum(0, False)
    assert partial_sum([]) == PartialSum(0, True)


def test_it_gives_no_exact_sum_if_a_number_is_left_out() -> None:
    assert partial_sum([15, 0, 20]).exact == 35
    assert partial_sum([15, None]).exact is None
    assert partial_sum([]).exact == 0


def test_it_adds_up_to_at_least_what_the_parts_are() -> None:
    assert PartialSum(15) + PartialSum(20, complete=False) == PartialSum(35, complete=False)

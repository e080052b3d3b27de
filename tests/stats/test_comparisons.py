"""Better, worse, or can't tell yet."""

from quizapp.stats.comparisons import Verdict, compare
from quizapp.stats.proportions import Share


def test_it_says_better_and_worse_only_where_the_interval_leaves_out_no_difference():
    found = compare(
        {"a": Share(90, 100), "b": Share(50, 100), "c": Share(71, 100)},
        {"a": Share(60, 100), "b": Share(80, 100), "c": Share(70, 100)},
    )
    assert [one.verdict for one in found] == [Verdict.BETTER, Verdict.WORSE, Verdict.CANT_TELL]
    assert found[0].interval.low > 0 > found[1].interval.high
    assert found[2].interval.low < 0 < found[2].interval.high


def test_it_says_about_how_many_more_would_tell():
    [one] = compare({"a": Share(80, 100)}, {"a": Share(700, 1000)})
    assert one.verdict is Verdict.BETTER
    [one] = compare({"a": Share(40, 50)}, {"a": Share(700, 1000)})
    assert one.verdict is Verdict.CANT_TELL
    assert 10 < one.more_needed < 40


def test_it_gives_no_numbers_below_ten_people():
    [one] = compare({"a": Share(9, 9)}, {"a": Share(0, 500)})
    assert (one.verdict, one.difference, one.interval, one.more_needed) == (Verdict.CANT_TELL, None, None, None)


def test_it_does_not_call_one_in_twenty_better_when_twenty_are_compared():
    # Alone, 60 of 100 against 46 of 100 would pass (p = 0.047); among twenty equal pairs it is expected by chance.
    alone = compare({"x": Share(60, 100)}, {"x": Share(46, 100)})
    assert alone[0].verdict is Verdict.BETTER
    equal = {f"i{number}": Share(50, 100) for number in range(19)}
    [among, *_] = compare({"x": Share(60, 100)} | equal, {"x": Share(46, 100)} | equal)
    assert (among.verdict, among.more_needed) == (Verdict.CANT_TELL, 0)


def test_it_leaves_out_items_of_one_group_only():
    assert [one.item_id for one in compare({"a": Share(1, 20), "b": Share(2, 20)}, {"b": Share(1, 20)})] == ["b"]

"""When the words are to blame: the lesson's, or the key."""

from quizapp.stats.classical_test_theory import NOBODY, ScoreSums
from quizapp.stats.concerns import Evidence, suspicions
from quizapp.stats.item_figures import ResponseCell, item_figures
from tests.builders import make_item

ITEM = make_item("one", critical=True)


def evidence(right: ScoreSums, left: ScoreSums, middle: ScoreSums = NOBODY, **talks: int) -> Evidence:
    ways = {
        ResponseCell("one", "a", option, "think", "none"): sums
        for option, sums in {"right": right, "left": left, "middle": middle}.items()
    }
    return Evidence(item_figures(ITEM, ways), {name.replace("_", "-"): n for name, n in talks.items()})


def names(given: Evidence) -> list[str]:
    return list(suspicions(given, items=1, distractors=len(given.figures.distractors)))


def test_it_suspects_nothing_of_an_item_that_most_get_right():
    assert names(evidence(ScoreSums(90, 270, 830), ScoreSums(10, 15, 29))) == []


def test_it_points_to_the_lesson_where_many_miss():
    assert names(evidence(ScoreSums(60, 180, 560), ScoreSums(40, 60, 110))) == ["many-miss"]


def test_it_points_to_the_key_where_nurses_say_that_the_question_is_bad():
    given = evidence(ScoreSums(90, 270, 830), ScoreSums(10, 15, 29), understood=6, bad_question=5)
    assert names(given) == ["nurses-say-bad"]
    two_of_few = evidence(ScoreSums(90, 270, 830), ScoreSums(10, 15, 29), understood=3, bad_question=2)
    assert names(two_of_few) == []
    hardly_talked = evidence(ScoreSums(90, 270, 830), ScoreSums(10, 15, 29), not_talked=400, bad_question=5)
    assert names(hardly_talked) == ["nurses-say-bad"]
    one_slip = evidence(ScoreSums(90, 270, 830), ScoreSums(10, 15, 29), understood=400, bad_question=5)
    assert names(one_slip) == []


def test_it_points_to_the_key_where_an_option_beats_it():
    assert "distractor-beats-key" in names(evidence(ScoreSums(20, 60, 190), ScoreSums(60, 90, 170)))
    assert "distractor-beats-key" not in names(evidence(ScoreSums(40, 120, 380), ScoreSums(50, 75, 140)))


def test_it_compares_the_answers_of_a_few_but_does_not_correlate_them():
    thirty = evidence(ScoreSums(5, 15, 45), ScoreSums(25, 75, 225))
    assert "distractor-beats-key" in names(thirty)
    assert "distractor-goes-with-knowing" not in names(thirty)


def test_it_points_to_the_key_where_those_who_know_the_rest_choose_something_else():
    # Those who chose "left" know 3 of 3 others; those with the key know 1: 12 choosers are enough to say so.
    given = evidence(ScoreSums(50, 100, 200), ScoreSums(12, 36, 108), ScoreSums(2, 2, 2))
    assert "distractor-goes-with-knowing" in names(given)


def test_it_does_not_blame_a_key_for_what_may_be_chance():
    # Nobody's rest score tells anything, but for one who chose "left" and knows one thing more: its r beats the key's.
    assert names(evidence(ScoreSums(60, 180, 540), ScoreSums(12, 25, 53))) == []

"""The report for a quality meeting: sums of published numbers, by hand, and nothing beside them."""

import random
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import GroupKey, Place
from quizapp.content.editions import Editions, load_catalogue
from quizapp.disclosure.publication import Figures, Group, PartialSum, publishable
from quizapp.disclosure.suppression import item_tree
from quizapp.disclosure.suppression import talks as talks_about
from quizapp.domain.outcomes import Outcome
from quizapp.reports.figures import GroupFigures, Published, Thresholds
from quizapp.reports.query import Query
from quizapp.reports.report import BadPeriod, make_report
from quizapp.reports.report_figures import beliefs_chosen, missed_items, talks_in
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.stats.item_figures import ResponseCell, Tally
from tests.builders import keep_edition, make_item, make_procedure, make_test_edition
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks

PROCEDURE = make_procedure(((make_item("one", critical=True), make_item("two")),))
USUAL = Thresholds(11, 11)
TODAY = date(2026, 11, 10)
AT_LEAST_320 = PartialSum(320, complete=False)


def group(quarter, attempts, **counts):
    """A group's figures: `one={"right at first try": 145, "left": 40}`; what is not named is left out."""
    cells = {}
    for item in PROCEDURE.items():
        given = {"attempts": attempts, **counts.get(item.id, {})}
        cells |= {(item.id, m, ""): given.get(m) for m in ("attempts", "right at first try", "right after the retry")}
        cells |= {(item.id, m, ""): given.get(m) for m in ("still wrong", "don't know", "sure and wrong", "talks")}
        cells |= {(item.id, "option", option.id): given.get(option.id) for option in item.forms[0].options}
        cells |= {(item.id, "outcome", outcome.value): given.get(outcome.value) for outcome in Outcome}
    return GroupFigures(Place(quarter, "e", "en"), PROCEDURE, Figures(attempts, cells, ()), 11)


def test_it_adds_up_who_missed_a_question_and_says_at_least_where_some_are_left_out():
    source = Published(
        (
            group("2026-Q1", 220, one={"right at first try": 145, "still wrong": 35}, two={"right at first try": 200}),
            group("2026-Q2", 100, one={"left": 20, "still wrong": 15}),  # 20 chose left; how many were right is hidden
            group("2026-Q3", None),  # too few to show anything
        ),
        11,
    )
    one, two = missed_items(PROCEDURE, source)
    assert (one.item.id, one.share.missed, one.share.answers) == ("one", PartialSum(95, complete=False), AT_LEAST_320)
    assert one.share.percent is None  # it would be of other people than it says
    assert one.still_wrong == PartialSum(50, complete=False)
    assert one.instead is None  # "middle" may have been chosen more often
    assert (two.item.id, two.share.missed, two.share.percent) == ("two", PartialSum(20, complete=False), None)
    assert two.still_wrong is None  # it is asked once
    assert two.instead is None


def test_it_lists_questions_of_one_published_share_in_the_order_of_the_walk():
    numbers = {"one": {"right at first try": 1400}, "two": {"right at first try": 1395}}  # 30 % and 30.25 %
    found = missed_items(PROCEDURE, Published((group("2026-Q1", 2000, **numbers),), 11))
    assert [(missed.item.id, missed.share.percent) for missed in found] == [("one", 30), ("two", 30)]


def test_it_lists_a_question_whose_share_is_published_as_larger_first():
    numbers = {"one": {"right at first try": 1400}, "two": {"right at first try": 1380}}  # 30 % and 31 %
    found = missed_items(PROCEDURE, Published((group("2026-Q1", 2000, **numbers),), 11))
    assert [(missed.item.id, missed.share.percent) for missed in found] == [("two", 31), ("one", 30)]


def test_it_does_not_list_questions_that_nobody_is_shown_to_have_missed():
    source = Published((group("2026-Q1", 100, one={"right at first try": 100}),), 11)
    assert missed_items(PROCEDURE, source) == ()


def test_it_adds_up_a_belief_over_questions_and_quarters():
    source = Published(
        (
            group("2026-Q1", 220, one={"left": 40, "middle": 25}, two={"left": 15}),
            group("2026-Q2", 100, one={"left": 20}),
        ),
        11,
    )
    left, middle = beliefs_chosen(PROCEDURE, source)
    assert (left.belief.id, left.chosen) == ("is-left", PartialSum(75, complete=False))
    assert (middle.belief.id, middle.chosen) == ("is-middle", PartialSum(25, complete=False))
    assert [item.id for item in left.items] == ["one", "two"]


def test_it_adds_up_how_talks_ended():
    none = dict.fromkeys((outcome.value for outcome in Outcome), 0)
    source = Published(
        (
            group("2026-Q1", 220, one={**none, "talks": 65, "understood": 40}, two={**none, "talks": 0}),
            group("2026-Q2", 100, one={**none, "talks": 30, "understood": None, "physician": None}),
        ),
        11,
    )
    talks = talks_in(PROCEDURE, source)
    assert talks.talks == PartialSum(95, complete=False)  # those about "two" in the second quarter are left out
    assert talks.outcomes[Outcome.UNDERSTOOD] == PartialSum(40, complete=False)
    assert [(one.item.id, one.talks) for one in talks.items] == [("one", PartialSum(95))]


FIRST = make_test_edition()
CHANGED = make_procedure()
REWRITTEN = replace(CHANGED, lessons=(replace(CHANGED.lessons[0], main="Truly on the right."), CHANGED.lessons[1]))
SECOND = make_test_edition(REWRITTEN)


@pytest.fixture
def editions(session):
    keep_edition(session, FIRST, date(2025, 1, 2))
    keep_edition(session, SECOND, date(2026, 4, 3))
    return Editions(replace(load_catalogue(PROCEDURES), editions={SECOND.procedure_id: SECOND}))


def report(session, editions, first="", last="", profile="publishable"):
    return make_report(session, editions, Query("made-up", profile=profile, first=first, last=last), USUAL, TODAY)


def test_it_reports_the_last_four_quarters_that_are_over(session, editions):
    for quarter in ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"):
        count_attempts(session, FIRST, quarter, 60)
    found = report(session, editions)
    assert (found.first, found.last) == ("2025-Q4", "2026-Q3")
    assert found.attempts == PartialSum(240)
    assert list(found.by_quarter) == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert found.quarters[-1] == "2026-Q3"
    assert report(session, editions, "2025-Q3", "2025-Q3").attempts == PartialSum(60)


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-Q2", "2026-Q1"), ("2026-Q1", "2026-Q4"), ("1999-Q1", "2026-Q1"), ("2026-Q1", ""), ("2024-Q1", "2026-Q1")],
)
def test_it_takes_no_period_that_is_not_over_or_out_of_order_or_too_long(session, editions, first, last):
    for quarter in [f"{year}-Q{q}" for year in (2024, 2025) for q in range(1, 5)] + ["2026-Q1", "2026-Q2", "2026-Q4"]:
        count_attempts(session, FIRST, quarter, 12)
    with pytest.raises(BadPeriod):
        report(session, editions, first, last)


def test_it_says_how_many_groups_show_nothing(session, editions):
    count_attempts(session, FIRST, "2026-Q1", 60)
    count_attempts(session, FIRST, "2026-Q1", 8, language="xx")
    found = report(session, editions)
    assert (found.groups, found.left_out, found.attempts) == (2, 1, PartialSum(60, complete=False))


def test_it_sets_a_new_edition_beside_the_one_before_and_only_in_the_period_it_came_in(session, editions):
    count_attempts(session, FIRST, "2026-Q1", 200, right={"one": 0.5, "two": 0.6, "three": 0.7, "four": 0.7})
    count_attempts(session, SECOND, "2026-Q2", 200, right={"one": 0.8, "two": 0.6, "three": 0.7, "four": 0.7})
    count_attempts(session, SECOND, "2026-Q3", 200)
    (change,) = report(session, editions, "2026-Q2", "2026-Q3").changes
    assert (change.before.id, change.after.id) == (FIRST.id, SECOND.id)
    assert [lesson.id for lesson in change.lessons] == ["lesson-1"]
    assert {one.item.id for one in change.items} == {"one", "two"}  # those that the rewritten lesson teaches
    one = next(each for each in change.items if each.item.id == "one")
    assert (one.before.answers, one.after.answers) == (PartialSum(200), PartialSum(400))
    assert (one.before.percent or 0) > (one.after.percent or 0)
    assert report(session, editions, "2026-Q3", "2026-Q3").changes == ()


@pytest.mark.parametrize(
    ("quarter", "n", "right", "whole"),
    [("2026-Q1", 40, 1.0, True), ("2026-Q2", 40, 0.97, False), ("2026-Q3", 5, 1.0, False)],
)
def test_it_knows_whether_nobody_missed_a_question_or_the_numbers_are_only_left_out(
    session, editions, quarter, n, right, whole
):
    count_attempts(session, SECOND, quarter, n, right=right)
    found = report(session, editions, quarter, quarter)
    assert (found.missed, found.beliefs, found.is_whole) == ((), (), whole)
    assert report(session, editions, quarter, quarter, "internal").is_whole


def test_it_has_nothing_to_say_before_a_quarter_is_over(session, editions):
    count_attempts(session, SECOND, "2026-Q4", 60)
    found = report(session, editions)
    assert (found.first, found.last, found.missed, found.changes) == ("", "", (), ())
    assert report(session, editions, profile="internal").last == "2026-Q4"


ONE_ITEM = make_test_edition(make_procedure(((make_item("one"),),)))


def count_exactly(session, right, left, middle, dont_know):
    """Exactly these answers to the one item, all "think", in the first quarter of 2026."""
    chosen = {"right": right, "left": left, "middle": middle, "": dont_know}
    options = {
        ResponseCell("one", "a", option, "think" if option else "none", "none"): ScoreSums(
            n, n * (option == "right"), n * (option == "right")
        )
        for option, n in chosen.items()
        if n
    }
    total = sum(chosen.values())
    tallies.count_under(session, "2026-Q1", 11)
    tallies.add_tally(
        session,
        "2026-Q1",
        GroupKey("made-up", ONE_ITEM.id, "en"),
        Tally(ScoreSums(total, right, right), {1: right, 0: total - right}, options),
    )
    count_talks(session, ONE_ITEM, "2026-Q1", {"one": {"understood": left, "physician": dont_know}})


FIRST_ANSWERS = (145, 40, 24, 15)


def published(right, left, middle, dont_know):
    item = item_tree("one", "right", {"left": left, "right": right, "middle": middle}, dont_know, 0, 0)
    outcomes = dict.fromkeys((outcome.value for outcome in Outcome), 0) | {"understood": left, "physician": dont_know}
    group = Group((item,), {1: right, 0: item.n - right}, (talks_about("one", outcomes),))
    return publishable(group, 11)


def published_alike():
    """Other answers of which the very same is published."""
    near = product(*(range(n - 2, n + 3) for n in FIRST_ANSWERS))
    return [other for other in near if other != FIRST_ANSWERS and published(*other) == published(*FIRST_ANSWERS)]


@pytest.mark.parametrize("other", random.Random(1).sample(published_alike(), 4))
def test_it_says_the_same_of_patients_of_whom_the_tables_say_the_same(database, other):
    """No number is on it that the release does not publish: only what is published gets into it."""
    found = []
    for answers in (FIRST_ANSWERS, other):
        with database.writing() as session:
            keep_edition(session, ONE_ITEM, date(2026, 1, 2))
            editions = Editions(replace(load_catalogue(PROCEDURES), editions={ONE_ITEM.procedure_id: ONE_ITEM}))
            count_exactly(session, *answers)
            found.append((report(session, editions), report(session, editions, profile="internal")))
    assert found[0][0] == found[1][0]
    assert found[0][1] != found[1][1]  # they are not the same patients

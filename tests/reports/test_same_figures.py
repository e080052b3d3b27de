"""Each figure with one name has one value: on the insights page, in the report and in the export."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from quizapp.content.editions import Editions, load_catalogue
from quizapp.domain.outcomes import Outcome
from quizapp.reports.export_book import make_book
from quizapp.reports.figures import Thresholds
from quizapp.reports.insights import find_insights
from quizapp.reports.query import Query
from quizapp.reports.report import make_report
from tests.builders import keep_edition, make_test_edition
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks

EDITION, TODAY, LIMITS = make_test_edition(), date(2026, 8, 10), Thresholds(11, 11)
RIGHT = {"one": 0.6, "two": 0.8, "three": 0.7, "four": 0.5}
TALKS = {
    "one": {"understood": 31, "not-talked": 40, "bad-question": 2},
    "four": {"understood": 5, "still-unclear": 3, "physician": 1, "not-talked": 7},
}


@pytest.fixture
def insights_report_and_export(session):
    """All of the same attempts and talks, with exact counts; of the export, sums by (item, measure, value)."""
    keep_edition(session, EDITION, date(2026, 1, 2))
    editions = Editions(replace(load_catalogue(PROCEDURES), editions={EDITION.procedure_id: EDITION}))
    for quarter in ("2026-Q1", "2026-Q2"):
        count_attempts(session, EDITION, quarter, 70, right=RIGHT)
    count_talks(session, EDITION, "2026-Q2", TALKS)
    internal = Query("made-up", "all", "internal")
    book = make_book(session, editions, internal, LIMITS, TODAY)
    exported: Counter[tuple[str, str, str]] = Counter()
    for table in book.tables:
        for row in (dict(zip([c.id for c in table.columns], cells, strict=True)) for cells in table.rows):
            if table.id == "summary":
                exported[row["item"], row["measure"], row["value"]] += row["n"]
            if table.id == "misconceptions":
                exported["", "belief", row["misconception"]] += row["n"]
            if table.id == "outcomes" and row["outcome"] == "understood":
                exported[row["item"], "talks", ""] += row["talks"]
    return (
        find_insights(session, editions, Query("made-up")),
        make_report(session, editions, internal, LIMITS, TODAY),
        exported,
    )


def test_it_counts_the_answers_to_a_question_alike(insights_report_and_export):
    insights, report, exported = insights_report_and_export
    reported = {one.item.id: one for one in report.missed}
    assert (insights.whole.n, report.attempts.n) == (140, 140)
    assert (exported["", "attempts", ""], insights.attempts[insights.edition.id]) == (140, 140)
    for one in insights.items:
        item, missed = one.item.id, reported[one.item.id]
        assert one.n == exported[item, "attempts", ""] == missed.share.answers.n
        assert one.right.count == exported[item, "right at first try", ""]
        assert one.missed.count == missed.share.missed.n
        assert round(100 * one.missed.value) == missed.share.percent
        assert one.dont_know.count == exported[item, "don't know", ""] == missed.dont_know.n
        assert one.sure_and_wrong.count == exported[item, "sure and wrong", ""]
        for option in one.options:
            assert option.share.count == exported[item, "option", option.option.id]
        if one.item.tries > 1:
            assert one.right_after.count == exported[item, "right after the retry", ""]
            assert one.missed.count - one.right_after.count == missed.still_wrong.n == exported[item, "still wrong", ""]
        else:
            assert missed.still_wrong is None


def test_it_counts_beliefs_alike(insights_report_and_export):
    insights, report, exported = insights_report_and_export
    found = {one.misconception.id: one.chosen.count for one in insights.beliefs}
    assert found == {one.belief.id: one.chosen.n for one in report.beliefs}
    assert found == {belief: exported["", "belief", belief] for belief in found}


def test_it_counts_talks_alike_and_none_where_none_was_held(insights_report_and_export):
    insights, report, exported = insights_report_and_export
    assert {one.figures.item.id: one.talked for one in insights.talks} == {"one": 33, "four": 9}
    assert {one.item.id: one.talks.n for one in report.talks.items} == {"one": 33, "four": 9}
    assert report.talks.talks.n == sum(exported[item, "talks", ""] for item in RIGHT) == 42
    assert report.talks.outcomes[Outcome.NOT_TALKED].n == 47
    for one in insights.talks:
        item = one.figures.item.id
        assert exported[item, "talks", ""] == one.talked
        [reported] = [each for each in report.talks.items if each.item.id == item]
        for outcome in Outcome:
            n = one.talks.get(outcome.value, 0)
            assert n == exported[item, "outcome", outcome.value] == reported.outcomes[outcome].n


def test_it_gives_no_share_in_the_report_of_which_a_part_is_left_out(session):
    """Twelve of the second quarter are too few to show anything of, so no share of both quarters is known."""
    keep_edition(session, EDITION, date(2026, 1, 2))
    editions = Editions(replace(load_catalogue(PROCEDURES), editions={EDITION.procedure_id: EDITION}))
    count_attempts(session, EDITION, "2026-Q1", 400, right=0.6)
    shares = [one.share.percent for one in make_report(session, editions, Query("made-up"), LIMITS, TODAY).missed]
    assert shares
    assert None not in shares
    assert make_report(session, editions, Query("made-up"), LIMITS, TODAY).is_ranked
    count_attempts(session, EDITION, "2026-Q2", 12, right=0.6)
    found = make_report(session, editions, Query("made-up"), LIMITS, TODAY)
    assert {one.share.percent for one in found.missed} == {None}
    assert not any(one.share.missed.complete for one in found.missed)
    assert found.attempts.complete is False
    assert not found.is_ranked  # the page names no question as missed most

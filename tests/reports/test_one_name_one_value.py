"""A figure with one name has one value on the insights page, in the report and in the exported tables."""

from datetime import date

import pytest

from quizapp.content.catalogue import load_catalogue
from quizapp.content.editions import Editions
from quizapp.domain.outcomes import Outcome
from quizapp.reports.export_book import make_book
from quizapp.reports.figures import Thresholds
from quizapp.reports.insight_figures import find_insights
from quizapp.reports.query import Query
from quizapp.reports.report import make_report
from tests.builders import keep_edition
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks

USUAL, TODAY = Thresholds(11, 11), date(2027, 1, 2)
TALKS = {"understood": 40, "still-unclear": 3, "physician": 5, "not-talked": 21, "bad-question": 2}


@pytest.fixture
def editions(session) -> Editions:
    editions = Editions(load_catalogue(PROCEDURES))
    edition = editions.catalogue.editions["left-right"]
    keep_edition(session, edition, date(2026, 1, 2))
    for quarter in ("2026-Q2", "2026-Q3"):
        count_attempts(session, edition, quarter, 120, right=0.7)
        count_talks(session, edition, quarter, {"bell-place": TALKS, "lamp-place": TALKS})
    return editions


def test_it_has_the_same_figures_on_all_three(session, editions):
    query = Query("left-right", table="summary", profile="internal")
    exported = exported_counts(make_book(session, editions, query, USUAL, TODAY).tables[0])
    insights = find_insights(session, editions, Query("left-right"))
    report = make_report(session, editions, query, USUAL, TODAY)
    assert insights.whole.n == report.attempts.n == exported["", "attempts", ""] == 240
    for one in insights.items:
        missed = next(each for each in report.missed if each.item.id == one.item.id)
        assert missed.share.answers.n == one.n == exported[one.item.id, "attempts", ""]
        assert missed.share.missed.n == one.missed.count == one.n - exported[one.item.id, "right at first try", ""]
        assert missed.share.percent == round(100 * one.missed.value)
        assert missed.dont_know.n == one.dont_know.count == exported[one.item.id, "don't know", ""]
        assert one.sure_and_wrong.count == exported[one.item.id, "sure and wrong", ""]
        if one.item.tries > 1:
            still_missed = one.right_after.n - one.right_after.count
            assert missed.still_wrong.n == still_missed == exported[one.item.id, "still wrong", ""]
        else:
            assert missed.still_wrong is None
        for chosen in one.options:
            assert chosen.share.count == exported[one.item.id, "option", chosen.option.id]
    for belief in report.beliefs:
        assert belief.chosen.n == next(
            each.chosen for each in insights.beliefs if each.misconception.id == belief.belief.id
        )


def test_it_counts_talks_alike_and_not_those_that_were_not_held(session, editions):
    book = make_book(session, editions, Query("left-right", table="outcomes", profile="internal"), USUAL, TODAY)
    insights = find_insights(session, editions, Query("left-right"))
    report = make_report(session, editions, Query("left-right", profile="internal"), USUAL, TODAY)
    table = book.tables[0]
    talks = {
        (row[table.column("quarter")], row[table.column("item")]): row[table.column("talks")] for row in table.rows
    }
    held = 2 * sum(n for outcome, n in TALKS.items() if outcome != "not-talked")
    for one in insights.talks:
        reported = next(each for each in report.talks.items if each.item.id == one.figures.item.id)
        exported = sum(n for (_, item), n in talks.items() if item == one.figures.item.id)
        assert one.talked == reported.talks.n == exported == held
    assert report.talks.talks.n == 2 * held
    assert report.talks.outcomes[Outcome.NOT_TALKED].n == 84


def exported_counts(table) -> dict[tuple[str, str, str], int]:
    """(item, measure, value) -> the sum over the quarters."""
    found: dict[tuple[str, str, str], int] = {}
    columns = [table.column(name) for name in ("item", "measure", "value", "n")]
    for row in table.rows:
        *key, n = (row[column] for column in columns)
        found[tuple(key)] = found.get(tuple(key), 0) + n
    return found

"""A quarter is published under one threshold, for good."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import delete

from quizapp.aggregation import tallies
from quizapp.content.editions import Editions, load_catalogue
from quizapp.reports.figures import PROFILES, group_figures
from quizapp.tally_models import TallyQuarter
from tests.builders import keep_edition, make_test_edition, walk
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts

EDITION = make_test_edition()
ODD = {"one": 0.8, "two": 0.95, "three": 0.5, "four": 0.9}


@pytest.fixture
def editions(session):
    keep_edition(session, EDITION, date(2026, 1, 2))
    return Editions(replace(load_catalogue(PROCEDURES), editions={EDITION.procedure_id: EDITION}))


def published(session, editions, today):
    groups = group_figures(session, editions, "made-up", PROFILES["publishable"], today)
    return {group.place.quarter: group.figures for group in groups}


def test_it_publishes_an_old_quarter_as_before_when_the_threshold_is_lowered(session, editions):
    count_attempts(session, EDITION, "2026-Q1", 60, right=ODD, min_group=11)
    before = published(session, editions, date(2026, 5, 1))
    tallies.keep_thresholds(session, date(2026, 5, 2), 5)  # the program is started again with another setting
    count_attempts(session, EDITION, "2026-Q2", 60, right=ODD, min_group=5)
    after = published(session, editions, date(2026, 8, 1))
    assert after["2026-Q1"] == before["2026-Q1"]
    shown = [sum(n is not None for n in after[quarter].counts.values()) for quarter in ("2026-Q1", "2026-Q2")]
    assert shown[0] < shown[1]  # the new quarter does come under the new threshold


def test_it_publishes_an_old_quarter_as_before_when_the_threshold_is_raised(session, editions):
    count_attempts(session, EDITION, "2026-Q1", 60, right=ODD, min_group=5)
    before = published(session, editions, date(2026, 5, 1))
    tallies.keep_thresholds(session, date(2026, 5, 2), 30)
    assert published(session, editions, date(2026, 5, 2)) == before


def test_it_takes_the_strictest_threshold_that_was_set_while_a_quarter_was_counted(session, editions):
    for min_group in (11, 20, 5):
        tallies.keep_thresholds(session, date(2026, 2, 1), min_group)
        count_attempts(session, EDITION, "2026-Q1", 60, right=ODD, min_group=min_group)
    assert tallies.thresholds(session) == {"2026-Q1": 20}


def test_it_notes_the_threshold_with_every_batch(session, editions):
    for number in range(8):
        walk(session, EDITION, {"one": ("left", "left")} if number % 2 else None, today=date(2026, 2, 3), min_group=8)
    assert tallies.thresholds(session) == {"2026-Q1": 8}


def test_it_gives_quarters_of_older_versions_the_threshold_that_is_set_at_the_first_start(session, editions):
    count_attempts(session, EDITION, "2026-Q1", 60)
    session.execute(delete(TallyQuarter))
    tallies.keep_thresholds(session, date(2026, 5, 2), 20)
    tallies.keep_thresholds(session, date(2026, 5, 3), 5)
    assert tallies.thresholds(session) == {"2026-Q1": 20, "2026-Q2": 20}


@pytest.mark.parametrize(
    ("today", "quarters"),
    [(date(2026, 3, 31), set()), (date(2026, 4, 1), set()), (date(2026, 4, 2), {"2026-Q1"})],
)
def test_it_publishes_a_quarter_from_the_second_day_of_the_next_one(session, editions, today, quarters):
    count_attempts(session, EDITION, "2026-Q1", 60)
    assert published(session, editions, today).keys() == quarters


def test_it_takes_the_strictest_threshold_known_where_an_older_program_noted_none(session, editions):
    count_attempts(session, EDITION, "2026-Q1", 60, min_group=20)
    count_attempts(session, EDITION, "2026-Q2", 60, min_group=5)
    before = published(session, editions, date(2026, 8, 1))["2026-Q1"]
    session.execute(delete(TallyQuarter).where(TallyQuarter.quarter == "2026-Q1"))
    tallies.keep_thresholds(session, date(2026, 8, 1), 20)
    session.execute(delete(TallyQuarter).where(TallyQuarter.quarter == "2026-Q1"))
    assert published(session, editions, date(2026, 8, 1))["2026-Q1"] == before


def test_it_names_quarters():
    days = [date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1), date(2026, 12, 31)]
    assert [tallies.quarter_of(day) for day in days] == ["2026-Q1", "2026-Q1", "2026-Q2", "2026-Q4"]

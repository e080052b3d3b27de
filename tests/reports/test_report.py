"""The report page: for which period, for whom, and what is noted."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select

from quizapp.content.editions import make_edition
from quizapp.domain.procedure import Edition
from quizapp.models import Audit
from tests.builders import keep_edition
from tests.fake_tallies import count_attempts, count_talks
from tests.nurses.sheets import words
from tests.staff import Clock

PAGE = "/staff/exports/report"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 8, 10, 9, 0))


@pytest.fixture(autouse=True)
def _counted(app):
    """Two quarters that are over, and one that is going on."""
    context = app.extensions["quizapp"]
    edition = context.editions.current("left-right")
    with context.database.writing() as session:
        for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
            count_attempts(session, edition, quarter, 90, right=0.6)
        count_talks(session, edition, "2026-Q2", {"bell-place": {"understood": 63, "physician": 21}})
        session.commit()


def noted(app, action):
    with app.extensions["quizapp"].database.reading() as session:
        return [(row.staff_name, row.detail) for row in session.scalars(select(Audit).where(Audit.action == action))]


def test_it_shows_nurses_rounded_numbers_of_quarters_that_are_over_and_notes_that(app, nurse):
    response = nurse.client.get(PAGE)
    text = words(response.text)
    assert response.headers["Cache-Control"] == "no-store"
    assert "2026-Q1 to 2026-Q2" in text
    assert "Took part 180" in text
    assert "Understood after talking 65" in text
    assert "Internal" not in text
    assert "Counts below 11 are left out" in text
    assert noted(app, "exported") == [("Nurse One", "report left-right publishable 2026-Q1..2026-Q2")]


def test_it_shows_the_chosen_period(app, nurse):
    text = words(nurse.client.get(f"{PAGE}?first=2026-Q2&last=2026-Q2").text)
    assert "Took part 90" in text
    assert noted(app, "exported") == [("Nurse One", "report left-right publishable 2026-Q2..2026-Q2")]


def test_it_offers_no_empty_choice_before_a_quarter_is_over_and_notes_no_period(app, nurse, clock):
    clock.now = datetime(2026, 2, 1, 9, 0)
    app.extensions["quizapp"].known_day = clock.now.date()  # as if it had been started on that day
    page = nurse.client.get(PAGE).text
    assert "There is nothing to show yet." in page
    assert "<select" not in page
    assert ">Show<" not in page
    assert noted(app, "exported") == [("Nurse One", "report left-right publishable")]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("first=2026-Q2&last=2026-Q1", "the earlier one first"),
        ("first=2026-Q1&last=2026-Q3", "the earlier one first"),  # it is still going on
        ("first=%3Cscript%3E&last=", "the earlier one first"),
        ("procedure=nowhere", "That procedure is not here."),
    ],
)
def test_it_says_what_is_wrong_and_shows_the_usual_period(nurse, query, message):
    response = nurse.client.get(f"{PAGE}?{query}")
    assert response.status_code == 400
    assert message in words(response.text)
    assert "Took part 180" in words(response.text)
    assert "<script>" not in response.text


def test_it_refuses_exact_counts_to_nurses_and_notes_that(app, nurse):
    response = nurse.post(PAGE, PAGE, reason="quality-meeting")
    assert response.status_code == 403
    assert "With exact counts" not in nurse.client.get(PAGE).text
    assert noted(app, "refused") == [("Nurse One", "staff.internal_report")]


def test_it_shows_leads_exact_counts_for_a_reason_marked_on_every_page(app, lead):
    refused = lead.post(PAGE, PAGE, reason="curiosity")
    assert refused.status_code == 400
    assert "Choose why you need exact counts" in refused.text
    assert 'class="staff report internal"' not in refused.text
    response = lead.post(PAGE, PAGE, reason="quality-meeting", first="2026-Q2", last="2026-Q3")
    text = words(response.text)
    assert 'class="staff report internal"' in response.text  # what the mark on each printed page hangs on
    assert "Internal: exact counts, not for publication" in text
    assert "Took part 180" in text
    assert "Understood after talking 63" in text
    assert noted(app, "exported")[-1] == ("Lead One", "report left-right internal 2026-Q2..2026-Q3 quality-meeting")


def test_it_shows_no_exact_counts_without_the_forms_own_token(app, lead):
    assert lead.client.post(PAGE, data={"reason": "quality-meeting"}).status_code == 400
    assert noted(app, "exported") == []


@pytest.mark.parametrize(
    ("right", "missed", "believed"),
    [
        (1.0, "No question was missed.", "No answer that stands for a belief was chosen."),
        (
            0.97,
            "too small to publish which questions were missed. This does not mean that few were.",
            "too small to publish which beliefs were chosen.",
        ),
    ],
)
def test_it_does_not_take_what_is_left_out_for_good_news(app, nurse, right, missed, believed):
    with app.extensions["quizapp"].database.writing() as session:
        count_attempts(session, app.extensions["quizapp"].editions.current("left-right"), "2025-Q3", 40, right=right)
        session.commit()
    text = words(nurse.client.get(f"{PAGE}?first=2025-Q3&last=2025-Q3").text)
    assert missed in text
    assert believed in text


def test_it_says_that_too_few_answered_instead_of_a_table_of_dashes(app, nurse):
    context = app.extensions["quizapp"]
    now = context.editions.current("left-right")
    english = now.in_language("en")
    first = english.lessons[0]
    earlier = replace(english, lessons=(replace(first, main=f"{first.main} Once more."), *english.lessons[1:]))
    before = make_edition(Edition("", now.procedure_id, "en", {"en": earlier}))
    with context.database.writing() as session:
        keep_edition(session, before, date(2024, 1, 1))
        for quarter, edition in (("2025-Q2", before), ("2025-Q3", now)):
            count_attempts(session, edition, quarter, 12, right=0.95)
        session.commit()
    page = nurse.client.get(f"{PAGE}?first=2025-Q2&last=2025-Q3").text
    assert "Too few answers to publish before and after." in words(page)
    assert "before-after" not in page

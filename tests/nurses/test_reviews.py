"""What a nurse may rely on: outcomes, corrections, closing, and never the wrong patient's sheet."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.aggregation import cleanup
from quizapp.config import Retention
from quizapp.content.editions import Editions, load_catalogue
from quizapp.domain.flags import Priority
from quizapp.domain.outcomes import Outcome
from quizapp.models import Attempt, Recheck, Staff, StaffSession
from quizapp.nurses import recheck, reviews, sheets
from quizapp.nurses.queue import QueueFilter, queue_page
from quizapp.patients import attempts
from quizapp.tally_models import WaitingOutcome
from tests.builders import KEYS, NOW, TODAY, begin, keep_edition, make_nurse, make_procedure, make_test_edition, walk
from tests.conftest import PROCEDURES

EDITION = make_test_edition()
PROCEDURE = EDITION.in_language("en")
RETENTION = Retention(sheet_days=14, closed_days=2, min_group=11)
MISSED = {"one": ("left", "left"), "two": ("middle",), "three": (None, "right")}


@pytest.fixture
def editions():
    return Editions(replace(load_catalogue(PROCEDURES), editions={EDITION.procedure_id: EDITION}))


@pytest.fixture(autouse=True)
def nurses(database):
    """Two nurses, each signed in once."""
    with database.writing() as session:
        keep_edition(session, EDITION)
        for number in (1, 2):
            session.add(Staff(id=number, name=f"Nurse {number}", name_key=f"nurse {number}", role="nurse"))
        session.flush()
        made = [make_nurse(number, f"Nurse {number}", bytes([number]) * 32) for number in (1, 2)]
        for nurse in made:
            session.add(StaffSession(token_hash=nurse.session_hash, staff=nurse.staff_id, started=NOW, last_seen=NOW))
        session.commit()
    return made


@pytest.fixture
def nurse(nurses):
    return nurses[0]


def missed_sheet(session, nurse, choices=MISSED, today=TODAY):
    """A sheet whose code the nurse has entered: one talk-first flag, one talk, one check."""
    attempt, _ = walk(session, EDITION, choices, today=today)
    reviews.unlock(session, nurse, attempt)
    return attempt


def all_talked(session, nurse, attempt, outcome=Outcome.UNDERSTOOD):
    reviews.record(session, nurse, attempt, {"one": outcome, "two": outcome}, NOW)


def outcomes(session, attempt, item_id):
    return [(r.number, r.outcome, r.staff_name) for r in reviews.reviews_of(session, attempt.id).get(item_id, ())]


def answer_again(session, nurse, attempt, item_id, form_id, option_id):
    chosen = sheets.in_the_room(item_id, form_id, option_id)
    recheck.answer(session, nurse, attempt, PROCEDURE, chosen, TODAY)


def queued(session, editions, today=TODAY, page=1, **wanted):
    found = queue_page(session, editions, QueueFilter(**wanted, page=page), "en", RETENTION, today)
    return [sheet.attempt.id for sheet in found.sheets]


def test_it_takes_no_outcome_before_the_code_was_entered(session, nurses):
    attempt = missed_sheet(session, nurses[0])
    other = missed_sheet(session, nurses[1])
    with pytest.raises(reviews.NotAllowed, match="code-first"):
        all_talked(session, nurses[0], other)
    with pytest.raises(reviews.NotAllowed, match="code-first"):
        reviews.close(session, nurses[1], attempt, NOW)
    assert outcomes(session, other, "one") == []


def test_it_appends_a_correction_and_keeps_what_was_there(session, nurse):
    attempt = missed_sheet(session, nurse)
    for outcome in (Outcome.STILL_UNCLEAR, Outcome.UNDERSTOOD, Outcome.STILL_UNCLEAR):
        reviews.record(session, nurse, attempt, {"one": outcome}, NOW)
    assert outcomes(session, attempt, "one") == [
        (1, Outcome.STILL_UNCLEAR, "Nurse 1"),
        (2, Outcome.UNDERSTOOD, "Nurse 1"),
        (3, Outcome.STILL_UNCLEAR, "Nurse 1"),
    ]


def test_it_leaves_one_row_when_a_nurse_clicks_twice(session, nurse):
    attempt = missed_sheet(session, nurse)
    for _ in range(2):
        all_talked(session, nurse, attempt)
    assert len(outcomes(session, attempt, "one")) == 1


def test_it_records_nothing_when_one_of_the_flags_is_gone(session, nurse):
    attempt = missed_sheet(session, nurse)
    with pytest.raises(reviews.NotAllowed, match="changed"):
        reviews.record(session, nurse, attempt, {"one": Outcome.UNDERSTOOD, "four": Outcome.UNDERSTOOD}, NOW)
    assert outcomes(session, attempt, "one") == []


def test_it_keeps_the_outcomes_of_two_racing_nurses_in_order(database, nurses):
    with database.writing() as session:
        attempt = missed_sheet(session, nurses[0])
        reviews.unlock(session, nurses[1], attempt)
        session.commit()
    together = threading.Barrier(2)

    def talk(nurse, outcome):
        together.wait()
        with database.writing() as session:
            held = sheets.find_to_change(session, attempt.id)
            reviews.record(session, nurse, held, {"one": outcome}, NOW)
            session.commit()

    threads = [
        threading.Thread(target=talk, args=args)
        for args in zip(nurses, (Outcome.UNDERSTOOD, Outcome.PHYSICIAN), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        found = outcomes(session, attempt, "one")
    assert [number for number, _, _ in found] == [1, 2]
    assert {(outcome, name) for _, outcome, name in found} == {
        (Outcome.UNDERSTOOD, "Nurse 1"),
        (Outcome.PHYSICIAN, "Nurse 2"),
    }


def test_it_closes_only_when_all_but_the_checks_have_an_outcome(session, nurse, editions):
    attempt = missed_sheet(session, nurse)
    reviews.record(session, nurse, attempt, {"one": Outcome.NOT_TALKED}, NOW)
    with pytest.raises(reviews.NotAllowed, match="outcomes-missing"):
        reviews.close(session, nurse, attempt, NOW)
    all_talked(session, nurse, attempt)
    reviews.close(session, nurse, attempt, NOW)
    assert queued(session, editions) == []
    assert cleanup.count_due(session, RETENTION, TODAY + timedelta(days=1)) == 0
    assert cleanup.count_due(session, RETENTION, TODAY + timedelta(days=2)) == 1


def test_it_keeps_the_day_of_the_first_close(session, nurse):
    attempt = missed_sheet(session, nurse)
    all_talked(session, nurse, attempt)
    reviews.close(session, nurse, attempt, NOW)
    reviews.close(session, nurse, attempt, NOW + timedelta(days=1))
    session.refresh(attempt)
    assert attempt.closed_day == TODAY


def test_it_unlinks_at_once_and_keeps_the_outcomes_for_the_totals(session, nurse):
    attempt = missed_sheet(session, nurse)
    all_talked(session, nurse, attempt)
    reviews.close_and_unlink(session, nurse, attempt, NOW)
    assert session.get(Attempt, attempt.id) is None
    assert {row.item for row in session.scalars(select(WaitingOutcome))} == {"one", "two"}


def test_it_keeps_what_the_physician_has_yet_to_see(session, nurse, editions):
    attempt = missed_sheet(session, nurse)
    all_talked(session, nurse, attempt, Outcome.PHYSICIAN)
    with pytest.raises(reviews.NotAllowed, match="follow-up"):
        reviews.close_and_unlink(session, nurse, attempt, NOW)
    reviews.close(session, nurse, attempt, NOW)
    assert queued(session, editions) == []
    assert queued(session, editions, list="physician") == [attempt.id]
    assert cleanup.count_due(session, RETENTION, TODAY + timedelta(days=13)) == 0
    assert cleanup.count_due(session, RETENTION, TODAY + timedelta(days=14)) == 1
    all_talked(session, nurse, attempt)
    assert queued(session, editions, list="physician") == []


def test_it_lets_no_patient_go_on_after_the_first_outcome(session, nurse):
    attempt, _ = walk(session, EDITION, {"one": ("left", "left")}, finish=False)
    attempts.stop(session, attempt, PROCEDURE, TODAY)
    reviews.unlock(session, nurse, attempt)
    assert attempts.can_go_on(session, attempt)
    reviews.record(session, nurse, attempt, {"one": Outcome.UNDERSTOOD}, NOW)
    assert not attempts.can_go_on(session, attempt)


def test_it_opens_a_flag_again_if_asked_again_it_is_not_answered_as_in_the_leaflet(session, nurse, editions):
    attempt = missed_sheet(session, nurse)
    all_talked(session, nurse, attempt)
    reviews.close(session, nurse, attempt, NOW)
    answer_again(session, nurse, attempt, "one", "a", "right")
    assert attempt.closed_day is not None
    answer_again(session, nurse, attempt, "three", "a", "left")  # only to check, so closing did not ask for it
    session.refresh(attempt)
    assert attempt.closed_day is None
    assert queued(session, editions, list="check") == [attempt.id]
    with pytest.raises(reviews.NotAllowed, match="outcomes-missing"):
        reviews.close(session, nurse, attempt, NOW)
    reviews.record(session, nurse, attempt, {"three": Outcome.UNDERSTOOD}, NOW)
    reviews.close_and_unlink(session, nurse, attempt, NOW)
    assert {(row.item, row.outcome) for row in session.scalars(select(WaitingOutcome))} == {
        ("one", "understood"),
        ("two", "understood"),
        ("three", "understood"),
    }


def test_it_counts_no_outcome_that_asking_again_took_back(session, nurse):
    attempt = missed_sheet(session, nurse)
    all_talked(session, nurse, attempt)
    answer_again(session, nurse, attempt, "one", "a", None)
    cleanup.unlink_sheet(session, attempt)
    assert [row.item for row in session.scalars(select(WaitingOutcome))] == ["two"]


# The queue


def test_it_lists_follow_ups_by_topic_oldest_first_for_their_full_days(session, nurse, editions):
    new = missed_sheet(session, nurse, today=TODAY)
    old = missed_sheet(session, nurse, today=TODAY - timedelta(days=2))
    for attempt, outcome in ((new, Outcome.STILL_UNCLEAR), (old, Outcome.PHYSICIAN)):
        all_talked(session, nurse, attempt, outcome)
        reviews.close(session, nurse, attempt, NOW)
    assert queued(session, editions, list="follow-ups") == [old.id, new.id]
    assert queued(session, editions, list="physician") == [old.id]
    all_talked(session, nurse, new, Outcome.PHYSICIAN)
    assert queued(session, editions, list="physician") == [old.id, new.id]
    all_talked(session, nurse, new, Outcome.STILL_UNCLEAR)
    assert queued(session, editions, list="physician") == [old.id]
    sheets_listed = queue_page(session, editions, QueueFilter(list="follow-ups"), "en", RETENTION, TODAY).sheets
    assert sheets_listed[1].follow_ups == {Outcome.STILL_UNCLEAR: ("Where it is",), Outcome.PHYSICIAN: ()}
    assert cleanup.count_due(session, RETENTION, TODAY + timedelta(days=11)) == 0
    all_talked(session, nurse, new)
    assert queued(session, editions, list="follow-ups") == [old.id]


def test_it_lists_the_most_serious_first_and_then_the_oldest(session, editions):
    yesterday = TODAY - timedelta(days=1)
    check, _ = walk(session, EDITION, {"two": (None,)}, today=TODAY - timedelta(days=9))
    talk_new, _ = walk(session, EDITION, {"two": ("left",)})
    talk_old, _ = walk(session, EDITION, {"two": ("left",)}, today=yesterday)
    first, _ = walk(session, EDITION, {"one": ("left", "right")}, sure=("one",))
    walk(session, EDITION)  # all right: nothing to talk about
    begin(session, EDITION)  # under way: no sheet yet
    assert queued(session, editions) == [first.id, talk_old.id, talk_new.id, check.id]


def test_it_sinks_as_outcomes_come_and_then_waits_to_be_closed(session, nurse, editions):
    attempt = missed_sheet(session, nurse)
    other, _ = walk(session, EDITION, {"two": ("left",)})
    assert queued(session, editions) == [attempt.id, other.id]
    all_talked(session, nurse, attempt)
    assert queued(session, editions) == [other.id, attempt.id]
    reviews.record(session, nurse, attempt, {"three": Outcome.UNDERSTOOD}, NOW)
    assert queued(session, editions) == [other.id]
    assert queued(session, editions, list="to-close") == [attempt.id]


def test_it_says_what_a_sheet_is_about_and_how_long_it_lives(session, editions):
    attempt, _ = walk(session, EDITION, MISSED, today=TODAY - timedelta(days=3))
    (found,) = queue_page(session, editions, QueueFilter(), "en", RETENTION, TODAY).sheets
    assert found.attempt.id == attempt.id
    assert found.open_flags == {Priority.TALK_FIRST: 1, Priority.TALK: 1, Priority.CHECK: 1}
    assert found.topics == ("Where it is",)
    assert (found.age_days, found.days_left, found.stopped_at) == (3, 11, None)


def test_it_marks_where_a_patient_stopped(session, editions):
    attempt, _ = begin(session, EDITION)
    attempts.read_lesson(session, attempt, PROCEDURE, 1, TODAY)
    attempts.stop(session, attempt, PROCEDURE, TODAY)
    (found,) = queue_page(session, editions, QueueFilter(), "en", RETENTION, TODAY).sheets
    assert found.stopped_at == 1


def test_it_filters_by_procedure_language_and_priority(session, editions):
    attempt, _ = walk(session, EDITION, {"two": ("left",)})
    assert queued(session, editions, procedure="made-up", language="en") == [attempt.id]
    assert queued(session, editions, procedure="another") == []
    assert queued(session, editions, language="es") == []
    assert queued(session, editions, list="talk") == [attempt.id]
    assert queued(session, editions, list="talk-first") == []


def test_it_shows_fifty_at_once_and_says_whether_more_follow(session, editions):
    for _ in range(51):
        walk(session, EDITION, {"two": ("left",)})
    pages = [queue_page(session, editions, QueueFilter(page=number), "en", RETENTION, TODAY) for number in (1, 2, 3)]
    assert [(len(page.sheets), page.has_next) for page in pages] == [(50, True), (1, False), (0, False)]
    assert len({sheet.attempt.id for page in pages for sheet in page.sheets}) == 51
    assert pages[0].total == 51


# The sheet


def test_it_opens_an_attempt_under_way_by_its_code_and_only_to_read(session, nurses):
    attempt, _ = begin(session, EDITION)
    reviews.unlock(session, nurses[0], attempt)
    assert sheets.find(session, nurses[0], attempt.id) is None
    attempts.read_lesson(session, attempt, PROCEDURE, 1, TODAY)
    assert sheets.find(session, nurses[0], attempt.id) is attempt
    assert sheets.find(session, nurses[1], attempt.id) is None
    assert sheets.find_to_change(session, attempt.id) is None
    assert sheets.find(session, nurses[0], "guessed") is None


def test_it_shows_the_nurses_language_beside_the_patients(session, editions):
    spanish = replace(make_procedure(), language="es", title="Un procedimiento")
    both = replace(EDITION, id="0123456789abcdef", languages={"en": PROCEDURE, "es": spanish})
    keep_edition(session, both)
    attempt, _ = attempts.begin(session, both, "es", KEYS, TODAY)
    attempts.stop(session, attempt, spanish, TODAY)
    sheet = sheets.load_sheet(session, editions, attempt, "en", RETENTION, TODAY)
    assert (sheet.procedure.title, sheet.read.title) == ("A made-up procedure", "Un procedimiento")


# Asking again in the room


def test_it_asks_the_missed_items_again_in_other_words(session, nurse):
    attempt = missed_sheet(session, nurse)
    asked = [(q.item.id, q.form.id) for q in recheck.questions(session, attempt, PROCEDURE)]
    assert asked == [("one", "a"), ("three", "a")]


def test_it_keeps_the_first_answer_of_a_recheck(session, nurse):
    attempt = missed_sheet(session, nurse)
    answer_again(session, nurse, attempt, "one", "a", "right")
    answer_again(session, nurse, attempt, "one", "a", "left")
    assert [(row.item, row.option) for row in session.scalars(select(Recheck))] == [("one", "right")]
    assert recheck.next_question(session, attempt, PROCEDURE).item.id == "three"
    answer_again(session, nurse, attempt, "three", "a", None)
    assert recheck.next_question(session, attempt, PROCEDURE) is None


@pytest.mark.parametrize(
    ("item", "form", "option", "error"),
    [
        ("two", "a", "right", attempts.WrongStep),
        ("one", "b", "right", attempts.UnknownOption),
        ("one", "a", "elsewhere", attempts.UnknownOption),
    ],
)
def test_it_refuses_what_a_recheck_does_not_ask(session, nurse, item, form, option, error):
    attempt = missed_sheet(session, nurse)
    with pytest.raises(error):
        answer_again(session, nurse, attempt, item, form, option)

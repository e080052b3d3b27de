"""What a patient may rely on, on both databases."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from quizapp.domain.flags import Priority
from quizapp.domain.grading import Certainty, Response
from quizapp.models import Attempt, ResponseRow
from quizapp.patients import attempts
from quizapp.tally_models import TallyGroup
from tests.builders import KEYS, TODAY, begin, keep_edition, make_test_edition, walk

EDITION = make_test_edition()
PROCEDURE = EDITION.in_language("en")


@pytest.fixture(autouse=True)
def _kept(database):
    with database.writing() as session:
        keep_edition(session, EDITION)
        session.commit()


def answer_one(session, attempt, option, try_number=1, form="a", certainty=Certainty.THINK):
    attempts.answer(session, attempt, PROCEDURE, Response("one", try_number, form, option, certainty), TODAY)


def reading(session):
    attempt, _ = begin(session, EDITION)
    attempts.read_lesson(session, attempt, PROCEDURE, 1, TODAY)
    return attempt


def test_it_keeps_the_first_answer_when_posted_again(session):
    attempt = reading(session)
    answer_one(session, attempt, "left")
    answer_one(session, attempt, "right")
    assert [r.option_id for r in attempts.responses(session, attempt.id)] == ["left"]


def test_it_stores_no_certainty_with_dont_know(session):
    attempt = reading(session)
    answer_one(session, attempt, None, certainty=Certainty.SURE)
    assert attempts.responses(session, attempt.id)[0].certainty is Certainty.NONE


def test_it_takes_a_second_try_in_other_words_only_after_a_miss(session):
    attempt = reading(session)
    answer_one(session, attempt, "right")
    with pytest.raises(attempts.WrongStep):
        answer_one(session, attempt, "left", try_number=2, form="b")


@pytest.mark.parametrize(
    ("option", "try_number", "form"),
    [("elsewhere", 1, "a"), ("left", 1, "b"), ("left", 2, "a"), ("left", 3, "b"), ("left", 0, "a")],
)
def test_it_refuses_what_the_item_does_not_offer(session, option, try_number, form):
    attempt = reading(session)
    with pytest.raises(attempts.UnknownOption):
        answer_one(session, attempt, option, try_number, form)
    assert attempts.responses(session, attempt.id) == []


def test_it_refuses_to_skip_a_lesson_or_an_item(session):
    attempt, _ = begin(session, EDITION)
    with pytest.raises(attempts.WrongStep):
        answer_one(session, attempt, "left")
    with pytest.raises(attempts.WrongStep):
        attempts.read_lesson(session, attempt, PROCEDURE, 2, TODAY)
    with pytest.raises(attempts.WrongStep):
        attempts.finish(session, attempt, PROCEDURE, (), TODAY, 11)


def test_it_begins_one_attempt_for_one_seed(session):
    first, secret = attempts.begin(session, EDITION, "en", KEYS, TODAY, b"seed")
    again, same_secret = attempts.begin(session, EDITION, "en", KEYS, TODAY, b"seed")
    assert (again.id, same_secret) == (first.id, secret)


def test_it_stores_score_flags_and_prompts_at_the_finish(session):
    attempt, _ = walk(
        session, EDITION, {"one": ("left", "right"), "four": ("middle",)}, sure=("one",), prompts=("my-risks",)
    )
    assert attempt.state == "finished"
    assert attempt.score == 2
    assert [(f.item_id, f.priority) for f in attempts.flags(session, attempt.id)] == [
        ("one", Priority.TALK_FIRST),
        ("four", Priority.TALK),
    ]
    assert attempts.prompts(session, attempt.id) == {"my-risks"}


def test_it_does_not_change_a_finished_attempt(session):
    attempt, _ = walk(session, EDITION, prompts=("my-risks",))
    attempts.finish(session, attempt, PROCEDURE, (), TODAY + timedelta(days=1), 11)
    attempts.stop(session, attempt, PROCEDURE, TODAY)
    answer_one(session, attempt, "left")
    assert (attempt.state, attempt.score, attempt.day) == ("finished", 4, TODAY)
    assert attempts.prompts(session, attempt.id) == {"my-risks"}


def test_it_makes_a_sheet_of_a_stopped_attempt_and_lets_the_patient_go_on(session):
    attempt = reading(session)
    answer_one(session, attempt, "right")
    attempts.stop(session, attempt, PROCEDURE, TODAY)
    assert [(f.item_id, f.rule_id) for f in attempts.flags(session, attempt.id)] == [("three", "not-reached")]
    attempts.answer(session, attempt, PROCEDURE, Response("two", 1, "a", "left", Certainty.THINK), TODAY)
    assert {f.item_id for f in attempts.flags(session, attempt.id)} == {"two", "three"}


def test_it_releases_attempts_in_full_batches_only(session):
    for _ in range(4):
        walk(session, EDITION, min_group=5)
    assert session.scalar(select(func.count()).select_from(TallyGroup)) == 0
    walk(session, EDITION, {"two": ("left",)}, min_group=5)
    group = session.scalars(select(TallyGroup)).one()
    assert (group.quarter, group.n, group.sum_score, group.sum_score_sq) == ("2026-Q4", 5, 19, 73)


def race(database, work, copies=20):
    """Run `work(session)` in `copies` transactions at once. Return what they raised."""
    ready, errors = threading.Barrier(copies), []

    def run():
        ready.wait()
        try:
            with database.writing() as session:
                work(session)
                session.commit()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_it_stores_one_row_of_twenty_racing_answers(database):
    with database.writing() as session:
        attempt_id = reading(session).id
        session.commit()
    options = iter(["left", "middle", "right", "left"] * 5)

    def work(own):
        answer_one(own, own.get(Attempt, attempt_id, with_for_update=True), next(options))

    assert race(database, work) == []
    with database.reading() as after:
        assert after.scalar(select(func.count()).select_from(ResponseRow)) == 1


def test_it_begins_one_attempt_of_twenty_racing_starts(database):
    assert race(database, lambda own: attempts.begin(own, EDITION, "en", KEYS, TODAY, b"seed")) == []
    with database.reading() as after:
        assert after.scalar(select(func.count()).select_from(Attempt)) == 1

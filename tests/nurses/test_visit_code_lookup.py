"""Finding a sheet by its visit code, and how guessing is slowed down."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.models import Audit, Staff, StaffSession
from quizapp.nurses import reviews
from quizapp.nurses.visit_code_lookup import NotFound, look_up
from quizapp.patients import attempts
from tests.builders import KEYS, NOW, begin, keep_edition, make_nurse, make_test_edition, walk

EDITION = make_test_edition()


@pytest.fixture
def nurses(session):
    keep_edition(session, EDITION)
    made = [make_nurse(number, f"Nurse {number}", bytes([number]) * 32) for number in (1, 2)]
    for nurse in made:
        session.add(Staff(id=nurse.staff_id, name=nurse.name, name_key=nurse.name.lower(), role="nurse"))
        session.flush()
        session.add(StaffSession(token_hash=nurse.session_hash, staff=nurse.staff_id, started=NOW, last_seen=NOW))
    session.flush()
    return made


def code_of(attempt, secret):
    return KEYS.code(secret, attempt.code_hmac)


def found(session, nurse, typed, after=timedelta()):
    return look_up(session, nurse, KEYS, typed, NOW + after)


def audited(session):
    return [row.action for row in session.scalars(select(Audit).order_by(Audit.id))]


@pytest.mark.parametrize(
    ("typed", "place"), [("ambre-kettle-407", NotFound.FIRST_WORD), ("amber-kettel-407", NotFound.SECOND_WORD)]
)
def test_it_says_which_word_of_a_mistyped_code_is_in_no_code(session, nurses, typed, place):
    assert found(session, nurses[0], typed) is place
    assert audited(session) == ["searched"]


@pytest.mark.parametrize("typed_as", [str.upper, lambda code: code.replace("-", ""), lambda code: f"  {code} "])
def test_it_finds_and_unlocks_a_sheet_however_its_code_is_typed(session, nurses, typed_as):
    attempt, secret = walk(session, EDITION, {"two": ("left",)})
    assert found(session, nurses[0], typed_as(code_of(attempt, secret))) is attempt
    assert reviews.is_unlocked(session, nurses[0], attempt)
    assert not reviews.is_unlocked(session, nurses[1], attempt)
    assert audited(session) == ["searched", "sheet-opened"]


def test_it_says_the_same_of_a_wrong_code_and_of_one_whose_sheet_is_gone(session, nurses):
    attempt, secret = walk(session, EDITION)
    code = code_of(attempt, secret)
    session.delete(attempt)
    session.flush()
    assert found(session, nurses[0], code) is found(session, nurses[0], "amber-kettle-407") is NotFound.NOTHING


def test_it_finds_an_attempt_once_its_first_lesson_was_read(session, nurses):
    attempt, secret = begin(session, EDITION)
    assert found(session, nurses[0], code_of(attempt, secret)) is NotFound.NOT_BEGUN
    assert not reviews.is_unlocked(session, nurses[0], attempt)
    attempts.read_lesson(session, attempt, EDITION.in_language("en"), 1, NOW.date())
    assert found(session, nurses[0], code_of(attempt, secret)) is attempt


def test_it_looks_at_one_code_a_minute_after_ten_wrong_ones(session, nurses):
    attempt, secret = walk(session, EDITION)
    code = code_of(attempt, secret)
    assert [found(session, nurses[0], "no such code") for _ in range(10)] == [NotFound.NOTHING] * 10
    assert found(session, nurses[0], code) is NotFound.TOO_SOON
    assert found(session, nurses[1], code) is attempt
    in_a_minute = timedelta(seconds=60)
    assert found(session, nurses[0], "no such code", in_a_minute) is NotFound.NOTHING
    assert found(session, nurses[0], code, in_a_minute + timedelta(seconds=59)) is NotFound.TOO_SOON
    assert found(session, nurses[0], code, 2 * in_a_minute) is attempt
    assert audited(session).count("search-slowed") == 2


def test_it_does_not_count_right_codes(session, nurses):
    attempt, secret = walk(session, EDITION)
    code = code_of(attempt, secret)
    assert {found(session, nurses[0], code) for _ in range(30)} == {attempt}


def test_it_gives_no_fresh_guesses_for_a_right_code_in_between(session, nurses):
    attempt, secret = walk(session, EDITION)
    code = code_of(attempt, secret)
    evaluated = 0
    for second in range(0, 600, 2):  # ten minutes of guessing, every other look-up a code that is right
        evaluated += found(session, nurses[0], "no code", timedelta(seconds=second)) is NotFound.NOTHING
        found(session, nurses[0], code, timedelta(seconds=second + 1))
    assert evaluated <= 10 + 10

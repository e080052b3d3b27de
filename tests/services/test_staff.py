"""Signing in, links, passwords and the second factor, on both databases."""

from datetime import datetime, timedelta

import pyotp
import pytest
from sqlalchemy import select

from quizapp.services import staff
from quizapp.services.staff import Refused
from quizapp.storage.models import Audit, OneTimeLink, StaffSession

NOW = datetime(2026, 11, 24, 9, 0)
GOOD = "seven green boats on a lake"
HASH = staff.hashed(GOOD, "Lead One")


@pytest.fixture
def lead(session):
    token = staff.first_lead_link(session, NOW)
    return staff.use_link(session, token, "Lead One", HASH, NOW)


def test_it_makes_the_first_lead_once(session, lead):
    assert staff.first_lead_link(session, NOW) is None


def test_it_lets_a_link_work_once_and_for_a_day(session):
    token = staff.first_lead_link(session, NOW)
    with pytest.raises(Refused):
        staff.use_link(session, token, "Lead One", HASH, NOW + timedelta(hours=24))
    staff.use_link(session, token, "Lead One", HASH, NOW + timedelta(hours=23))
    with pytest.raises(Refused):
        staff.use_link(session, token, "Lead Two", HASH, NOW + timedelta(hours=23))


def test_it_keeps_no_token_in_the_database(session, lead):
    token = staff.add_staff(session, "Nurse One", "nurse", NOW)
    signed = staff.sign_in(session, lead, NOW)
    kept = [*session.scalars(select(OneTimeLink.token_hash)), *session.scalars(select(StaffSession.token_hash))]
    assert token.encode() not in kept
    assert signed.encode() not in kept


def test_it_knows_the_password_and_only_it(session, lead):
    candidate = staff.candidate(session, "  lead   ONE ")
    assert staff.password_fits(candidate, GOOD)
    assert not staff.password_fits(candidate, GOOD + " ")
    assert not staff.password_fits(staff.candidate(session, "nobody"), GOOD)


def test_it_ends_a_session_that_idles_or_lasts_too_long(session, lead):
    token = staff.sign_in(session, lead, NOW)
    assert staff.signed_in(session, token, NOW + timedelta(minutes=15)) is not None
    assert staff.signed_in(session, token, NOW + timedelta(minutes=16)) is None
    row, _ = staff.signed_in(session, token, NOW)
    row.last_seen = NOW + timedelta(hours=10)
    assert staff.signed_in(session, token, NOW + timedelta(hours=10, minutes=1)) is None


def test_it_really_signs_out(session, lead):
    token = staff.sign_in(session, lead, NOW)
    staff.sign_out(session, staff.token_hash(token), "Lead One", NOW)
    assert staff.signed_in(session, token, NOW) is None


def test_it_ends_the_other_sessions_when_the_password_changes(session, lead):
    kept, other = staff.sign_in(session, lead, NOW), staff.sign_in(session, lead, NOW)
    staff.change_password(session, lead, HASH, staff.token_hash(kept), NOW)
    assert staff.signed_in(session, kept, NOW) is not None
    assert staff.signed_in(session, other, NOW) is None


def test_it_closes_an_account_at_once_but_never_the_last_lead(session, lead):
    second = staff.use_link(session, staff.add_staff(session, "Lead Two", "lead", NOW), "", HASH, NOW)
    token = staff.sign_in(session, second, NOW)
    staff.set_disabled(session, second, True, NOW, "Lead One")
    assert staff.signed_in(session, token, NOW) is None
    assert not staff.password_fits(staff.candidate(session, "Lead Two"), GOOD)
    with pytest.raises(Refused, match="only lead"):
        staff.set_disabled(session, lead, True, NOW, "Lead One")


def test_it_does_not_take_a_name_twice(session, lead):
    with pytest.raises(Refused, match="account with this name"):
        staff.add_staff(session, "LEAD one", "nurse", NOW)


def test_it_slows_guessing_down_without_a_lock_for_good(session, lead):
    looked_at = [staff.may_try(session, "Lead One", NOW + timedelta(seconds=s)) for s in range(60)]
    assert looked_at == [True] * 10 + [False] * 50
    an_hour = range(60, 3660)
    later = sum(staff.may_try(session, "Lead One", NOW + timedelta(seconds=s)) for s in an_hour)
    assert 25 <= later <= 30
    assert staff.may_try(session, "Nurse One", NOW)
    assert staff.may_try(session, "Lead One", NOW + timedelta(hours=3))


def test_it_slows_guessing_of_unknown_names_alike(session):
    assert [staff.may_try(session, "nobody", NOW) for _ in range(12)] == [True] * 10 + [False] * 2


def test_it_forgets_wrong_tries_after_the_right_one(session, lead):
    for _ in range(9):
        staff.may_try(session, "Lead One", NOW)
    staff.sign_in(session, lead, NOW)
    assert [staff.may_try(session, "Lead One", NOW) for _ in range(10)] == [True] * 10


def test_it_takes_each_code_of_the_second_factor_once(session, lead):
    secret = staff.new_totp_secret()
    with pytest.raises(Refused, match="does not fit"):
        staff.turn_on_totp(session, lead, secret, "000", NOW)
    codes = staff.turn_on_totp(session, lead, secret, _code(secret, NOW), NOW)
    assert len(codes) == 8
    later = NOW + timedelta(minutes=2)
    code = _code(secret, later)
    assert staff.second_factor_fits(session, lead, code, later)
    assert not staff.second_factor_fits(session, lead, code, later)
    assert staff.second_factor_fits(session, lead, codes[0].upper(), later)
    assert not staff.second_factor_fits(session, lead, codes[0], later)


def _code(secret, at):
    step = int((at - datetime(1970, 1, 1)).total_seconds()) // 30
    return pyotp.TOTP(secret).generate_otp(step)


def test_it_notes_who_did_what(session, lead):
    staff.add_staff(session, "Nurse One", "nurse", NOW, "Lead One")
    staff.note_refusal(session, "no such name", NOW)
    rows = session.execute(select(Audit.staff_name, Audit.action, Audit.detail).order_by(Audit.id)).all()
    assert [tuple(row) for row in rows][-2:] == [
        ("Lead One", "account-added", "Nurse One (nurse)"),
        ("unknown name", "sign-in-refused", ""),
    ]

"""The second factor, on both databases."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from quizapp.accounts import AccountError, accounts, second_factor

NOW = datetime(2026, 11, 24, 9, 0)
LATER = NOW + timedelta(minutes=2)
GOOD = "seven green boats on a lake"
SECRET = pyotp.random_base32()


def code_at(moment, secret=SECRET):
    return pyotp.TOTP(secret).at(moment.replace(tzinfo=UTC))


@pytest.fixture
def account(session):
    accounts.add_with_link(session, "Nurse One", "nurse", NOW)
    return accounts.by_name(session, "Nurse One")


@pytest.fixture
def recovery_codes(session, account):
    return second_factor.turn_on(session, account, SECRET, code_at(NOW), NOW)


def test_it_turns_on_only_with_a_code_from_the_app(session, account):
    with pytest.raises(AccountError, match="is not right"):
        second_factor.turn_on(session, account, SECRET, "000", NOW)
    assert account.totp_secret is None


def test_it_takes_a_code_once(session, account, recovery_codes):
    assert not second_factor.use_code(session, account, code_at(NOW), NOW)
    assert second_factor.use_code(session, account, code_at(LATER), LATER)
    assert not second_factor.use_code(session, account, code_at(LATER), LATER)


def test_it_takes_no_code_from_before_one_that_was_used(session, account, recovery_codes):
    assert second_factor.use_code(session, account, code_at(LATER), LATER)
    before = LATER - timedelta(seconds=30)
    assert not second_factor.use_code(session, account, code_at(before), LATER)


def test_it_takes_codes_of_clocks_half_a_minute_off_and_no_more(session, account, recovery_codes):
    for seconds, fits in ((-60, False), (60, False), (-30, True), (30, True)):
        code = code_at(LATER + timedelta(seconds=seconds))
        assert second_factor.use_code(session, account, code, LATER) is fits, seconds


def test_it_takes_each_recovery_code_once_however_it_is_typed(session, account, recovery_codes):
    assert len(set(recovery_codes)) == 8
    assert second_factor.use_code(session, account, recovery_codes[0].upper().replace("-", " "), LATER)
    assert not second_factor.use_code(session, account, recovery_codes[0], LATER)
    assert second_factor.use_code(session, account, recovery_codes[1], LATER)


def test_it_takes_nothing_else(session, account, recovery_codes):
    for code in ("", " ", "0" * 10_000, "\x00", "１２３４５６", "None"):
        assert not second_factor.use_code(session, account, code, LATER)


def test_it_stays_on_where_the_password_is_too_short_to_stand_alone(session, account, recovery_codes):
    with pytest.raises(AccountError, match="longer one first"):
        second_factor.turn_off(session, account, "boatlake", LATER)
    assert account.totp_secret == SECRET
    second_factor.turn_off(session, account, GOOD, LATER)
    assert account.totp_secret is None
    assert not second_factor.use_code(session, account, recovery_codes[0], LATER)


def test_it_makes_recovery_codes_of_112_bits_and_accepts_shorter_old_ones(session, account, recovery_codes):
    assert all(len(bytes.fromhex(code.replace("-", ""))) == 14 for code in recovery_codes)
    accounts.set_second_factor(session, account, SECRET, None, ["0123456789"])
    assert second_factor.use_code(session, account, "01234-56789", LATER)

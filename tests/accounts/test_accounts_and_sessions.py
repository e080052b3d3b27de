"""Accounts, sessions, one-time links and login attempts, on both databases."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from quizapp.accounts import AccountError, accounts, login_limit, password_hashing, sessions
from quizapp.models import Audit, OneTimeLink, Staff, StaffSession, Throttle

NOW = datetime(2026, 11, 24, 9, 0)
GOOD = "seven green boats on a lake"
HASH = password_hashing.hash_password(GOOD, "Lead One")


def is_password_of(session, name, password):
    return password_hashing.is_right(accounts.hash_to_verify(session, name), password)


@pytest.fixture
def lead(session):
    token = accounts.first_lead_link(session, NOW)
    return accounts.use_link(session, token, "Lead One", HASH, NOW)


def test_it_makes_the_first_lead_once(session, lead):
    assert accounts.first_lead_link(session, NOW) is None


def test_it_lets_a_link_work_once_and_for_a_day(session):
    token = accounts.first_lead_link(session, NOW)
    with pytest.raises(AccountError):
        accounts.use_link(session, token, "Lead One", HASH, NOW + timedelta(hours=24))
    accounts.use_link(session, token, "Lead One", HASH, NOW + timedelta(hours=23))
    with pytest.raises(AccountError):
        accounts.use_link(session, token, "Lead Two", HASH, NOW + timedelta(hours=23))


def test_it_keeps_no_token_in_the_database(session, lead):
    token = accounts.add_with_link(session, "Nurse One", "nurse", NOW)
    signed = sessions.start(session, lead, NOW)
    kept = [*session.scalars(select(OneTimeLink.token_hash)), *session.scalars(select(StaffSession.token_hash))]
    assert token.encode() not in kept
    assert signed.encode() not in kept


def test_it_knows_the_password_and_only_it(session, lead):
    assert is_password_of(session, "  lead   ONE ", GOOD)
    assert not is_password_of(session, "Lead One", GOOD + " ")
    assert not is_password_of(session, "nobody", GOOD)


def test_it_rejects_a_password_reset_while_it_was_verified(session):
    nurse = accounts.use_link(session, accounts.add_with_link(session, "Nurse One", "nurse", NOW), "", HASH, NOW)
    stored = accounts.hash_to_verify(session, "Nurse One")
    assert accounts.lock_unchanged(session, "Nurse One", stored).id == nurse
    accounts.reset(session, nurse, NOW, "Lead One")
    assert accounts.lock_unchanged(session, "Nurse One", stored) is None


def test_it_ends_a_session_started_while_the_account_was_reset(database):
    with database.writing() as session:
        nurse = accounts.use_link(session, accounts.add_with_link(session, "Nurse One", "nurse", NOW), "", HASH, NOW)
        session.commit()
    with database.reading() as session:
        stored = accounts.hash_to_verify(session, "Nurse One")

    def reset():
        with database.writing() as session:
            accounts.reset(session, nurse, NOW, "Lead One")
            session.commit()

    with ThreadPoolExecutor() as pool:
        with database.writing() as session:
            account = accounts.lock_unchanged(session, "Nurse One", stored)
            resetting = pool.submit(reset)
            wait([resetting], timeout=0.5)  # it waits for us now; if it did not, it is done
            token = sessions.start(session, account.id, NOW)
            session.commit()
        resetting.result()
    with database.reading() as session:
        assert sessions.find(session, token, NOW) is None


def test_it_knows_who_is_not_signed_in_any_more(session, lead):
    token = sessions.start(session, lead, NOW)
    assert sessions.is_open(session, lead, sessions.token_hash(token))
    assert not sessions.is_open(session, lead, sessions.token_hash("another"))
    sessions.end_everyones(session)
    assert not sessions.is_open(session, lead, sessions.token_hash(token))


def test_it_ends_a_session_that_idles_or_lasts_too_long(session, lead):
    token = sessions.start(session, lead, NOW)
    assert sessions.find(session, token, NOW + timedelta(minutes=15)) is not None
    assert sessions.find(session, token, NOW + timedelta(minutes=16)) is None
    row, _ = sessions.find(session, token, NOW)
    row.last_seen = NOW + timedelta(hours=10)
    assert sessions.find(session, token, NOW + timedelta(hours=10, minutes=1)) is None


def test_it_really_signs_out(session, lead):
    token = sessions.start(session, lead, NOW)
    sessions.end(session, sessions.token_hash(token))
    assert sessions.find(session, token, NOW) is None


def test_it_ends_the_other_sessions_when_the_password_changes(session, lead):
    kept, other = sessions.start(session, lead, NOW), sessions.start(session, lead, NOW)
    accounts.set_password(session, lead, HASH, NOW, keep=sessions.token_hash(kept))
    assert sessions.find(session, kept, NOW) is not None
    assert sessions.find(session, other, NOW) is None


def test_it_closes_an_account_at_once_but_never_the_last_lead(session, lead):
    second = accounts.use_link(session, accounts.add_with_link(session, "Lead Two", "lead", NOW), "", HASH, NOW)
    token = sessions.start(session, second, NOW)
    accounts.set_disabled(session, second, True, NOW, "Lead One")
    assert sessions.find(session, token, NOW) is None
    assert not is_password_of(session, "Lead Two", GOOD)
    with pytest.raises(AccountError, match="only lead"):
        accounts.set_disabled(session, lead, True, NOW, "Lead Two")


def test_it_leaves_one_lead_when_two_close_each_other(database):
    with database.writing() as session:
        token = accounts.first_lead_link(session, NOW)
        one = accounts.use_link(session, token, "Lead One", HASH, NOW)
        two = accounts.use_link(session, accounts.add_with_link(session, "Lead Two", "lead", NOW), "", HASH, NOW)
        session.commit()
    together = Barrier(2)

    def close(target, by):
        together.wait()
        with database.writing() as session:
            try:
                accounts.set_disabled(session, target, True, NOW, by)
            except AccountError:
                return "refused"
            session.commit()
            return "closed"

    with ThreadPoolExecutor() as pool:
        done = [pool.submit(close, two, "Lead One"), pool.submit(close, one, "Lead Two")]
        assert sorted(future.result() for future in done) == ["closed", "refused"]


def test_it_does_not_take_a_name_twice(session, lead):
    with pytest.raises(AccountError, match="account with this name"):
        accounts.add_with_link(session, "LEAD one", "nurse", NOW)


def test_it_slows_guessing_down_without_a_lock_for_good(session, lead):
    looked_at = [login_limit.take_attempt(session, "Lead One", NOW + timedelta(seconds=s)) for s in range(60)]
    assert looked_at == [True] * 10 + [False] * 50
    an_hour = range(60, 3660)
    later = sum(login_limit.take_attempt(session, "Lead One", NOW + timedelta(seconds=s)) for s in an_hour)
    assert 25 <= later <= 30
    assert login_limit.take_attempt(session, "Nurse One", NOW)
    assert login_limit.take_attempt(session, "Lead One", NOW + timedelta(hours=3))


def test_it_slows_guessing_of_unknown_names_alike(session):
    assert [login_limit.take_attempt(session, "nobody", NOW) for _ in range(12)] == [True] * 10 + [False] * 2


def test_it_does_not_count_the_right_password(session, lead):
    for _ in range(30):
        assert login_limit.take_attempt(session, "Lead One", NOW)
        login_limit.refund_attempt(session, "Lead One")


def test_it_drops_old_sessions_links_and_counts(session, lead):
    sessions.start(session, lead, NOW)
    login_limit.take_attempt(session, "nobody", NOW)
    accounts.add_with_link(session, "Nurse One", "nurse", NOW)
    sessions.start(session, lead, NOW + timedelta(days=2))
    assert session.scalar(select(func.count()).select_from(StaffSession)) == 1
    assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0
    assert session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_it_refuses_to_change_ones_own_account_from_the_list_of_all(session, lead):
    accounts.use_link(session, accounts.add_with_link(session, "Lead Two", "lead", NOW), "", HASH, NOW)
    for change in (
        lambda: accounts.set_disabled(session, lead, True, NOW, "Lead One"),
        lambda: accounts.reset(session, lead, NOW, "Lead One"),
    ):
        with pytest.raises(AccountError, match="your own account"):
            change()


def test_it_ends_everything_of_an_account_that_is_reset(session, lead):
    nurse = accounts.use_link(session, accounts.add_with_link(session, "Nurse One", "nurse", NOW), "", HASH, NOW)
    token = sessions.start(session, nurse, NOW)
    link = accounts.reset(session, nurse, NOW, "Lead One")
    assert sessions.find(session, token, NOW) is None
    assert not is_password_of(session, "Nurse One", GOOD)
    assert accounts.open_link(session, link, NOW).name == "Nurse One"


def test_it_shuts_the_link_of_a_closed_account(session, lead):
    link = accounts.add_with_link(session, "Nurse One", "nurse", NOW)
    nurse = accounts.open_link(session, link, NOW).id
    accounts.set_disabled(session, nurse, True, NOW, "Lead One")
    assert accounts.open_link(session, link, NOW) is None
    accounts.set_disabled(session, nurse, False, NOW, "Lead One")
    assert accounts.open_link(session, link, NOW) is None


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\x00b", "line\nbreak\x1b", "\u202eeno esruN", "\u0390" * 80])
def test_it_refuses_names_that_cannot_be_kept_or_read(session, name):
    with pytest.raises(AccountError, match="1 to 80"):
        accounts.add_with_link(session, name, "nurse", NOW)


@pytest.mark.parametrize("typed", ["\x00", "a\x00b", "\ud7ff", "x" * 10_000, "' OR 1=1 --"])
def test_it_takes_any_name_that_is_typed_for_an_unknown_one(session, typed):
    assert login_limit.take_attempt(session, typed, NOW)
    assert accounts.hash_to_verify(session, typed) == password_hashing.DUMMY_HASH
    login_limit.record_failure(session, None, typed, NOW)


def test_it_knows_a_name_however_it_was_typed(session):
    accounts.add_with_link(session, "Zoe\u0308  Caf\u00e9", "nurse", NOW)
    with pytest.raises(AccountError, match="account with this name"):
        accounts.add_with_link(session, " ZO\u00cb Cafe\u0301", "nurse", NOW)


def test_it_notes_who_did_what(session, lead):
    accounts.add_with_link(session, "Nurse One", "nurse", NOW, "Lead One")
    login_limit.record_failure(session, None, "no such name", NOW)
    rows = session.execute(select(Audit.staff_name, Audit.action, Audit.detail).order_by(Audit.id)).all()
    assert [tuple(row) for row in rows][-2:] == [
        ("Lead One", "account-added", "Nurse One (nurse)"),
        ("unknown name", "sign-in-refused", ""),
    ]


def test_it_notes_a_flood_of_made_up_names_in_few_lines(session):
    for number in range(500):
        login_limit.record_failure(session, None, f"made up {number}", NOW)
    assert session.scalar(select(func.count()).select_from(Audit)) == 60


def test_it_makes_one_account_of_a_link_used_twenty_times_at_once(database):
    with database.writing() as session:
        token = accounts.first_lead_link(session, NOW)
        session.commit()
    together = Barrier(20)

    def use(number):
        together.wait()
        with database.writing() as session:
            try:
                accounts.use_link(session, token, f"Lead {number}", HASH, NOW)
            except AccountError:
                return 0
            session.commit()
            return 1

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(use, range(20))) == 1
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Staff)) == 1

"""Asks the person who is signed in for their password again, before something that matters."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.accounts import account_service, login_throttle, second_factor
from quizapp.accounts.auth import signed_in
from quizapp.accounts.device_cookie import known_browser
from quizapp.models import Staff
from quizapp.web.context import current


def is_own_password(password: str) -> bool:
    """Whether it is; counted, slowed down and audited like signing in.

    Call it before this request's db(): it is checked between two short transactions of its own.
    """
    return _is_right(password, lambda _session, _account, _now: True)


def are_own_password_and_code(password: str, code: str) -> bool:
    """The same for the password and the second factor: both, or one try is counted. The code is used up."""
    return _is_right(password, lambda session, account, now: second_factor.fits(session, account, code, now))


def _is_right(password: str, also_fits: Callable[[Session, Staff, datetime], bool]) -> bool:
    who, now = signed_in(), current().clock()
    browser = known_browser(who.name)
    with current().database.writing() as session:
        take_attempt = login_throttle.take_attempt(session, who.name, now, browser)
        candidate = account_service.candidate(session, who.name)
        session.commit()
    fits = take_attempt and account_service.password_fits(candidate, password)
    with current().database.writing() as session:
        account = account_service.still_fitting(session, candidate) if fits else None
        fits = account is not None and also_fits(session, account, now)
        if fits:
            login_throttle.refund_attempt(session, who.name, now, browser)
        elif take_attempt:
            login_throttle.record_failure(session, who.name, now, browser)
        session.commit()
    return fits

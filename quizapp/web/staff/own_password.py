"""Asks the person who is signed in for their password again, before something that matters."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.services import guessing, second_factor, staff
from quizapp.storage.models.staff import Staff
from quizapp.web.runtime import runtime
from quizapp.web.staff.access import signed_in
from quizapp.web.staff.known_browser import known_browser


def is_own_password(password: str) -> bool:
    """Whether it is; counted, slowed down and audited like signing in.

    Call it before this request's db(): it is checked between two short transactions of its own.
    """
    return _is_right(password, lambda _session, _account, _now: True)


def are_own_password_and_code(password: str, code: str) -> bool:
    """The same for the password and the second factor: both, or one try is counted. The code is used up."""
    return _is_right(password, lambda session, account, now: second_factor.fits(session, account, code, now))


def _is_right(password: str, also_fits: Callable[[Session, Staff, datetime], bool]) -> bool:
    who, now = signed_in(), runtime().clock()
    browser = known_browser(who.name)
    with runtime().database.writing() as session:
        may_try = guessing.may_try(session, who.name, now, browser)
        candidate = staff.candidate(session, who.name)
        session.commit()
    fits = may_try and staff.password_fits(candidate, password)
    with runtime().database.writing() as session:
        account = staff.still_fitting(session, candidate) if fits else None
        fits = account is not None and also_fits(session, account, now)
        if fits:
            guessing.was_right(session, who.name, now, browser)
        elif may_try:
            guessing.note_refusal(session, who.name, now, browser)
        session.commit()
    return fits

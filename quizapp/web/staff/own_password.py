"""Asks the person who is signed in for their password again, before something that matters."""

from quizapp.services import guessing, staff
from quizapp.web.runtime import runtime
from quizapp.web.staff.access import signed_in
from quizapp.web.staff.known_browser import known_browser


def is_own_password(password: str) -> bool:
    """Whether it is; counted, slowed down and audited like signing in.

    Call it before this request's db(): it is checked between two short transactions of its own.
    """
    who, now = signed_in(), runtime().clock()
    browser = known_browser(who.name)
    with runtime().database.writing() as session:
        may_try = guessing.may_try(session, who.name, now, browser)
        candidate = staff.candidate(session, who.name)
        session.commit()
    fits = may_try and staff.password_fits(candidate, password)
    with runtime().database.writing() as session:
        if fits:
            guessing.was_right(session, who.name, now, browser)
        elif may_try:
            guessing.note_refusal(session, who.name, now, browser)
        session.commit()
    return fits

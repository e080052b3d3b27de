"""Everybody who may send a request: patients at each place of the walk, staff, and people who are neither."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient

from quizapp.accounts import accounts, sessions
from quizapp.models import Attempt
from quizapp.nurses import invitations, recheck, visit_code_lookup
from quizapp.web.context import Context
from tests.builders import make_nurse
from tests.staff import HASH
from tests.walking import Patient, csrf_token

PROCEDURE = "left-right"


@dataclass(frozen=True)
class Actor:
    """What one person's browser sends along, and the ids that it has seen."""

    cookie: str
    csrf: str
    ids: tuple[str, ...] = ()


def _cookies(client: FlaskClient) -> str:
    return client.get("/privacy").request.headers.get("Cookie", "")


def _patient(app: Flask, way: Callable[[Patient], object]) -> Actor:
    patient = Patient(app.test_client())
    patient.open("/")
    way(patient)
    return Actor(_cookies(patient.client), csrf_token(patient.client.get("/privacy").text))


def _to_feedback(patient: Patient) -> None:
    patient.to_first_question()
    patient.answer("left")


def _to_prompts(patient: Patient) -> None:
    patient.to_first_question()
    patient.answer("right")
    patient.next()
    patient.next()
    patient.send(patient.url)
    patient.answer("left")
    patient.next()


def _to_stopped(patient: Patient) -> None:
    _to_feedback(patient)
    patient.send(f"/p/{PROCEDURE}/stop")


def _forgotten(app: Flask) -> Actor:
    """A device whose attempt was deleted in the meantime."""
    actor = _patient(app, _to_feedback)
    context: Context = app.extensions["quizapp"]
    from quizapp.models import FlagRow, ResponseRow

    with context.database.writing() as session:
        for attempt in session.query(Attempt).filter(Attempt.state == "open").all():
            session.query(FlagRow).filter(FlagRow.attempt == attempt.id).delete()
            session.query(ResponseRow).filter(ResponseRow.attempt == attempt.id).delete()
            session.delete(attempt)
        session.commit()
    return actor


def _sheet(app: Flask) -> tuple[str, str]:
    """A finished sheet: its id and its visit code."""
    patient = Patient(app.test_client())
    patient.to_summary(first="left", second="middle")
    context: Context = app.extensions["quizapp"]
    from quizapp.patients import attempts

    with context.database.reading() as session:
        attempt = attempts.by_code(session, context.code_keys.candidates(patient.visit_code))
        assert attempt is not None
        return attempt.id, patient.visit_code


def account(app: Flask, name: str, role: str) -> int:
    """The id of an account, made if need be."""
    context: Context = app.extensions["quizapp"]
    with context.database.writing() as session:
        found = accounts.by_name(session, name) or accounts.add(session, name, role)
        assert found is not None
        found.password_hash, found.disabled, found.totp_secret = HASH, False, None
        found.role = role
        session.commit()
        return found.id


def _staff(app: Flask, name: str, role: str, *, unlocked: bool = False, handed_over: bool = False) -> Actor:
    context: Context = app.extensions["quizapp"]
    now = context.clock()
    staff_id = account(app, name, role)
    sheet_id, code = _sheet(app)
    with context.database.writing() as session:
        token = sessions.start(session, staff_id, now)
        link = accounts.add_with_link(session, f"New {token[:12]}", "nurse", now)
        slip = invitations.make_slips(
            session, context.editions.current(PROCEDURE), "en", context.code_keys, now.date(), 1
        )
        nurse = make_nurse(staff_id, name, sessions.token_hash(token))
        if unlocked or handed_over:
            sheet = visit_code_lookup.look_up(session, nurse, context.code_keys, code, now)
            if handed_over and isinstance(sheet, Attempt):
                procedure = context.editions.procedure_of(session, sheet)
                recheck.hand_over(session, nurse, sheet, procedure, now)
        session.commit()
    client = app.test_client()
    client.set_cookie("staff", token)
    page = client.get("/privacy").text
    return Actor(_cookies(client), csrf_token(page), (sheet_id, code, link, slip[0].token, str(staff_id)))


def _ended(app: Flask) -> Actor:
    """A browser with the cookie of a session that is over."""
    actor = _staff(app, "Nurse Ended", "nurse")
    staff_id = account(app, "Nurse Ended", "nurse")
    context: Context = app.extensions["quizapp"]
    with context.database.writing() as session:
        sessions.end_all_of(session, staff_id)
        session.commit()
    return actor


# Each makes its person anew.
CAST: dict[str, Callable[[Flask], Actor]] = {
    "nobody": lambda _app: Actor("", ""),
    "patient at the start": lambda app: _patient(app, lambda _patient: None),
    "patient with the code": lambda app: _patient(app, Patient.start),
    "patient at a question": lambda app: _patient(app, Patient.to_first_question),
    "patient at the second try": lambda app: _patient(app, _to_feedback),
    "patient at the prompts": lambda app: _patient(app, _to_prompts),
    "patient who finished": lambda app: _patient(app, Patient.to_summary),
    "patient who stopped": lambda app: _patient(app, _to_stopped),
    "patient whose attempt is gone": _forgotten,
    "nurse": lambda app: _staff(app, "Nurse One", "nurse"),
    "nurse with a sheet": lambda app: _staff(app, "Nurse Two", "nurse", unlocked=True),
    "nurse whose device is with the patient": lambda app: _staff(app, "Nurse Three", "nurse", handed_over=True),
    "lead": lambda app: _staff(app, "Lead One", "lead", unlocked=True),
    "signed out": _ended,
}

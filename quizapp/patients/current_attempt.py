"""The attempt behind a request, found by the secret in this device's session: a signed cookie.

The session holds, for each procedure, the secret of one attempt, or the visit code that was typed from a slip.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import abort, redirect, session, url_for

from quizapp.domain.grading import Response
from quizapp.domain.journey import Step, StepKind, pause_after
from quizapp.domain.procedure import Edition, Procedure
from quizapp.domain.visit_codes import in_language
from quizapp.models import Attempt
from quizapp.patients import attempts
from quizapp.patients.attempts import SECRET_BYTES, Progress, to_secret, to_token
from quizapp.web import i18n
from quizapp.web.context import current, db, seconds
from quizapp.web.layout import KIOSK_WARNING_SECONDS

SEEDS, SECRETS, CODES, DEADLINE = "seeds", "secrets", "codes", "deadline"  # in the session
SECONDS_BETWEEN_PINGS = 30  # app.js tells us of touches at most that often


@dataclass(frozen=True)
class CurrentAttempt:
    """An attempt as this request found it: the stored row, and its procedure in its language.

    `responses` is None if they were not read with the row. Templates use `procedure`, `visit_code` and `url`.
    `progress` and `can_go_on` read the database: views use them before the page is rendered.
    """

    row: Attempt
    procedure: Procedure
    responses: Sequence[Response] | None = None

    @cached_property
    def progress(self) -> Progress:
        return attempts.progress(db(), self.row, self.procedure, self.responses)

    @cached_property
    def can_go_on(self) -> bool:
        return attempts.can_go_on(db(), self.row)

    @property
    def visit_code(self) -> str:
        """The code with which a nurse finds this attempt's sheet: derived from the secret, or as typed from a slip."""
        secret = attempt_secret(self.row.procedure)
        code = current().code_keys.code(secret, self.row.code_hmac) if secret else typed_code(self.row.procedure)
        return in_language(code, self.procedure.language) if code else ""

    def url(self, page: str, **values: str | int) -> str:
        return url_for(f"patient.{page}", procedure_id=self.row.procedure, **values)  # type: ignore[arg-type]  # plain values

    def step_url(self, step: Step | None = None) -> str:
        """Return the address of the next step, or of the end. `step`: the next step if this request changed it."""
        if self.row.state == "finished":
            return self.url("summary")
        if not self.can_go_on:
            return self.url("stopped")
        step = step or self.progress.step
        if step.kind is StepKind.LESSON:
            return self.url("lesson", number=step.lesson)
        if step.kind is StepKind.QUESTION:
            return self.url("question", item_id=step.item_id)
        return self.url("prompts")

    def url_after_feedback(self) -> str:
        """Return the address of the next step, or of the pause if the first half has just been done."""
        half = pause_after(self.procedure)
        if half and self.progress.step == Step(StepKind.LESSON, half + 1):
            return self.url("pause")
        return self.step_url()


def get_edition_or_404(procedure_id: str) -> Edition:
    return current().editions.current(procedure_id) or abort(404)


def get_attempt(procedure_id: str, *, to_change: bool = False) -> CurrentAttempt:
    """Return this device's attempt, in whose language the page is shown; `to_change` locks it.

    If there is none, redirect to the start page, or refuse the change with 400.
    """
    get_edition_or_404(procedure_id)
    secret, responses = attempt_secret(procedure_id), None
    if secret is not None and not to_change:
        row, responses = attempts.read(db(), secret) or (None, None)
    else:
        row = attempt_on_device(procedure_id, to_change=to_change)
    if row is None:
        abort(400 if to_change else redirect(url_for("patient.start", procedure_id=procedure_id), 303))
    edition = current().editions.by_id(db(), row.edition)
    procedure = edition.in_language(row.language)
    i18n.set_content_language(edition.procedure_id, procedure.language, edition.languages)
    return CurrentAttempt(row, procedure, responses)


# --- the session ------------------------------------------------------------------------------------------------


def attempt_on_device(procedure_id: str, *, to_change: bool = False) -> Attempt | None:
    """Return this device's attempt; `to_change` locks it until the transaction ends."""
    secret, code = attempt_secret(procedure_id), typed_code(procedure_id)
    if secret is not None:
        return attempts.find(db(), secret, to_change=to_change)
    return attempts.by_code(db(), current().code_keys.candidates(code), to_change=to_change) if code else None


def holds_attempt(procedure_id: str) -> bool:
    return attempt_secret(procedure_id) is not None or typed_code(procedure_id) is not None


def attempt_secret(procedure_id: str) -> bytes | None:
    """Return the secret of the attempt on this device; None if there is none."""
    return to_secret(session.get(SECRETS, {}).get(procedure_id))


def typed_code(procedure_id: str) -> str | None:
    """Return the visit code with which the attempt was opened, if it was typed from a slip: we lack its secret then."""
    code: str | None = session.get(CODES, {}).get(procedure_id)
    return code


def seed(procedure_id: str) -> bytes | None:
    """Return the seed for the next attempt; None if the start page was not opened on this device."""
    return to_secret(session.get(SEEDS, {}).get(procedure_id))


def ensure_seed(procedure_id: str) -> None:
    """Store a seed when the start page is shown, so that pressing Start twice begins one attempt."""
    if seed(procedure_id) is None:
        session[SEEDS] = {**session.get(SEEDS, {}), procedure_id: to_token(secrets.token_bytes(SECRET_BYTES))}


def remember(procedure_id: str, opened_by: bytes | str) -> None:
    """Keep an attempt on this device, by its secret or by its visit code, in place of an earlier one.

    A shared tablet forgets it when the browser is closed; another device keeps it.
    """
    for name in (SECRETS, CODES, SEEDS):
        session[name] = {key: value for key, value in session.get(name, {}).items() if key != procedure_id}
    if isinstance(opened_by, bytes):
        session[SECRETS][procedure_id] = to_token(opened_by)
    else:
        session[CODES][procedure_id] = opened_by
    session.permanent = not current().settings.kiosk_minutes
    extend_deadline()


def extend_deadline() -> None:
    """Note a touch of a shared tablet. After the deadline, by the server's clock, it opens nothing of the patient."""
    minutes = current().settings.kiosk_minutes
    if minutes and (session.get(SECRETS) or session.get(CODES)):
        session[DEADLINE] = seconds_now() + 60 * minutes + KIOSK_WARNING_SECONDS + SECONDS_BETWEEN_PINGS


def is_past_deadline() -> bool:
    return bool(current().settings.kiosk_minutes) and seconds_now() > session.get(DEADLINE, seconds_now())


def seconds_now() -> float:
    return seconds(current().clock())

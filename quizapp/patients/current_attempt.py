"""The attempt behind a request, found by the secret in this device's session: a signed cookie.

The session holds, for each procedure, the secret of one attempt, or the visit code that was typed from a slip.
"""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property

from flask import abort, redirect, session, url_for
from werkzeug.exceptions import BadRequest

from quizapp.domain.journey import Step, StepKind, pause_after
from quizapp.domain.procedure import Edition, Procedure
from quizapp.domain.visit_codes import in_language
from quizapp.models import Attempt
from quizapp.patients import attempts
from quizapp.patients.attempt_queries import by_code, locked_by_id
from quizapp.patients.attempts import SECRET_BYTES, Progress
from quizapp.web import i18n
from quizapp.web.context import current, db
from quizapp.web.layout import KIOSK_WARNING_SECONDS

SEEDS, SECRETS, CODES, DEADLINE = "seeds", "secrets", "codes", "deadline"  # in the session
SECONDS_BETWEEN_PINGS = 30  # app.js tells us of touches at most that often


class NoAttempt(BadRequest):
    """A POST from a device without an attempt, or with a cookie that we did not sign."""

    description = "This device has no lessons open."


@dataclass(frozen=True)
class CurrentAttempt:
    """An attempt as this request found it: the stored row, and its procedure in its language.

    Templates use `procedure`, `visit_code` and `url`. `progress` and `can_go_on` read the database: views use them
    before the page is rendered.
    """

    row: Attempt
    procedure: Procedure

    @cached_property
    def progress(self) -> Progress:
        return attempts.progress(db(), self.row, self.procedure)

    @cached_property
    def can_go_on(self) -> bool:
        return attempts.can_go_on(db(), self.row)

    @property
    def visit_code(self) -> str:
        secret = attempt_secret(self.row.procedure)
        code = attempts.visit_code(self.row, secret, current().code_keys) if secret else typed_code(self.row.procedure)
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

    def feedback_url(self, item_id: str) -> str:
        """Return the address of the feedback on the last try at an item."""
        record = self.progress.record(item_id)
        return self.url("feedback", item_id=item_id, try_number=2 if record and record.second else 1)


def get_edition_or_404(procedure_id: str) -> Edition:
    edition = current().editions.current(procedure_id)
    if edition is None:
        abort(404)
    return edition


def get_attempt_or_redirect(procedure_id: str) -> CurrentAttempt:
    """Return this device's attempt; redirect to the start page if there is none."""
    attempt = _find(procedure_id, to_change=False)
    if attempt is None:
        abort(redirect(url_for("patient.start", procedure_id=procedure_id), 303))
    return attempt


def get_attempt_to_change_or_400(procedure_id: str) -> CurrentAttempt:
    """Return this device's attempt, locked until the transaction ends."""
    attempt = _find(procedure_id, to_change=True)
    if attempt is None:
        raise NoAttempt
    return attempt


def _find(procedure_id: str, *, to_change: bool) -> CurrentAttempt | None:
    """Find this device's attempt; the page follows its language."""
    get_edition_or_404(procedure_id)
    row = attempt_on_device(procedure_id, to_change=to_change)
    if row is None:
        return None
    edition = current().editions.by_id(db(), row.edition)
    procedure = edition.in_language(row.language)
    i18n.set_content_language(edition.procedure_id, procedure.language, edition.languages)
    return CurrentAttempt(row, procedure)


# --- the session ------------------------------------------------------------------------------------------------


def attempt_on_device(procedure_id: str, *, to_change: bool = False) -> Attempt | None:
    """Return this device's attempt; `to_change` locks it until the transaction ends."""
    secret, code = attempt_secret(procedure_id), typed_code(procedure_id)
    if secret is not None:
        return attempts.find_to_change(db(), secret) if to_change else attempts.find(db(), secret)
    attempt = by_code(db(), current().code_keys.candidates(code)) if code else None
    return locked_by_id(db(), attempt.id) if attempt and to_change else attempt


def holds_attempt(procedure_id: str) -> bool:
    return attempt_secret(procedure_id) is not None or typed_code(procedure_id) is not None


def attempt_secret(procedure_id: str) -> bytes | None:
    """Return the secret of the attempt on this device; None if there is none, or if we did not sign the cookie."""
    return _decoded(session.get(SECRETS, {}).get(procedure_id))


def typed_code(procedure_id: str) -> str | None:
    """Return the visit code with which the attempt was opened, if it was typed from a slip: we lack its secret then."""
    code = session.get(CODES, {}).get(procedure_id)
    return code if isinstance(code, str) else None


def remember(procedure_id: str, opened_by: bytes | str) -> None:
    """Keep an attempt on this device, by its secret or by its visit code, in place of an earlier one.

    A shared tablet forgets it when the browser is closed; another device keeps it.
    """
    for name in (SECRETS, CODES, SEEDS):
        session[name] = {key: value for key, value in session.get(name, {}).items() if key != procedure_id}
    if isinstance(opened_by, bytes):
        session[SECRETS][procedure_id] = _encoded(opened_by)
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


def seconds_now() -> int:
    return int(current().clock().replace(tzinfo=UTC).timestamp())


def seed(procedure_id: str) -> bytes | None:
    """Return the seed for the next attempt; None if the start page was not opened on this device."""
    return _decoded(session.get(SEEDS, {}).get(procedure_id))


def ensure_seed(procedure_id: str) -> None:
    """Store a seed when the start page is shown, so that pressing Start twice begins one attempt."""
    if seed(procedure_id) is None:
        seeds = session.get(SEEDS, {})
        session[SEEDS] = {**seeds, procedure_id: _encoded(secrets.token_bytes(SECRET_BYTES))}


def forget_everything() -> None:
    """Remove everything about the patient from this device."""
    session.clear()


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return None

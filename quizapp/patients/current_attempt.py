"""The attempt behind a request: found by the secret in this device's session."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import abort, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from quizapp.domain.journey import Step, StepKind, pause_after
from quizapp.domain.procedure import Edition, Procedure
from quizapp.models import Attempt
from quizapp.patients import attempts, patient_session
from quizapp.patients.attempts import Progress
from quizapp.web import i18n
from quizapp.web.context import current, db


class NoAttempt(BadRequest):
    """A POST from a device without an attempt, or with a cookie that we did not sign."""

    description = "This device has no lessons open."


@dataclass(frozen=True)
class CurrentAttempt:
    """An attempt as this request found it: the stored row, its secret, and its procedure in its language.

    Templates use `procedure`, `visit_code` and `url`. `progress` and `can_go_on` read the database: views use them
    before the page is rendered.
    """

    row: Attempt
    secret: bytes
    procedure: Procedure

    @cached_property
    def progress(self) -> Progress:
        return attempts.progress(db(), self.row, self.procedure)

    @cached_property
    def can_go_on(self) -> bool:
        return attempts.can_go_on(db(), self.row)

    @property
    def visit_code(self) -> str:
        return attempts.visit_code(self.row, self.secret, current().code_keys)

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
    attempt = _find(procedure_id, attempts.find)
    if attempt is None:
        abort(redirect(url_for("patient.start", procedure_id=procedure_id), 303))
    return attempt


def get_attempt_to_change_or_400(procedure_id: str) -> CurrentAttempt:
    """Return this device's attempt, locked until the transaction ends."""
    attempt = _find(procedure_id, attempts.find_to_change)
    if attempt is None:
        raise NoAttempt
    return attempt


def _find(procedure_id: str, find: Callable[[Session, bytes], Attempt | None]) -> CurrentAttempt | None:
    """Find this device's attempt; the page follows its language."""
    get_edition_or_404(procedure_id)
    secret = patient_session.attempt_secret(procedure_id)
    row = find(db(), secret) if secret else None
    if secret is None or row is None:
        return None
    edition = current().editions.by_id(db(), row.edition)
    procedure = edition.in_language(row.language)
    i18n.set_content_language(edition.procedure_id, procedure.language, edition.languages)
    return CurrentAttempt(row, secret, procedure)

"""The patient behind a request: their attempt, and where they stand."""

from dataclasses import dataclass
from functools import cached_property

from flask import abort, redirect, url_for
from werkzeug.exceptions import BadRequest

from quizapp.domain.journey import Step, StepKind, pause_after
from quizapp.domain.procedure import Edition, Procedure
from quizapp.models import Attempt
from quizapp.patients import attempts, patient_session
from quizapp.patients.attempts import Progress
from quizapp.web import i18n
from quizapp.web.context import current, db


class NoAttempt(BadRequest):
    """A POST without an attempt on this device, or with a cookie that is not ours."""

    description = "This device has no lessons open."


@dataclass(frozen=True)
class CurrentAttempt:
    """An attempt as this request found it."""

    attempt: Attempt
    secret: bytes
    procedure: Procedure

    @cached_property
    def standing(self) -> Progress:
        return attempts.standing(db(), self.attempt, self.procedure)

    @cached_property
    def can_go_on(self) -> bool:
        return attempts.can_go_on(db(), self.attempt)

    @property
    def is_at_prompts(self) -> bool:
        return self.standing.step.kind is StepKind.PROMPTS

    @property
    def visit_code(self) -> str:
        return attempts.visit_code(self.attempt, self.secret, current().code_keys)

    def url(self, page: str, **values: str | int) -> str:
        return url_for(f"patient.{page}", procedure_id=self.attempt.procedure, **values)  # type: ignore[arg-type]  # plain values

    def feedback_url(self, item_id: str, try_number: int | None = None) -> str:
        """The feedback on a try; the last one made, where no try is named."""
        if try_number is None:
            record = self.standing.record(item_id)
            try_number = 2 if record and record.second else 1
        return self.url("feedback", item_id=item_id, try_number=try_number)


def get_edition_or_404(procedure_id: str) -> Edition:
    edition = current().editions.current(procedure_id)
    if edition is None:
        abort(404)
    return edition


def get_walker_or_redirect(procedure_id: str) -> CurrentAttempt:
    """This device's attempt; where there is none, the start page."""
    get_edition_or_404(procedure_id)
    secret = patient_session.attempt_secret(procedure_id)
    attempt = attempts.find(db(), secret) if secret else None
    if secret is None or attempt is None:
        abort(redirect(url_for("patient.start", procedure_id=procedure_id), 303))
    return _walker(attempt, secret)


def get_walker_to_change_or_400(procedure_id: str) -> CurrentAttempt:
    """This device's attempt, held for a change until the transaction ends."""
    get_edition_or_404(procedure_id)
    secret = patient_session.attempt_secret(procedure_id)
    attempt = attempts.find_to_change(db(), secret) if secret else None
    if secret is None or attempt is None:
        raise NoAttempt
    return _walker(attempt, secret)


def step_url(walker: CurrentAttempt, moved_to: Step | None = None) -> str:
    """The page of the patient's next step, or of the end; `moved_to` where this request has just changed it."""
    if walker.attempt.state == "finished":
        return walker.url("summary")
    if not walker.can_go_on:
        return walker.url("stopped")
    step = moved_to or walker.standing.step
    if step.kind is StepKind.LESSON:
        return walker.url("lesson", number=step.lesson)
    if step.kind is StepKind.QUESTION:
        return walker.url("question", item_id=step.item_id)
    return walker.url("prompts")


def url_after_feedback(walker: CurrentAttempt) -> str:
    """The next step, with the pause between when the first half is just done."""
    step = walker.standing.step
    half = pause_after(walker.procedure)
    if half and step == Step(StepKind.LESSON, half + 1):
        return walker.url("pause")
    return step_url(walker)


def _walker(attempt: Attempt, secret: bytes) -> CurrentAttempt:
    edition = current().editions.by_id(db(), attempt.edition)
    procedure = edition.in_language(attempt.language)
    i18n.set_content_language(edition.procedure_id, procedure.language, edition.languages)
    return CurrentAttempt(attempt, secret, procedure)

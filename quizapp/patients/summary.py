"""The end: prompts to take along, the summary, and stopping early."""

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import SelectMultipleField

from quizapp.domain.journey import StepKind
from quizapp.patients import attempt_queries, attempts
from quizapp.patients.current_attempt import get_attempt_or_redirect, get_attempt_to_change_or_400
from quizapp.patients.start import PlainForm, bp
from quizapp.web.context import commit, current, db, today
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page


class PromptsForm(FlaskForm):
    """Any number of prompts to take along."""

    prompts = SelectMultipleField(validate_choice=False)


@bp.get("/<procedure_id>/prompts")
def prompts(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    if attempt.row.state == "finished" or attempt.progress.step.kind is not StepKind.PROMPTS:
        return redirect(attempt.step_url(), 303)
    return render_page("patient/prompts.html", attempt=attempt, ticked=())


def _prompts_again(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    return render_page("patient/prompts.html", 503, attempt=attempt, ticked=request.form.getlist("prompts"))


@bp.post("/<procedure_id>/prompts")
@resendable(_prompts_again)
def finish(procedure_id: str) -> ResponseReturnValue:
    form = PromptsForm()
    if not form.validate_on_submit():
        abort(400)
    attempt = get_attempt_to_change_or_400(procedure_id)
    min_group = current().settings.min_group
    try:
        attempts.finish(db(), attempt.row, attempt.procedure, form.prompts.data or (), today(), min_group)
    except attempts.UnknownOption:
        abort(400)
    commit()
    return redirect(attempt.url("summary"), 303)


@bp.get("/<procedure_id>/summary")
def summary(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    if attempt.row.state != "finished":
        return redirect(attempt.step_url(), 303)
    records, ticked = attempt.progress.records, attempt_queries.prompts(db(), attempt.row.id)
    return render_page(
        "patient/summary.html",
        attempt=attempt,
        right_at_once=[record for record in records if record.right_at == 1],
        right_at_second_try=[record for record in records if record.right_at == 2],
        to_talk_about=[record for record in records if record.right_at is None],
        prompts=[prompt.text for prompt in attempt.procedure.prompts() if prompt.id in ticked],
        sheet_days=current().settings.sheet_days,
    )


@bp.post("/<procedure_id>/stop")
@resendable()
def stop(procedure_id: str) -> ResponseReturnValue:
    if not PlainForm().validate_on_submit():
        abort(400)
    attempt = get_attempt_to_change_or_400(procedure_id)
    attempts.stop(db(), attempt.row, attempt.procedure, today())
    commit()
    return redirect(attempt.url("stopped"), 303)


@bp.get("/<procedure_id>/stopped")
def stopped(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    if attempt.row.state not in ("stopped", "finished"):
        return redirect(attempt.step_url(), 303)
    return render_page(
        "patient/stopped.html",
        attempt=attempt,
        next_url=attempt.step_url() if attempt.can_go_on else None,
        sheet_days=current().settings.sheet_days,
    )

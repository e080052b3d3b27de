"""The questions: an item's page, the answer to it, and the feedback on that answer."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.grading import result_of
from quizapp.domain.journey import StepKind, options_in_order
from quizapp.patients import attempts
from quizapp.patients.current_attempt import (
    CurrentAttempt,
    get_attempt_or_redirect,
    get_attempt_to_change_or_400,
)
from quizapp.patients.forms import DONT_KNOW, AnswerForm
from quizapp.patients.start import bp
from quizapp.web.context import commit, db, today
from quizapp.web.errors import resendable
from quizapp.web.render import render_page


@bp.get("/<procedure_id>/question/<item_id>")
def question(procedure_id: str, item_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    record = attempt.progress.record(item_id)
    if record is None:
        abort(404)
    if attempt.progress.step.item_id != item_id:
        if record.first is not None:  # answered before: show what is stored
            return redirect(attempt.feedback_url(item_id), 303)
        return redirect(attempt.step_url(), 303)
    return _question_page(attempt, error="missing" in request.args)


def _question_page(
    attempt: CurrentAttempt, status: int = 200, *, chosen: str = "", error: bool = False
) -> ResponseReturnValue:
    """Render the item of the patient's next step. `chosen`: the option to mark; `error`: none was chosen."""
    step = attempt.progress.step
    lesson = attempt.procedure.lesson_of(step.item_id)
    item = next(item for item in lesson.items if item.id == step.item_id)
    form = item.form_for(step.try_number)
    return render_page(
        "patient/question.html",
        status,
        attempt=attempt,
        lesson=lesson,
        item=item,
        form=form,
        try_number=step.try_number,
        options=[form.options[index] for index in options_in_order(form, item, attempt.row.id)],
        dont_know=DONT_KNOW,
        chosen=chosen,
        error=error,
    )


def _question_again(procedure_id: str, item_id: str) -> ResponseReturnValue | None:
    attempt = get_attempt_or_redirect(procedure_id)
    if attempt.progress.step.item_id != item_id:  # stored meanwhile, by another press of the same button
        return None
    return _question_page(attempt, 503, chosen=request.form.get("option", ""))


@bp.post("/<procedure_id>/question/<item_id>")
@resendable(_question_again)
def answer(procedure_id: str, item_id: str) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit():
        if form.is_only_unanswered:  # a redirect, so that going back in the browser does not send the form again
            return redirect(url_for("patient.question", procedure_id=procedure_id, item_id=item_id, missing=1), 303)
        abort(400)
    attempt = get_attempt_to_change_or_400(procedure_id)
    response = form.response(item_id)
    try:
        attempts.answer(db(), attempt.row, attempt.procedure, response, today())
    except attempts.UnknownOption:
        abort(400)
    commit()
    return redirect(attempt.url("feedback", item_id=item_id, try_number=response.try_number), 303)


@bp.get("/<procedure_id>/feedback/<item_id>/<int:try_number>")
def feedback(procedure_id: str, item_id: str, try_number: int) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    procedure, step = attempt.procedure, attempt.progress.step
    record = attempt.progress.record(item_id)
    if record is None or try_number not in (1, 2):
        abort(404)
    response = record.first if try_number == 1 else record.second
    if response is None:
        return redirect(attempt.step_url(), 303)
    item, lesson = record.item, procedure.lesson_of(item_id)
    form = item.form(response.form_id) or item.forms[0]
    return render_page(
        "patient/feedback.html",
        attempt=attempt,
        lesson=lesson,
        item=item,
        form=form,
        option=form.option(response.option_id) if response.option_id else None,
        result=result_of(item, response),
        fact=procedure.fact(item.fact),
        block=lesson.block(item.block),
        is_asked_again=step.kind is StepKind.QUESTION and step.item_id == item_id and attempt.can_go_on,
        next_url=attempt.url_after_feedback(),
    )

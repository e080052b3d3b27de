"""The patient's walk over HTTP: each view translates, the services decide."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.grading import Certainty
from quizapp.patients import assembling, attempts
from quizapp.patients.current_attempt import (
    CurrentAttempt,
    get_walker_or_redirect,
    get_walker_to_change_or_400,
    step_url,
)
from quizapp.patients.forms import AnswerForm, PlainForm, PromptsForm
from quizapp.patients.start import bp
from quizapp.web.context import commit, current, db, end_db, today
from quizapp.web.render import show
from quizapp.web.retry_page import resendable


@bp.errorhandler(attempts.WrongStep)
def not_now(_error: attempts.WrongStep) -> ResponseReturnValue:
    """Asked for out of turn, or after the end: nothing changed, and the patient's own place is shown."""
    end_db()
    arguments = request.view_args or {}
    return redirect(url_for("patient.next_step", procedure_id=arguments["procedure_id"]), 303)


@bp.get("/<procedure_id>/code")
def code(procedure_id: str) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    return show("patient/code.html", assembling.code_page(walker))


@bp.get("/<procedure_id>/next")
def next_step(procedure_id: str) -> ResponseReturnValue:
    """Wherever the patient is now."""
    return redirect(step_url(get_walker_or_redirect(procedure_id)), 303)


@bp.get("/<procedure_id>/lesson/<int:number>")
def lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    if number > len(walker.procedure.lessons) or number < 1:
        abort(404)
    if number > walker.standing.step.lesson:
        return redirect(step_url(walker), 303)
    return show("patient/lesson.html", assembling.lesson_page(walker, number))


def _lesson_again(procedure_id: str, number: int) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    return show("patient/lesson.html", assembling.lesson_page(walker, number), 503)


@bp.post("/<procedure_id>/lesson/<int:number>")
@resendable(_lesson_again)
def read_lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    if not PlainForm().validate_on_submit():
        abort(400)
    walker = get_walker_to_change_or_400(procedure_id)
    standing = attempts.read_lesson(db(), walker.attempt, walker.procedure, number, today())
    url = step_url(walker, standing.step)
    commit()
    return redirect(url, 303)


@bp.get("/<procedure_id>/question/<item_id>")
def question(procedure_id: str, item_id: str) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    record = walker.standing.record(item_id)
    if record is None:
        abort(404)
    if walker.standing.step.item_id != item_id:
        if record.first is not None:  # answered before: show what is stored
            return redirect(walker.feedback_url(item_id), 303)
        return redirect(step_url(walker), 303)
    return show("patient/question.html", assembling.question_page(walker, item_id))


def _question_again(procedure_id: str, item_id: str) -> ResponseReturnValue | None:
    walker = get_walker_or_redirect(procedure_id)
    if walker.standing.step.item_id != item_id:  # stored meanwhile, by another press of the same button
        return None
    page = assembling.question_page(walker, item_id)
    return show("patient/question.html", replace(page, chosen=request.form.get("option", "")), 503)


@bp.post("/<procedure_id>/question/<item_id>")
@resendable(_question_again)
def answer(procedure_id: str, item_id: str) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit() and not form.is_only_unanswered:
        abort(400)
    walker = get_walker_to_change_or_400(procedure_id)
    item = walker.procedure.item(item_id)
    if item is None:
        abort(404)
    if form.is_only_unanswered:
        if walker.standing.step.item_id != item_id:
            abort(400)
        page = assembling.question_page(walker, item_id, missing=True)
        return show("patient/question.html", page, 400)
    try:
        attempts.answer(
            db(),
            walker.attempt,
            walker.procedure,
            item,
            form.try_number.data,
            form.form.data,
            form.option_id,
            Certainty(form.certainty.data),
            today(),
        )
    except attempts.UnknownOption:
        abort(400)
    commit()
    return redirect(walker.feedback_url(item_id, form.try_number.data), 303)


@bp.get("/<procedure_id>/feedback/<item_id>/<int:try_number>")
def feedback(procedure_id: str, item_id: str, try_number: int) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    record = walker.standing.record(item_id)
    if record is None or try_number not in (1, 2):
        abort(404)
    response = record.first if try_number == 1 else record.second
    if response is None:
        return redirect(step_url(walker), 303)
    return show("patient/feedback.html", assembling.feedback_page(walker, record, response))


@bp.get("/<procedure_id>/pause")
def pause(procedure_id: str) -> ResponseReturnValue:
    return show("patient/pause.html", assembling.pause_page(get_walker_or_redirect(procedure_id)))


@bp.get("/<procedure_id>/prompts")
def prompts(procedure_id: str) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    if not walker.is_at_prompts or walker.attempt.state == "finished":
        return redirect(step_url(walker), 303)
    return show("patient/prompts.html", assembling.prompts_page(walker))


def _prompts_again(procedure_id: str) -> ResponseReturnValue:
    page = assembling.prompts_page(get_walker_or_redirect(procedure_id))
    return show("patient/prompts.html", replace(page, ticked=tuple(request.form.getlist("prompts"))), 503)


@bp.post("/<procedure_id>/prompts")
@resendable(_prompts_again)
def finish(procedure_id: str) -> ResponseReturnValue:
    form = PromptsForm()
    if not form.validate_on_submit():
        abort(400)
    walker = get_walker_to_change_or_400(procedure_id)
    try:
        attempts.finish(
            db(),
            walker.attempt,
            walker.procedure,
            form.prompts.data or (),
            today(),
            current().settings.min_group,
        )
    except attempts.UnknownOption:
        abort(400)
    commit()
    return redirect(walker.url("summary"), 303)


@bp.get("/<procedure_id>/summary")
def summary(procedure_id: str) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    if walker.attempt.state != "finished":
        return redirect(step_url(walker), 303)
    return show("patient/summary.html", assembling.summary_page(walker))


@bp.post("/<procedure_id>/stop")
@resendable()
def stop(procedure_id: str) -> ResponseReturnValue:
    if not PlainForm().validate_on_submit():
        abort(400)
    walker = get_walker_to_change_or_400(procedure_id)
    attempts.stop(db(), walker.attempt, walker.procedure, today())
    commit()
    return redirect(walker.url("stopped"), 303)


@bp.get("/<procedure_id>/stopped")
def stopped(procedure_id: str) -> ResponseReturnValue:
    walker: CurrentAttempt = get_walker_or_redirect(procedure_id)
    if walker.attempt.state not in ("stopped", "finished"):
        return redirect(step_url(walker), 303)
    return show("patient/stopped.html", assembling.stopped_page(walker))

"""The lessons: the visit code first, each lesson's page, and the pause half-way."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.patients import attempts
from quizapp.patients.current_attempt import get_attempt_or_redirect, get_attempt_to_change_or_400
from quizapp.patients.forms import PlainForm
from quizapp.patients.start import bp
from quizapp.web.context import commit, db, end_db, today
from quizapp.web.errors import resendable
from quizapp.web.render import render_page


@bp.errorhandler(attempts.WrongStep)
def wrong_step(_error: attempts.WrongStep) -> ResponseReturnValue:
    """Go to the patient's own place. Nothing was changed."""
    end_db()
    arguments = request.view_args or {}
    return redirect(url_for("patient.next_step", procedure_id=arguments["procedure_id"]), 303)


@bp.get("/<procedure_id>/code")
def code(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    return render_page("patient/code.html", attempt=attempt, next_url=attempt.step_url())


@bp.get("/<procedure_id>/next")
def next_step(procedure_id: str) -> ResponseReturnValue:
    """Redirect to the patient's next step."""
    return redirect(get_attempt_or_redirect(procedure_id).step_url(), 303)


@bp.get("/<procedure_id>/lesson/<int:number>")
def lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    if not 1 <= number <= len(attempt.procedure.lessons):
        abort(404)
    if number > attempt.progress.step.lesson:
        return redirect(attempt.step_url(), 303)
    return render_page("patient/lesson.html", attempt=attempt, lesson=attempt.procedure.lessons[number - 1])


def _lesson_again(procedure_id: str, number: int) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    return render_page("patient/lesson.html", 503, attempt=attempt, lesson=attempt.procedure.lessons[number - 1])


@bp.post("/<procedure_id>/lesson/<int:number>")
@resendable(_lesson_again)
def read_lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    if not PlainForm().validate_on_submit():
        abort(400)
    attempt = get_attempt_to_change_or_400(procedure_id)
    progress = attempts.read_lesson(db(), attempt.row, attempt.procedure, number, today())
    url = attempt.step_url(progress.step)
    commit()
    return redirect(url, 303)


@bp.get("/<procedure_id>/pause")
def pause(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt_or_redirect(procedure_id)
    return render_page("patient/pause.html", attempt=attempt, next_url=attempt.step_url())

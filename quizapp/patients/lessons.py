"""The walk: the visit code first, each lesson and its questions, the feedback on each answer, the pause half-way."""

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired

from quizapp.domain.grading import Certainty, Response, result_of
from quizapp.domain.journey import StepKind, options_in_order
from quizapp.patients import attempts
from quizapp.patients.current_attempt import CurrentAttempt, get_attempt_or_redirect, get_attempt_to_change_or_400
from quizapp.patients.start import PlainForm, bp
from quizapp.web.context import commit, db, end_db, today
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page

DONT_KNOW = "dont-know"


class AnswerForm(FlaskForm):
    """One answer: the option, how sure, and the form and try that the page showed."""

    option = StringField(validators=[InputRequired()])
    certainty = StringField(validators=[AnyOf([Certainty.THINK.value, Certainty.SURE.value])])
    form = StringField(validators=[InputRequired()])
    try_number = IntegerField(name="try", validators=[InputRequired()])

    def response(self, item_id: str) -> Response:
        """Return what was sent, as a response to this item. Call it only if the form is valid."""
        option_id = None if self.option.data == DONT_KNOW else self.option.data
        certainty = Certainty(self.certainty.data) if option_id else Certainty.NONE
        return Response(item_id, self.try_number.data, self.form.data, option_id, certainty)

    @property
    def is_only_unanswered(self) -> bool:
        """Return whether a choice is all that is missing, so that the patient can still make one."""
        return not self.option.data and set(self.errors) == {"option"}


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

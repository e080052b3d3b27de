"""The walk: the visit code, lessons, questions, feedback, the pause half-way, prompts, summary; and stopping early."""

from typing import Self

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired

from quizapp.domain.grading import Certainty, Response, result_of
from quizapp.domain.journey import StepKind, options_in_order
from quizapp.patients import attempts
from quizapp.patients.current_attempt import get_attempt
from quizapp.patients.start import bp
from quizapp.web.context import commit, current, db, end_db, today
from quizapp.web.errors import resendable
from quizapp.web.layout import render_page

DONT_KNOW = "dont-know"


class ChoiceForm(FlaskForm):
    """One choice: the option, "" if none was chosen; and the form of the question that the page showed."""

    option = StringField()
    form = StringField(validators=[InputRequired()])

    @classmethod
    def parsed_or_400(cls) -> Self:
        sent = cls(request.form)
        if not sent.validate():
            abort(400)
        return sent

    @property
    def option_id(self) -> str | None:
        """The id of the chosen option; None for "I don't know yet"."""
        return None if self.option.data == DONT_KNOW else self.option.data


class AnswerForm(ChoiceForm):
    """A patient's answer on the walk: also how sure, and the try that the page showed."""

    certainty = StringField(validators=[AnyOf([Certainty.THINK, Certainty.SURE])])
    try_number = IntegerField(name="try", validators=[InputRequired()])


@bp.errorhandler(attempts.WrongStep)
def wrong_step(_error: attempts.WrongStep) -> ResponseReturnValue:
    """Go to the patient's own place. Nothing was changed."""
    end_db()
    arguments = request.view_args or {}
    return redirect(url_for("patient.next_step", procedure_id=arguments["procedure_id"]), 303)


@bp.get("/<procedure_id>/code")
def code(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    return render_page("patient/code.html", attempt=attempt, next_url=attempt.step_url())


@bp.get("/<procedure_id>/next")
def next_step(procedure_id: str) -> ResponseReturnValue:
    """Redirect to the patient's next step."""
    return redirect(get_attempt(procedure_id).step_url(), 303)


@bp.get("/<procedure_id>/lesson/<int:number>")
def lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    if not 1 <= number <= len(attempt.procedure.lessons):
        abort(404)
    if number > attempt.progress.step.lesson:
        return redirect(attempt.step_url(), 303)
    return render_page("patient/lesson.html", attempt=attempt, lesson=attempt.procedure.lessons[number - 1])


@bp.post("/<procedure_id>/lesson/<int:number>")
@resendable(lesson)
def read_lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id, to_change=True)
    progress = attempts.read_lesson(db(), attempt.row, attempt.procedure, number, today())
    url = attempt.step_url(progress.step)
    commit()
    return redirect(url, 303)


@bp.get("/<procedure_id>/pause")
def pause(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    return render_page("patient/pause.html", attempt=attempt, next_url=attempt.step_url())


@bp.get("/<procedure_id>/question/<item_id>")
def question(procedure_id: str, item_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    record, step = attempt.progress.record(item_id) or abort(404), attempt.progress.step
    if step.item_id != item_id:
        if record.first is None:
            return redirect(attempt.step_url(), 303)
        last_try = 2 if record.second else 1  # answered before: show what is stored
        return redirect(attempt.url("feedback", item_id=item_id, try_number=last_try), 303)
    item = record.item
    form = item.form_for(step.try_number)
    return render_page(
        "patient/question.html",
        attempt=attempt,
        lesson=attempt.procedure.lesson_of(item_id),
        item=item,
        form=form,
        try_number=step.try_number,
        options=options_in_order(form, item, attempt.row.id),
        dont_know=DONT_KNOW,
        chosen=request.form.get("option", ""),
        error="missing" in request.args,
    )


@bp.post("/<procedure_id>/question/<item_id>")
@resendable(question)
def answer(procedure_id: str, item_id: str) -> ResponseReturnValue:
    sent = AnswerForm.parsed_or_400()
    if not sent.option.data:  # a redirect, so that going back in the browser does not send the form again
        return redirect(url_for("patient.question", procedure_id=procedure_id, item_id=item_id, missing=1), 303)
    try_number, certainty = sent.try_number.data, Certainty(sent.certainty.data)
    response = Response(item_id, try_number, sent.form.data, sent.option_id, certainty)
    attempt = get_attempt(procedure_id, to_change=True)
    attempts.answer(db(), attempt.row, attempt.procedure, response, today())
    commit()
    return redirect(attempt.url("feedback", item_id=item_id, try_number=try_number), 303)


@bp.get("/<procedure_id>/feedback/<item_id>/<int:try_number>")
def feedback(procedure_id: str, item_id: str, try_number: int) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
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


@bp.get("/<procedure_id>/prompts")
def prompts(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    if attempt.row.state == "finished" or attempt.progress.step.kind is not StepKind.PROMPTS:
        return redirect(attempt.step_url(), 303)
    return render_page("patient/prompts.html", attempt=attempt, ticked=request.form.getlist("prompts"))


@bp.post("/<procedure_id>/prompts")
@resendable(prompts)
def finish(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id, to_change=True)
    ticked, min_group = request.form.getlist("prompts"), current().settings.min_group
    attempts.finish(db(), attempt.row, attempt.procedure, ticked, today(), min_group)
    commit()
    return redirect(attempt.url("summary"), 303)


@bp.get("/<procedure_id>/summary")
def summary(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    if attempt.row.state != "finished":
        return redirect(attempt.step_url(), 303)
    records, ticked = attempt.progress.records, attempts.prompts(db(), attempt.row.id)
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
    attempt = get_attempt(procedure_id, to_change=True)
    attempts.stop(db(), attempt.row, attempt.procedure, today())
    commit()
    return redirect(attempt.url("stopped"), 303)


@bp.get("/<procedure_id>/stopped")
def stopped(procedure_id: str) -> ResponseReturnValue:
    attempt = get_attempt(procedure_id)
    if attempt.row.state not in ("stopped", "finished"):
        return redirect(attempt.step_url(), 303)
    return render_page(
        "patient/stopped.html",
        attempt=attempt,
        next_url=attempt.step_url() if attempt.can_go_on else None,
        sheet_days=current().settings.sheet_days,
    )

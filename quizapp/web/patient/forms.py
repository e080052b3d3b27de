"""The patient's forms. They validate; the templates write the inputs, which is faster and plainer."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired

from quizapp.domain.grading import Certainty
from quizapp.domain.items import Form, Procedure

DONT_KNOW = "dont-know"


class PlainForm(FlaskForm):
    """A button and its CSRF token."""


class AnswerForm(FlaskForm):
    """One answer: the option, how sure, and the form and try that the page showed."""

    option = RadioField(validators=[InputRequired()])
    certainty = StringField(validators=[AnyOf([Certainty.THINK.value, Certainty.SURE.value])])
    form = StringField(validators=[InputRequired()])
    try_number = IntegerField(name="try", validators=[InputRequired()])

    @classmethod
    def for_form(cls, form: Form) -> Self:
        """The answer's form, which takes this form's options and "I don't know yet"."""
        answer = cls()
        answer.option.choices = [(option.id, option.text) for option in form.options] + [(DONT_KNOW, "")]
        return answer

    @property
    def option_id(self) -> str | None:
        """None for "I don't know yet"."""
        return None if self.option.data == DONT_KNOW else str(self.option.data)

    @property
    def is_only_unanswered(self) -> bool:
        """Whether the one thing missing is a choice, which the patient can make good on the page."""
        return not self.option.data and set(self.errors) == {"option"}


class PromptsForm(FlaskForm):
    """Any number of prompts to take along."""

    prompts = SelectMultipleField()

    @classmethod
    def for_procedure(cls, procedure: Procedure) -> Self:
        form = cls()
        form.prompts.choices = [(prompt.id, prompt.text) for prompt in procedure.prompts()]
        return form

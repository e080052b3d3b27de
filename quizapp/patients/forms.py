"""The patient's forms. They check the shape before a transaction begins; the services know what is offered.

The templates write the inputs, which is faster and plainer.
"""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired

from quizapp.domain.grading import Certainty

DONT_KNOW = "dont-know"


class PlainForm(FlaskForm):
    """A button and its CSRF token."""


class AnswerForm(FlaskForm):
    """One answer: the option, how sure, and the form and try that the page showed."""

    option = StringField(validators=[InputRequired()])
    certainty = StringField(validators=[AnyOf([Certainty.THINK.value, Certainty.SURE.value])])
    form = StringField(validators=[InputRequired()])
    try_number = IntegerField(name="try", validators=[InputRequired()])

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

    prompts = SelectMultipleField(validate_choice=False)

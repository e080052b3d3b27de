"""The patients' forms. They check what was sent before a transaction begins; attempts.py checks what is offered.

The templates write the inputs themselves, which is faster and simpler.
"""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import AnyOf, InputRequired

from quizapp.domain.grading import Certainty, Response

DONT_KNOW = "dont-know"


class PlainForm(FlaskForm):
    """A button and its CSRF token."""


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


class PromptsForm(FlaskForm):
    """Any number of prompts to take along."""

    prompts = SelectMultipleField(validate_choice=False)

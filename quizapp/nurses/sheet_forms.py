"""The forms of the queue and the sheet. They validate; the templates write the inputs."""

from typing import Any, Self

from flask import request
from flask_wtf import FlaskForm
from wtforms import Form, IntegerField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange, Optional

from quizapp.content.catalogue import Catalogue
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Form as ItemForm
from quizapp.nurses.queue_queries import QueueFilter, QueueList

DONT_KNOW = "dont-know"
FIELD = "outcome."
LAST_PAGE = 20_000  # a million sheets


class CodeForm(FlaskForm):
    """A visit code as somebody typed it."""

    code = StringField(validators=[InputRequired(), Length(max=200)])


class QueueQuery(Form):
    """Which sheets to list, as the address says."""

    list = StringField(default=QueueList.OPEN.value, validators=[AnyOf([each.value for each in QueueList])])
    procedure = SelectField(validators=[Optional()])
    language = SelectField(validators=[Optional()])
    page = IntegerField(default=1, validators=[Optional(), NumberRange(1, LAST_PAGE)])

    @classmethod
    def for_catalogue(cls, catalogue: Catalogue) -> Self:
        query = cls(request.args)
        query.procedure.choices = ["", *catalogue.editions]
        query.language.choices = ["", *{code for e in catalogue.editions.values() for code in e.languages}]
        return query

    @property
    def wanted(self) -> QueueFilter:
        return QueueFilter(QueueList(self.list.data), self.procedure.data or None, self.language.data or None)


class OutcomesForm(FlaskForm):
    """Outcomes by card, and what to do then. Each card's field names the items that it stands for."""

    then = StringField(default="save", validators=[AnyOf(["save", "close", "unlink"])])

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What was chosen, by item, without cards left open. Raises ValueError for an unknown outcome."""
        return {
            item_id: Outcome(chosen)
            for name, chosen in request.form.items()
            if name.startswith(FIELD) and chosen
            for item_id in name.removeprefix(FIELD).split(".")
        }

    def validate(self, extra_validators: Any = None) -> bool:
        try:
            self.outcomes  # noqa: B018 - raises for what is not an outcome
        except ValueError:
            return False
        return bool(super().validate(extra_validators))


class RecheckForm(FlaskForm):
    """The patient's answer in the room."""

    item = StringField(validators=[InputRequired()])
    form = StringField(validators=[InputRequired()])
    option = RadioField(validators=[InputRequired()])

    @classmethod
    def for_form(cls, form: ItemForm) -> Self:
        answer = cls()
        answer.option.choices = [(option.id, option.text) for option in form.options] + [(DONT_KNOW, "")]
        return answer

    @property
    def option_id(self) -> str | None:
        """None for "I don't know yet"."""
        return None if self.option.data == DONT_KNOW else str(self.option.data)


class HandBackForm(FlaskForm):
    """The nurse's password, which brings the staff pages back."""

    password = PasswordField(validators=[InputRequired(), Length(max=1000)])

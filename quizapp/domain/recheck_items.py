"""The recheck: which items are asked again in the room, and in which of their forms."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.grading import ItemRecord, Result
from quizapp.domain.procedure import Form, Item

MAX_QUESTIONS = 3


@dataclass(frozen=True)
class RecheckQuestion:
    """An item that was missed, and the form in which it is asked again."""

    item: Item
    form: Form


def recheck_questions(records: Iterable[ItemRecord]) -> tuple[RecheckQuestion, ...]:
    """Return at most MAX_QUESTIONS missed items in the order given, each in a form that was not shown last.

    An item that was not reached was not missed; one with a single form cannot be asked in other words.
    """
    found = ((record.item, _other_form(record)) for record in records if _was_missed(record))
    return tuple(RecheckQuestion(item, form) for item, form in found if form)[:MAX_QUESTIONS]


def _was_missed(record: ItemRecord) -> bool:
    return record.first_result in (Result.WRONG, Result.DONT_KNOW)


def _other_form(record: ItemRecord) -> Form | None:
    """Return a form that was not shown yet, or else one that was not shown last; None if there is none."""
    shown = [response.form_id for response in (record.first, record.second) if response]
    unseen = [form for form in record.item.forms if form.id not in shown]
    others = [form for form in record.item.forms if form.id != shown[-1]]
    return next(iter(unseen + others), None)

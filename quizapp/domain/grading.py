"""Grading: the result of each response, and the score."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from quizapp.domain.procedure import Item, Procedure


class Certainty(StrEnum):
    """How sure the patient was. NONE goes with "I don't know yet"."""

    THINK = "think"
    SURE = "sure"
    NONE = "none"


class Result(StrEnum):
    RIGHT = "right"
    WRONG = "wrong"
    DONT_KNOW = "dont-know"


@dataclass(frozen=True)
class Response:
    """What was chosen for one item at one try. `option_id` is None for "I don't know yet"."""

    item_id: str
    try_number: int
    form_id: str
    option_id: str | None
    certainty: Certainty


@dataclass(frozen=True)
class ItemRecord:
    """An item and its tries, in order; a try that was not reached is None."""

    item: Item
    first: Response | None
    second: Response | None

    @property
    def first_result(self) -> Result | None:
        return result_of(self.item, self.first) if self.first else None

    @property
    def second_result(self) -> Result | None:
        return result_of(self.item, self.second) if self.second else None

    @property
    def is_missed(self) -> bool:
        """Whether it was answered, and not right at the first try; "I don't know yet" is not right."""
        return self.first_result not in (None, Result.RIGHT)

    @property
    def right_at(self) -> int | None:
        """The try that was right (1 or 2); None if none was, so that the item is to be talked about."""
        results = (self.first_result, self.second_result)
        return results.index(Result.RIGHT) + 1 if Result.RIGHT in results else None

    @property
    def open_try(self) -> int | None:
        """The try that is still to come (1 or 2), or None if the item is done."""
        if self.first is None:
            return 1
        return 2 if self.is_missed and self.second is None and self.item.tries > 1 else None


def result_of(item: Item, response: Response) -> Result:
    """Grade one response against the key of the form that was asked."""
    if response.option_id is None:
        return Result.DONT_KNOW
    form = item.form(response.form_id)
    if form is None:
        raise ValueError(f"{item.id} has no form {response.form_id}")
    return Result.RIGHT if response.option_id == form.key.id else Result.WRONG


def item_records(procedure: Procedure, responses: Iterable[Response]) -> tuple[ItemRecord, ...]:
    """Return all items of a procedure in order, each with its tries."""
    given = {(response.item_id, response.try_number): response for response in responses}
    return tuple(ItemRecord(item, given.get((item.id, 1)), given.get((item.id, 2))) for item in procedure.items())


def score(records: Iterable[ItemRecord]) -> int:
    """Return the number of items right at the first try. "I don't know yet" counts 0."""
    return sum(record.first_result is Result.RIGHT for record in records)

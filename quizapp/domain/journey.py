"""The patient's walk: its steps in order, and where a patient stands on it."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizapp.domain.grading import ItemRecord
from quizapp.domain.procedure import Form, Item, Lesson, Procedure

SLOW_WORDS_PER_MINUTE = 100  # a slow reader's pace; the owner's figure


class StepKind(StrEnum):
    LESSON = "lesson"
    QUESTION = "question"
    PROMPTS = "prompts"


@dataclass(frozen=True)
class Step:
    """Where a patient is. `lesson` counts from 1; `item_id` and `try_number` go with a question only."""

    kind: StepKind
    lesson: int
    item_id: str = ""
    try_number: int = 0


def current_step(procedure: Procedure, lessons_read: int, records: Sequence[ItemRecord]) -> Step:
    """The first thing not yet done: a lesson not read, a try still open, or else the prompts."""
    by_item = {record.item.id: record for record in records}
    for number, lesson in enumerate(procedure.lessons, start=1):
        if lessons_read < number:
            return Step(StepKind.LESSON, number)
        for item in lesson.items:
            open_try = by_item[item.id].open_try
            if open_try is not None:
                return Step(StepKind.QUESTION, number, item.id, open_try)
    return Step(StepKind.PROMPTS, len(procedure.lessons))


def pause_after(procedure: Procedure) -> int:
    """The lesson after which a pause is offered: half-way, rounded down; 0 where there is one lesson only."""
    return len(procedure.lessons) // 2


def options_in_order(form: Form, item: Item, seed: str) -> tuple[int, ...]:
    """Indexes of the options as shown: one order within an attempt, as written where the item says so.

    `seed` is the attempt's own; the order depends on nothing that tells the key.
    """
    indexes = range(len(form.options))
    if not item.shuffle:
        return tuple(indexes)
    return tuple(
        sorted(
            indexes,
            key=lambda i: hashlib.sha256(f"{seed}:{item.id}:{form.id}:{form.options[i].id}".encode()).digest(),
        )
    )


def words_to_read(procedure: Procedure) -> int:
    """Words on one walk without retries: lessons, stems, options, and one feedback for each item."""
    return sum(len(text.split()) for lesson in procedure.lessons for text in _texts(lesson))


def minutes_to_read(procedure: Procedure) -> int:
    """Whole minutes, rounded up, for a slow reader."""
    return math.ceil(words_to_read(procedure) / SLOW_WORDS_PER_MINUTE)


def _texts(lesson: Lesson) -> Iterator[str]:
    yield from (lesson.title, lesson.main)
    for block in lesson.blocks:
        yield from (block.heading, block.text)
    for item in lesson.items:
        form = item.forms[0]
        yield form.stem
        for option in form.options:
            yield option.text
        yield form.key.feedback

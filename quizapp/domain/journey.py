"""The patient's walk: its steps in order, the patient's next step, and how long it takes to read."""

import hashlib
import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from quizapp.domain.grading import ItemRecord
from quizapp.domain.procedure import Block, Form, Item, Lesson, Option, Procedure

SLOW_WORDS_PER_MINUTE = 100  # a slow reader's pace; the owner's figure
# The words that the pages add to those of the content. tests/patients/test_minutes.py counts them.
PAGE_WORDS = {
    "code": 33,
    "lesson": 4,
    "question": 13,
    "feedback": 7,
    "note": 15,
    "note-under-heading": 9,
    "pause": 29,
    "prompts": 39,
    "summary": 36,
}


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
    """Return the first thing not yet done: a lesson not read, a try still open, or else the prompts."""
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
    """Return the lesson after which a pause is offered: half-way, rounded down; 0 if there is only one."""
    return len(procedure.lessons) // 2


def options_in_order(form: Form, item: Item, seed: str) -> tuple[Option, ...]:
    """Return the options as shown: in one order within an attempt, or as written if the item says so.

    `seed` is the attempt's own; the order depends on nothing that shows which is the key.
    """

    def place(option: Option) -> bytes:
        return hashlib.sha256(f"{seed}:{item.id}:{form.id}:{option.id}".encode()).digest()

    return tuple(sorted(form.options, key=place)) if item.shuffle else form.options


def words_to_read(procedure: Procedure, missed: Collection[str] = ()) -> int:
    """Return the words on all pages from the visit code to the summary: what a patient reads on the way.

    Left out: the start page (which names the minutes), buttons, links, and what is folded until somebody opens it: new
    words, the lesson below a question, and on the summary the facts that were answered right at once.
    `missed`: the items missed at the first try; critical ones are asked again, and are right then.
    """
    items = tuple(procedure.items())
    shown_in_summary = [item.fact for item in items if item.id in missed]
    words = PAGE_WORDS["code"] + PAGE_WORDS["pause"] + sum(_lesson_words(procedure, each) for each in procedure.lessons)
    for item in items:
        words += _question_words(item.forms[0]) + _feedback_words(procedure, item, item.forms[0], item.id in missed)
        if item.id in missed and item.tries > 1:
            words += _question_words(item.forms[1]) + _feedback_words(procedure, item, item.forms[1], is_missed=False)
    words += PAGE_WORDS["prompts"] + _count(*(theme.title for theme in procedure.themes))
    words += _count(*(prompt.text for prompt in procedure.prompts()))
    words += PAGE_WORDS["summary"] + _count(procedure.title, procedure.limits)
    words += _count(*(procedure.fact(fact).text for fact in shown_in_summary))
    return words + _note_words(procedure, shown_in_summary)


@cache
def minutes_to_read(procedure: Procedure) -> tuple[int, int]:
    """Return whole minutes for a slow reader: with every item right, and with every second one missed at first."""
    every_second = {item.id for item in tuple(procedure.items())[::2]}
    words, more_words = words_to_read(procedure), words_to_read(procedure, every_second)
    return math.ceil(words / SLOW_WORDS_PER_MINUTE), math.ceil(more_words / SLOW_WORDS_PER_MINUTE)


def _lesson_words(procedure: Procedure, lesson: Lesson) -> int:
    words = PAGE_WORDS["lesson"] + _count(lesson.title, lesson.main) + sum(map(_block_words, lesson.blocks))
    return words + _note_words(procedure, [fact for block in lesson.blocks for fact in block.facts])


def _block_words(block: Block) -> int:
    return _count(block.heading, block.text, block.caption if block.image else "")


def _question_words(form: Form) -> int:
    return PAGE_WORDS["question"] + _count(form.stem, *(option.text for option in form.options))


def _feedback_words(procedure: Procedure, item: Item, form: Form, is_missed: bool) -> int:
    """Return the words of the feedback page. Only a miss repeats the question, the choice and the lesson's block."""
    option = next(option for option in form.options if option.key != is_missed)
    block = procedure.lesson_of(item.id).block(item.block)
    words = PAGE_WORDS["feedback"] + _count(option.feedback, procedure.fact(item.fact).text)
    facts: tuple[str, ...] = (item.fact,)
    if is_missed:
        words += _count(form.stem, option.text) + _block_words(block)
        facts += block.facts
    return words + _note_words(procedure, facts, "note-under-heading")


def _note_words(procedure: Procedure, facts: Iterable[str], note: str = "note") -> int:
    """Return the words of a page's note that clinics or people differ; 0 if nothing differs."""
    _, reasons = procedure.reasons_to_ask(facts)
    return PAGE_WORDS[note] + _count(*reasons) if reasons else 0


def _count(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)

"""Which items a nurse should raise, and how soon: a table of rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, ItemRecord, Result


class Priority(IntEnum):
    """How soon a nurse raises it; lower numbers first."""

    TALK_FIRST = 1
    TALK = 2
    CHECK = 3


@dataclass(frozen=True)
class FlagRule:
    """`applies` tells whether an item's record raises this flag; `label` is for the nurse."""

    id: str
    priority: Priority
    label: str
    applies: Callable[[ItemRecord], bool]


@dataclass(frozen=True)
class Flag:
    """An item and the rule that raised it."""

    item_id: str
    rule_id: str
    priority: Priority


def _missed_twice(record: ItemRecord) -> bool:
    return record.first_result is Result.WRONG and record.second_result is Result.WRONG


def _sure_and_wrong(record: ItemRecord) -> bool:
    first = record.first
    return first is not None and record.first_result is Result.WRONG and first.certainty is Certainty.SURE


def _still_not_right(record: ItemRecord) -> bool:
    """Missed at the first try and not put right since: not known at either try, or the retry not reached."""
    return record.first_result not in (None, Result.RIGHT) and record.second_result is not Result.RIGHT


def _right_after(record: ItemRecord) -> bool:
    return record.first_result not in (None, Result.RIGHT) and record.second_result is Result.RIGHT


# The first rule that applies to an item is its flag, so the most serious stand first.
FLAG_RULES = (
    FlagRule(
        "wrong-twice",
        Priority.TALK_FIRST,
        N_("Missed at both tries"),
        lambda r: r.item.critical and _missed_twice(r),
    ),
    FlagRule(
        "sure-and-wrong",
        Priority.TALK_FIRST,
        N_("Sure of a wrong answer"),
        lambda r: r.item.critical and _sure_and_wrong(r),
    ),
    FlagRule(
        "still-unsure",
        Priority.TALK,
        N_("Not cleared up: began with “I don’t know yet”, or no second try"),
        lambda r: r.item.critical and _still_not_right(r),
    ),
    FlagRule(
        "not-reached",
        Priority.TALK,
        N_("Not reached"),
        lambda r: r.item.critical and r.first is None,
    ),
    FlagRule(
        "wrong",
        Priority.TALK,
        N_("Answered wrong"),
        lambda r: not r.item.critical and r.first_result is Result.WRONG,
    ),
    FlagRule(
        "right-after",
        Priority.CHECK,
        N_("Right at the second try"),
        lambda r: r.item.critical and _right_after(r),
    ),
    FlagRule(
        "not-known",
        Priority.CHECK,
        N_("Don't know"),
        lambda r: not r.item.critical and r.first_result is Result.DONT_KNOW,
    ),
)

RULES_BY_ID = {rule.id: rule for rule in FLAG_RULES}


def flag_for(record: ItemRecord) -> Flag | None:
    """The most serious flag that an item's record raises, or None."""
    for rule in FLAG_RULES:
        if rule.applies(record):
            return Flag(record.item.id, rule.id, rule.priority)
    return None


def flags_for(records: Iterable[ItemRecord]) -> tuple[Flag, ...]:
    """Every flag, most serious first, then in the order of the walk."""
    found = (flag_for(record) for record in records)
    return tuple(sorted((flag for flag in found if flag), key=lambda flag: flag.priority))

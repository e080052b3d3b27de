"""Flags: which items a nurse should raise, and how soon. A table of rules."""

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

    @property
    def code(self) -> str:
        """ "talk-first": its name in addresses and style sheets."""
        return self.name.lower().replace("_", "-")


PRIORITY_LABELS = {
    Priority.TALK_FIRST: N_("Talk first"),
    Priority.TALK: N_("Talk"),
    Priority.CHECK: N_("Check"),
}

PRIORITY_MEANINGS = {
    Priority.TALK_FIRST: N_(
        "An important point about which the patient likely believes something else. Start with these."
    ),
    Priority.TALK: N_("Not understood, not known or not reached. Talk about it before consent."),
    Priority.CHECK: N_("Put right at the second try, or a smaller point not known. Ask if there is time."),
}


@dataclass(frozen=True)
class FlagRule:
    """When an item is flagged. `label` and `meaning` are for the nurse; `applies` decides from the item's tries."""

    id: str
    priority: Priority
    label: str
    meaning: str
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
    """Not right at the first try and not put right since: wrong, not known, or the second try not reached."""
    return record.first_result not in (None, Result.RIGHT) and record.second_result is not Result.RIGHT


def _right_after(record: ItemRecord) -> bool:
    return record.first_result not in (None, Result.RIGHT) and record.second_result is Result.RIGHT


# A new rule is one entry here. The first rule that applies to an item becomes its flag: keep the most serious first.
FLAG_RULES = (
    FlagRule(
        "wrong-twice",
        Priority.TALK_FIRST,
        N_("Missed at both tries"),
        N_("An important point, missed in two wordings. The explanation in between did not help."),
        lambda r: r.item.critical and _missed_twice(r),
    ),
    FlagRule(
        "sure-and-wrong",
        Priority.TALK_FIRST,
        N_("Sure of an answer other than the leaflet’s"),
        N_("An important point, missed while being sure. People who are sure seldom correct themselves."),
        lambda r: r.item.critical and _sure_and_wrong(r),
    ),
    FlagRule(
        "still-unsure",
        Priority.TALK,
        N_("Not cleared up: began with “I don’t know yet”, or no second try"),
        N_("An important point that is still open: not known, or the second try was not taken."),
        lambda r: r.item.critical and _still_not_right(r),
    ),
    FlagRule(
        "not-reached",
        Priority.TALK,
        N_("Not reached"),
        N_("An important point that the patient did not reach, because they stopped before it."),
        lambda r: r.item.critical and r.first is None,
    ),
    FlagRule(
        "wrong",
        Priority.TALK,
        N_("Answered otherwise than the leaflet"),
        N_("Another point, answered otherwise than the leaflet says. The explanation was shown."),
        lambda r: not r.item.critical and r.first_result is Result.WRONG,
    ),
    FlagRule(
        "right-after",
        Priority.CHECK,
        N_("Right at the second try"),
        N_("An important point, missed at first and then right in other words."),
        lambda r: r.item.critical and _right_after(r),
    ),
    FlagRule(
        "not-known",
        Priority.CHECK,
        N_("Not known yet"),
        N_("Another point where the patient chose “I don’t know yet”. The explanation was shown."),
        lambda r: not r.item.critical and r.first_result is Result.DONT_KNOW,
    ),
)


def rule_of(flag: Flag) -> FlagRule:
    """Return the rule that raised a flag. Raises LookupError if it is no longer in the table."""
    for rule in FLAG_RULES:
        if rule.id == flag.rule_id:
            return rule
    raise LookupError(flag.rule_id)


def flag_for(record: ItemRecord) -> Flag | None:
    """Return the most serious flag that an item's record raises, or None."""
    for rule in FLAG_RULES:
        if rule.applies(record):
            return Flag(record.item.id, rule.id, rule.priority)
    return None


def flags_for(records: Iterable[ItemRecord]) -> tuple[Flag, ...]:
    """Return every flag, most serious first, then in the order of the walk."""
    found = (flag_for(record) for record in records)
    return tuple(sorted((flag for flag in found if flag), key=lambda flag: flag.priority))

"""Flags: which items a nurse should raise, and how soon. A table of rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, ItemRecord, Response, Result, result_of


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


class TryKind(StrEnum):
    """What a try came to, as far as it matters for a flag."""

    SURE_WRONG = "sure-wrong"
    WRONG = "wrong"
    DONT_KNOW = "dont-know"
    RIGHT = "right"
    NONE = "none"


# The reason of a flag on an item with two tries says what happened at each: one entry of each table.
FIRST_TRY = {
    TryKind.SURE_WRONG: N_("first sure of another answer"),
    TryKind.WRONG: N_("first another answer"),
    TryKind.DONT_KNOW: N_("first “I don’t know yet”"),
}
SECOND_TRY = {
    TryKind.SURE_WRONG: N_("then sure of another answer"),
    TryKind.WRONG: N_("then another answer"),
    TryKind.DONT_KNOW: N_("then “I don’t know yet”"),
    TryKind.RIGHT: N_("then right"),
    TryKind.NONE: N_("second try not reached"),
}


def tries(record: ItemRecord) -> tuple[TryKind, TryKind]:
    """Return what the first and the second try of an item came to."""
    return _try_kind(record, record.first), _try_kind(record, record.second)


def _try_kind(record: ItemRecord, response: Response | None) -> TryKind:
    if response is None:
        return TryKind.NONE
    result = result_of(record.item, response)
    if result is Result.WRONG and response.certainty is Certainty.SURE:
        return TryKind.SURE_WRONG
    return TryKind(result.value)


def reason(record: ItemRecord) -> tuple[str, ...]:
    """Return the messages that say what happened at both tries; none for an item with one try, or not reached."""
    first, second = tries(record)
    return (FIRST_TRY[first], SECOND_TRY[second]) if record.item.tries > 1 and first in FIRST_TRY else ()


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


def _sure_and_wrong(record: ItemRecord) -> bool:
    """Return whether the patient was sure of a wrong answer at either try."""
    return TryKind.SURE_WRONG in tries(record)


# A new rule is one entry here. The first rule that applies to an item becomes its flag: keep the most serious first.
FLAG_RULES = (
    FlagRule(
        "wrong-twice",
        Priority.TALK_FIRST,
        N_("Missed at both tries"),
        N_("An important point, missed in two wordings. The explanation in between did not help."),
        lambda r: r.item.critical and r.first_result is r.second_result is Result.WRONG,
    ),
    FlagRule(
        "sure-and-wrong",
        Priority.TALK_FIRST,
        N_("Sure of an answer other than the leaflet’s"),
        N_("An important point, missed at one try while being sure. People who are sure seldom correct themselves."),
        lambda r: r.item.critical and _sure_and_wrong(r),
    ),
    FlagRule(
        "still-unsure",
        Priority.TALK,
        N_("Not cleared up"),
        N_("An important point that is still open: it was not right at the second try."),
        lambda r: r.item.critical and r.is_missed and r.right_at is None,
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
        lambda r: r.item.critical and r.right_at == 2,
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
    """Return the rule that raised a flag."""
    return next(rule for rule in FLAG_RULES if rule.id == flag.rule_id)


def flag_for(record: ItemRecord) -> Flag | None:
    """Return the most serious flag that an item's record raises, or None."""
    flags = (Flag(record.item.id, rule.id, rule.priority) for rule in FLAG_RULES if rule.applies(record))
    return next(flags, None)


def seriousness(flag: Flag, record: ItemRecord) -> tuple[Priority, bool, bool]:
    """Return a key that sorts by priority, then critical items first, then those with a wrong answer given as sure."""
    return flag.priority, not record.item.critical, not _sure_and_wrong(record)


def flags_for(records: Iterable[ItemRecord]) -> tuple[Flag, ...]:
    """Return every flag, most serious first, then in the order of the walk."""
    found = [(flag, record) for record in records if (flag := flag_for(record))]
    return tuple(flag for flag, _record in sorted(found, key=lambda pair: seriousness(*pair)))

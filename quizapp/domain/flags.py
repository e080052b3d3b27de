"""Flags: which items a nurse should raise, and how soon. A table of rules."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum

from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, ItemRecord, Response, Result


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


# What a try came to: its result, None if it was not reached, and whether the patient was sure of a wrong answer.
TryResult = tuple[Result | None, bool]

# The reason of a flag on an item with two tries says what happened at each: one entry of each table.
FIRST_TRY: dict[TryResult, str] = {
    (Result.WRONG, True): N_("first sure of another answer"),
    (Result.WRONG, False): N_("first another answer"),
    (Result.DONT_KNOW, False): N_("first “I don’t know yet”"),
}
SECOND_TRY: dict[TryResult, str] = {
    (Result.WRONG, True): N_("then sure of another answer"),
    (Result.WRONG, False): N_("then another answer"),
    (Result.DONT_KNOW, False): N_("then “I don’t know yet”"),
    (Result.RIGHT, False): N_("then right"),
    (None, False): N_("second try not reached"),
}


def tries(record: ItemRecord) -> tuple[TryResult, TryResult]:
    """Return what the first and the second try of an item came to."""
    return _try_result(record.first_result, record.first), _try_result(record.second_result, record.second)


def _try_result(result: Result | None, response: Response | None) -> TryResult:
    is_sure = response is not None and response.certainty is Certainty.SURE
    return result, result is Result.WRONG and is_sure


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
    return (Result.WRONG, True) in tries(record)


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

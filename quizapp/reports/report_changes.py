"""What changed after a new edition: which questions and lessons, and who missed them before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.procedure import Item, Lesson, Procedure
from quizapp.reports.export_rows import EditionChanges, KeptEdition, Source, edition_changes
from quizapp.reports.published_figures import GroupFigures
from quizapp.reports.report_missed import Missed, missed_share

MOST_EDITIONS = 2
MOST_ITEMS = 4


@dataclass(frozen=True)
class ItemChange:
    """An item that a change of words may have helped: missed in the edition before, and in this one."""

    item: Item
    before: Missed
    after: Missed


@dataclass(frozen=True)
class EditionChange:
    """An edition beside the one before it that patients answered; `items` are those changed, or taught anew."""

    before: KeptEdition
    after: KeptEdition
    changes: EditionChanges
    lessons: tuple[Lesson, ...]
    items: tuple[ItemChange, ...]


def changes_in(source: Source, until: Sequence[GroupFigures], first_quarter: str) -> tuple[EditionChange, ...]:
    """The last editions that came in the period, oldest first; `until`: all groups up to the period's end.

    An edition came with its first counted attempts. The shares are of all its attempts until the period's end.
    """
    earlier = {group.place.edition for group in until if group.place.quarter < first_quarter}
    pairs = [
        (before, after)
        for before, after in zip(source.editions, source.editions[1:], strict=False)
        if after.id not in earlier
    ]
    return tuple(_change(before, after, until, source) for before, after in pairs[-MOST_EDITIONS:])


def _change(before: KeptEdition, after: KeptEdition, until: Sequence[GroupFigures], source: Source) -> EditionChange:
    changes = edition_changes(before.procedure, after.procedure)
    items = [
        ItemChange(
            item,
            missed_share(item, [group for group in until if group.place.edition == before.id], source),
            missed_share(item, [group for group in until if group.place.edition == after.id], source),
        )
        for item in _touched(after.procedure, changes)
        if item.id not in changes.added
    ]
    return EditionChange(
        before,
        after,
        changes,
        tuple(lesson for lesson in after.procedure.lessons if lesson.id in changes.lessons),
        tuple(sorted(items, key=lambda one: -(one.before.percent or 0))[:MOST_ITEMS]),
    )


def _touched(procedure: Procedure, changes: EditionChanges) -> list[Item]:
    """Items whose words changed, or the text of whose lesson did."""
    return [
        item
        for lesson in procedure.lessons
        for item in lesson.items
        if item.id in changes.changed or lesson.id in changes.lessons
    ]

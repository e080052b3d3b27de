"""The rows of every table that can be handed on, from figures that the disclosure step let out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from quizapp.disclosure.item_counts import (
    ATTEMPTS,
    DONT_KNOW,
    OPTION,
    OUTCOME,
    RIGHT,
    RIGHT_AFTER,
    STILL_WRONG,
    SURE_WRONG,
    TALKS,
)
from quizapp.disclosure.publication import added_up, percentage
from quizapp.domain.outcomes import OUTCOME_LABELS, Outcome
from quizapp.domain.procedure import Item, Lesson, Misconception, Option, Procedure
from quizapp.reports.published_figures import GroupFigures
from quizapp.reports.tables import Cell

Rows = Iterator[tuple[Cell, ...]]
MEASURES = (ATTEMPTS, RIGHT, RIGHT_AFTER, STILL_WRONG, DONT_KNOW, SURE_WRONG)


@dataclass(frozen=True)
class KeptEdition:
    """An edition in its source language, and the first day it was served."""

    id: str
    first_day: date
    procedure: Procedure


@dataclass(frozen=True)
class Source:
    """What the tables are made of: figures as they may be shown, and the editions, oldest first.

    `percent_base`: the smallest number of which a percentage is given.
    """

    groups: tuple[GroupFigures, ...]
    percent_base: int
    editions: tuple[KeptEdition, ...] = ()

    def percent(self, part: int | None, base: int | None) -> int | None:
        return percentage(part, base, self.percent_base)


def place(group: GroupFigures) -> tuple[Cell, ...]:
    return (group.procedure.id, group.place.edition, group.place.language, group.place.quarter)


def summary(source: Source) -> Rows:
    for group in source.groups:
        start, counts = place(group), group.figures.counts
        everyone = group.figures.attempts
        yield (*start, "", "", ATTEMPTS, everyone, None)
        for band in group.figures.bands:
            yield (*start, "", _band(band.lowest, band.highest), "score", band.n, source.percent(band.n, everyone))
        for item in group.procedure.items():
            base = counts[item.id, ATTEMPTS, ""]
            for measure in MEASURES:
                n = counts[item.id, measure, ""]
                yield (*start, item.id, "", measure, n, None if measure == ATTEMPTS else source.percent(n, base))
            for option in item.forms[0].options:
                n = counts[item.id, OPTION, option.id]
                yield (*start, item.id, option.id, "option", n, source.percent(n, base))
            for outcome in Outcome:
                n = counts[item.id, OUTCOME, outcome.value]
                talks = counts[item.id, TALKS, ""]
                yield (*start, item.id, outcome.value, "outcome", n, source.percent(n, talks))


def options(source: Source) -> Rows:
    for group in source.groups:
        for item in group.procedure.items():
            base = group.figures.counts[item.id, ATTEMPTS, ""]
            form = item.forms[0]
            for option in form.options:
                n = group.figures.counts[item.id, OPTION, option.id]
                belief = group.procedure.misconception_name(option.misconception)
                yield (
                    *place(group), item.id, form.stem, option.id, option.text,
                    "yes" if option.key else "no", belief, base, n, source.percent(n, base),
                )  # fmt: skip


def misconceptions(source: Source) -> Rows:
    for group in source.groups:
        for belief, items, n in beliefs(group):
            yield (*place(group), belief.id, belief.name, " ".join(sorted(items)), n)


def beliefs(group: GroupFigures) -> Iterator[tuple[Misconception, set[str], int | None]]:
    """Each belief that options stand for, the items that have them, and how often they were chosen at first."""
    for belief in group.procedure.misconceptions:
        chosen = standing_for(group.procedure, belief.id)
        if chosen:
            counts = (group.figures.counts[item.id, OPTION, option.id] for item, option in chosen)
            yield belief, {item.id for item, _ in chosen}, added_up(counts)


def standing_for(procedure: Procedure, belief: str) -> list[tuple[Item, Option]]:
    """The options that stand for a belief, as asked at the first try."""
    return [
        (item, option)
        for item in procedure.items()
        for option in item.forms[0].options
        if option.misconception == belief
    ]


def scores(source: Source) -> Rows:
    for group in source.groups:
        for band in group.figures.bands:
            share = source.percent(band.n, group.figures.attempts)
            yield (*place(group), band.lowest, band.highest, band.n, share)


def outcomes(source: Source) -> Rows:
    for group in source.groups:
        for item in group.procedure.items():
            talks = group.figures.counts[item.id, TALKS, ""]
            for outcome in Outcome:
                n = group.figures.counts[item.id, OUTCOME, outcome.value]
                label = OUTCOME_LABELS[outcome]
                yield (*place(group), item.id, outcome.value, label, talks, n, source.percent(n, talks))


def editions(source: Source) -> Rows:
    before: Procedure | None = None
    for edition in source.editions:
        procedure = edition.procedure
        changes = edition_changes(before, procedure)
        yield (
            procedure.id, edition.id, edition.first_day.isoformat(), len(list(procedure.items())),
            " ".join(changes.added), " ".join(changes.changed), " ".join(changes.removed), " ".join(changes.lessons),
        )  # fmt: skip
        before = procedure


@dataclass(frozen=True)
class EditionChanges:
    """Ids of items that came, changed and went, and of lessons whose own texts changed, came or went."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


def edition_changes(before: Procedure | None, after: Procedure) -> EditionChanges:
    """What an edition changed in the source language's words; nothing for the first one."""
    if before is None:
        return EditionChanges()
    old = {item.id: item for item in before.items()}
    new = {item.id: item for item in after.items()}
    was, is_now = ({lesson.id: _own_texts(lesson) for lesson in each.lessons} for each in (before, after))
    return EditionChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(item_id for item_id in new.keys() & old.keys() if new[item_id] != old[item_id])),
        removed=tuple(sorted(old.keys() - new.keys())),
        lessons=tuple(sorted(id for id in was.keys() | is_now.keys() if was.get(id) != is_now.get(id))),
    )


def _own_texts(lesson: Lesson) -> tuple[str, ...]:
    blocks = [text for block in lesson.blocks for text in (block.heading, block.text, block.image, block.alt)]
    return (lesson.title, lesson.main, *blocks)


def _band(lowest: int, highest: int) -> str:
    return str(lowest) if lowest == highest else f"{lowest} to {highest}"

"""The report for a quality meeting: sums of published figures, and nothing that the tables do not publish."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy.orm import Session

from quizapp.aggregation.release import waiting
from quizapp.content.editions import Editions
from quizapp.disclosure.item_counts import ATTEMPTS, DONT_KNOW, OPTION, OUTCOME, RIGHT, STILL_WRONG, TALKS
from quizapp.disclosure.partial_sums import Pooled, pooled
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Lesson, Misconception, Option, Procedure
from quizapp.reports.edition_comparison import EditionChanges, edition_changes
from quizapp.reports.figures import (
    PROFILES,
    GroupFigures,
    Published,
    ServedEdition,
    Thresholds,
    disclosure_notes,
    options_of_belief,
    publish,
    waiting_note,
)
from quizapp.reports.query import Query, choices

USUAL_QUARTERS = 4
MAX_QUARTERS = 8  # more would not fit on the pages that a meeting reads
MAX_MISSED, MAX_BELIEFS, MAX_TALKS, MAX_EDITIONS, MAX_CHANGED_ITEMS = 8, 6, 6, 2, 4


class BadPeriod(Exception):
    """The quarters are not offered, out of order, or too many."""


@dataclass(frozen=True)
class Missed:
    """`missed` of `answers` were not right at the first try.

    If a group's number is left out, its people still count among the answers. Published numbers are rounded to 5, so
    `missed` and the share, a whole per cent or None, can be off by a few for each group.
    """

    missed: Pooled
    answers: int
    percent: int | None

    @property
    def is_shown(self) -> bool:
        return bool(self.answers and (self.missed.n or self.missed.complete))


@dataclass(frozen=True)
class MissedItem:
    """An item and who missed it; `instead`: the distractor chosen most often, None if none can be shown."""

    item: Item
    lesson: Lesson
    share: Missed
    still_wrong: Pooled
    dont_know: Pooled
    instead: Option | None


@dataclass(frozen=True)
class BeliefChosen:
    """How often options that show a belief were chosen at the first try, over all its items."""

    belief: Misconception
    items: tuple[Item, ...]
    chosen: Pooled


@dataclass(frozen=True)
class ItemTalks:
    """Talks about one item, by outcome."""

    item: Item
    talks: Pooled
    outcomes: Mapping[Outcome, Pooled]


@dataclass(frozen=True)
class Talks:
    """All talks; `items`: those talked about most, with numbers that can be shown."""

    talks: Pooled
    outcomes: Mapping[Outcome, Pooled]
    items: tuple[ItemTalks, ...]


@dataclass(frozen=True)
class ItemChange:
    """An item whose words or lesson changed: missed in the edition before, and in the new one."""

    item: Item
    before: Missed
    after: Missed


@dataclass(frozen=True)
class EditionChange:
    """A new edition and the one before it: the lessons and items that changed."""

    before: ServedEdition
    after: ServedEdition
    changes: EditionChanges
    lessons: tuple[Lesson, ...]
    items: tuple[ItemChange, ...]

    @property
    def shows_items(self) -> bool:
        return any(one.before.is_shown or one.after.is_shown for one in self.items)


@dataclass(frozen=True)
class Report:
    """`groups`: attempts are counted by quarter, edition and language; `left_out` of them have too few people.

    `procedure`: the last edition of the period, in its source language. `first` and `last` are "" if nothing can be
    shown yet; `quarters` are those to choose from. `is_whole`: nothing of the first answers is left out, so what is
    not among `missed` and `beliefs` did not happen.
    """

    procedure: Procedure
    first: str
    last: str
    quarters: tuple[str, ...]
    attempts: Pooled
    groups: int
    left_out: int
    is_whole: bool
    languages: tuple[str, ...]
    by_quarter: Mapping[str, Pooled]
    missed: tuple[MissedItem, ...]
    beliefs: tuple[BeliefChosen, ...]
    talks: Talks
    changes: tuple[EditionChange, ...]
    notes: tuple[str, ...]


def make_report(session: Session, editions: Editions, query: Query, thresholds: Thresholds, today: date) -> Report:
    """Return the report on the quarters of the query, or on the last ones that can be shown. Raise BadPeriod."""
    profile = PROFILES[query.profile]
    quarters = choices(session, query.procedure, query.profile, today).quarters
    first, last = _period(query, quarters)
    until = publish(session, editions, query.procedure, profile, thresholds, today).only(lambda p: p.quarter <= last)
    shown = until.only(lambda place: place.quarter >= first)
    served = [one for one in until.editions if any(group.place.edition == one.id for group in until.groups)]
    current = editions.catalogue.editions[query.procedure]
    procedure = served[-1].procedure if served else current.in_language(current.source)
    return Report(
        procedure=procedure,
        first=first,
        last=last,
        quarters=quarters,
        attempts=pooled(group.figures.attempts for group in shown.groups),
        groups=len(shown.groups),
        left_out=sum(group.figures.attempts is None for group in shown.groups),
        is_whole=_is_whole(shown.groups),
        languages=tuple(sorted({group.place.language for group in shown.groups})),
        by_quarter={
            quarter: pooled(group.figures.attempts for group in shown.groups if group.place.quarter == quarter)
            for quarter in quarters
            if first <= quarter <= last
        },
        missed=missed_items(procedure, shown),
        beliefs=beliefs_chosen(procedure, shown),
        talks=talks_in(procedure, shown),
        changes=_changes(until, served, first),
        notes=(
            waiting_note(waiting(session, query.procedure), profile, thresholds.min_group),
            *disclosure_notes(shown.groups, profile),
        ),
    )


def _period(query: Query, quarters: Sequence[str]) -> tuple[str, str]:
    if not (query.first or query.last):
        usual = quarters[-USUAL_QUARTERS:]
        return (usual[0], usual[-1]) if usual else ("", "")
    if not {query.first, query.last} <= {*quarters} or query.first > query.last:
        raise BadPeriod
    if quarters.index(query.last) - quarters.index(query.first) >= MAX_QUARTERS:
        raise BadPeriod
    return query.first, query.last


def _is_whole(groups: Iterable[GroupFigures]) -> bool:
    return all(
        group.figures.counts[item.id, measure, option] is not None
        for group in groups
        for item in group.procedure.items()
        for measure, option in [(DONT_KNOW, ""), *((OPTION, option.id) for option in item.forms[0].options)]
    )


def missed_items(procedure: Procedure, published: Published) -> tuple[MissedItem, ...]:
    """Return the items missed most; without those that nobody is shown to have missed.

    They are in the order of the whole per cent next to them (0 if none can be shown), equal ones in the order of the
    lessons. Nothing finer: the order by exact counts would tell what their rounding hides, and the published ones,
    rounded to 5, cannot tell which of two equal shares is the larger.
    """
    found = []
    for item in procedure.items():
        share, groups = _missed(item, published), _asking(item, published.groups)
        if share.missed.n:
            still_wrong, dont_know = (_sum(groups, item, measure) for measure in (STILL_WRONG, DONT_KNOW))
            chosen = {one: _sum(groups, item, OPTION, one.id).n for one in item.forms[0].options if not one.key}
            instead = max(chosen, key=lambda option: chosen[option])
            found.append(
                MissedItem(
                    item,
                    procedure.lesson_of(item.id),
                    share,
                    still_wrong,
                    dont_know,
                    instead if chosen[instead] else None,
                )
            )
    return tuple(sorted(found, key=lambda one: -(one.share.percent or 0))[:MAX_MISSED])


def _missed(item: Item, published: Published) -> Missed:
    """Add up the groups that show how many answered the item."""
    missed, answers = Pooled(0), 0
    for group in _asking(item, published.groups):
        counts = group.figures.counts
        n, right = counts[item.id, ATTEMPTS, ""] or 0, counts[item.id, RIGHT, ""]
        answers += n
        if right is not None:
            missed += Pooled(n - right)
        else:
            form = (group.procedure.item(item.id) or item).forms[0]
            wrong = [counts[item.id, OPTION, option.id] for option in form.options if not option.key]
            missed += pooled([*wrong, counts[item.id, DONT_KNOW, ""]])
    return Missed(missed, answers, published.percent(missed.n, answers))


def _asking(item: Item, groups: Iterable[GroupFigures]) -> list[GroupFigures]:
    """Return the groups whose edition asks the item, and which are large enough to show how many answered it."""
    return [group for group in groups if group.figures.counts.get((item.id, ATTEMPTS, "")) is not None]


def _sum(groups: Iterable[GroupFigures], item: Item, measure: str, value: str = "") -> Pooled:
    """Add up one count. A group whose edition does not have it makes the sum incomplete."""
    return pooled(group.figures.counts.get((item.id, measure, value)) for group in groups)


def beliefs_chosen(procedure: Procedure, published: Published) -> tuple[BeliefChosen, ...]:
    """Return the beliefs chosen most often, as far as is shown."""
    found = []
    for belief in procedure.misconceptions:
        chosen = pooled(
            group.figures.counts[item.id, OPTION, option.id]
            for group in published.groups
            for item, option in options_of_belief(group.procedure, belief.id)
            if group.figures.counts[item.id, ATTEMPTS, ""] is not None
        )
        items = {item.id: item for item, _ in options_of_belief(procedure, belief.id)}
        if chosen.n:
            found.append(BeliefChosen(belief, tuple(items.values()), chosen))
    return tuple(sorted(found, key=lambda one: -one.chosen.n)[:MAX_BELIEFS])


def talks_in(procedure: Procedure, published: Published) -> Talks:
    """Return how talks ended, over all items and for the items talked about most."""
    items = []
    for item in procedure.items():
        groups = [group for group in published.groups if (item.id, TALKS, "") in group.figures.counts]
        outcomes = {outcome: _sum(groups, item, OUTCOME, outcome.value) for outcome in Outcome}
        items.append(ItemTalks(item, _sum(groups, item, TALKS), outcomes))
    shown = sorted((one for one in items if one.talks.n), key=lambda one: -one.talks.n)
    return Talks(
        sum((one.talks for one in items), Pooled(0)),
        {outcome: sum((one.outcomes[outcome] for one in items), Pooled(0)) for outcome in Outcome},
        tuple(shown[:MAX_TALKS]),
    )


def _changes(until: Published, served: Sequence[ServedEdition], first_quarter: str) -> tuple[EditionChange, ...]:
    """Return the last editions that are new in the period, oldest first; `until`: all groups up to its end.

    An edition is new in the quarter of its first counted attempts. Its shares are of all attempts in `until`.
    """
    earlier = {group.place.edition for group in until.groups if group.place.quarter < first_quarter}
    pairs = [(before, after) for before, after in pairwise(served) if after.id not in earlier]
    return tuple(_change(before, after, until) for before, after in pairs[-MAX_EDITIONS:])


def _change(before: ServedEdition, after: ServedEdition, until: Published) -> EditionChange:
    changes = edition_changes(before.procedure, after.procedure)
    lessons = tuple(lesson for lesson in after.procedure.lessons if lesson.id in changes.lessons)
    old, new = until.only(lambda place: place.edition == before.id), until.only(lambda p: p.edition == after.id)
    items = [
        ItemChange(item, _missed(item, old), _missed(item, new))
        for lesson in after.procedure.lessons
        for item in lesson.items
        if (item.id in changes.changed or lesson.id in changes.lessons) and item.id not in changes.added
    ]
    items.sort(key=lambda one: -(one.before.percent or 0))
    return EditionChange(before, after, changes, lessons, tuple(items[:MAX_CHANGED_ITEMS]))

"""What the report for a quality meeting says: sums of published figures, and nothing that no table publishes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quizapp.disclosure.publication import PartialSum, partial_sum
from quizapp.disclosure.suppression import ATTEMPTS, DONT_KNOW, OPTION, OUTCOME, RIGHT, STILL_WRONG, TALKS
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Lesson, Misconception, Option, Procedure
from quizapp.reports.comparisons import EditionChanges, edition_changes
from quizapp.reports.figures import GroupFigures, Published, ServedEdition, options_of_belief

MAX_ITEMS, MAX_BELIEFS, MAX_TALKS, MAX_EDITIONS, MAX_CHANGED_ITEMS = 8, 6, 6, 2, 4
NONE = PartialSum(0)


@dataclass(frozen=True)
class Missed:
    """`missed` of `answers` were not right at the first try, as far as the published numbers show.

    `percent`, a whole per cent, is None unless both are complete: with a part left out it would be of other people
    than it says. `at_least` is the share that is shown to have missed it, for the order only. Published numbers are
    rounded to 5, so each can be off by a few for each group.
    """

    missed: PartialSum
    answers: PartialSum
    percent: int | None
    at_least: int | None


@dataclass(frozen=True)
class MissedItem:
    """An item and who missed it.

    `still_wrong` is None for an item that is asked once. `instead`: the distractor chosen most often, None if none can
    be shown, or if one that is left out may have been chosen more often.
    """

    item: Item
    lesson: Lesson
    share: Missed
    still_wrong: PartialSum | None
    dont_know: PartialSum
    instead: Option | None


@dataclass(frozen=True)
class BeliefChosen:
    """How often options that show a belief were chosen at the first try, over all its items."""

    belief: Misconception
    items: tuple[Item, ...]
    chosen: PartialSum


@dataclass(frozen=True)
class Talks:
    """Talks about one item, or about all of them; then `items` are those talked about most, if that can be shown."""

    talks: PartialSum
    outcomes: Mapping[Outcome, PartialSum]
    item: Item | None = None
    items: tuple["Talks", ...] = ()


@dataclass(frozen=True)
class ItemChange:
    """An item whose words or lesson changed: missed in the edition before, and in the new one."""

    item: Item
    before: Missed
    after: Missed


@dataclass(frozen=True)
class EditionChange:
    """A new edition and the one before it: the lessons and items that changed.

    `items`: those with both shares, the most missed before first; `too_few`: whether others are left out.
    """

    before: ServedEdition
    after: ServedEdition
    changes: EditionChanges
    lessons: tuple[Lesson, ...]
    items: tuple[ItemChange, ...]
    too_few: bool


def is_whole(groups: Iterable[GroupFigures]) -> bool:
    """Return whether all first answers are shown, so that what is not shown did not happen."""
    return all(
        group.figures.counts[item.id, measure, option] is not None
        for group in groups
        for item in group.procedure.items()
        for measure, option in [(DONT_KNOW, ""), *((OPTION, option.id) for option in item.forms[0].options)]
    )


def missed_items(procedure: Procedure, published: Published) -> tuple[MissedItem, ...]:
    """Return the items missed most; without those that no one is shown to have missed.

    They are in the order of the share that is shown to have missed them, in whole per cent (0 if none can be shown);
    equal ones in the order of the lessons. Nothing finer: the order by exact counts would tell what their rounding
    hides, and the published ones, rounded to 5, cannot tell which of two equal shares is the larger.
    """
    found = []
    for item in procedure.items():
        share, groups = missed_share(item, published), _asking(item, published.groups)
        if not share.missed.n:
            continue
        chosen = {one: _sum_of(groups, item, OPTION, one.id) for one in item.forms[0].options if not one.key}
        most = max(chosen, key=lambda option: chosen[option].n)
        instead = most if chosen[most].n and all(n.complete for n in chosen.values()) else None
        still_wrong = _sum_of(groups, item, STILL_WRONG) if item.tries > 1 else None
        dont_know = _sum_of(groups, item, DONT_KNOW)
        found.append(MissedItem(item, procedure.lesson_of(item.id), share, still_wrong, dont_know, instead))
    return tuple(sorted(found, key=lambda one: -(one.share.at_least or 0))[:MAX_ITEMS])


def missed_share(item: Item, published: Published) -> Missed:
    """Return who missed the item. A group that does not show how many answered makes both numbers incomplete."""
    missed, answers = NONE, NONE
    for group in _asking(item, published.groups):
        counts = group.figures.counts
        n, right = counts[item.id, ATTEMPTS, ""], counts[item.id, RIGHT, ""]
        answers += partial_sum([n])
        if n is not None and right is not None:
            missed += PartialSum(n - right)
        else:
            form = (group.procedure.item(item.id) or item).forms[0]
            wrong = [counts[item.id, OPTION, option.id] for option in form.options if not option.key]
            missed += partial_sum([*wrong, counts[item.id, DONT_KNOW, ""]])
    at_least = published.percent(missed.n, answers.n)
    return Missed(missed, answers, at_least if missed.complete and answers.complete else None, at_least)


def _asking(item: Item, groups: Iterable[GroupFigures]) -> list[GroupFigures]:
    """Return the groups whose edition asks the item."""
    return [group for group in groups if (item.id, ATTEMPTS, "") in group.figures.counts]


def _sum_of(groups: Iterable[GroupFigures], item: Item, measure: str, value: str = "") -> PartialSum:
    """Add up one count. A group whose edition does not have it makes the sum incomplete."""
    return partial_sum(group.figures.counts.get((item.id, measure, value)) for group in groups)


def beliefs_chosen(procedure: Procedure, published: Published) -> tuple[BeliefChosen, ...]:
    """Return the beliefs chosen most often, as far as is shown."""
    found = []
    for belief in procedure.misconceptions:
        chosen = sum((group.chosen(belief.id) for group in published.groups), NONE)
        items = {item.id: item for item, _ in options_of_belief(procedure, belief.id)}
        if chosen.n:
            found.append(BeliefChosen(belief, tuple(items.values()), chosen))
    return tuple(sorted(found, key=lambda one: -one.chosen.n)[:MAX_BELIEFS])


def talks_in(procedure: Procedure, published: Published) -> Talks:
    """Return how talks ended, over all items and for the items talked about most."""
    found = []
    for item in procedure.items():
        groups = _asking(item, published.groups)
        outcomes = {outcome: _sum_of(groups, item, OUTCOME, outcome.value) for outcome in Outcome}
        found.append(Talks(_sum_of(groups, item, TALKS), outcomes, item))
    most = sorted((one for one in found if one.talks.n), key=lambda one: -one.talks.n)[:MAX_TALKS]
    all_outcomes = {outcome: sum((one.outcomes[outcome] for one in found), NONE) for outcome in Outcome}
    return Talks(sum((one.talks for one in found), NONE), all_outcomes, items=tuple(most))


def new_editions(until: Published, served: Sequence[ServedEdition], first_quarter: str) -> tuple[EditionChange, ...]:
    """Return the last editions that are new in the period, oldest first; `until`: all groups up to its end.

    An edition is new in the quarter of its first counted attempts. Its shares are of all attempts in `until`.
    """
    earlier = {group.place.edition for group in until.groups if group.place.quarter < first_quarter}
    pairs = [(before, after) for before, after in pairwise(served) if after.id not in earlier]
    return tuple(_change(before, after, until) for before, after in pairs[-MAX_EDITIONS:])


def _change(before: ServedEdition, after: ServedEdition, until: Published) -> EditionChange:
    changes = edition_changes(before.procedure, after.procedure)
    old, new = until.only(lambda place: place.edition == before.id), until.only(lambda p: p.edition == after.id)
    items = [
        ItemChange(item, missed_share(item, old), missed_share(item, new))
        for lesson in after.procedure.lessons
        for item in lesson.items
        if (item.id in changes.changed or lesson.id in changes.lessons) and item.id not in changes.added
    ]
    complete = [one for one in items if one.before.percent is not None and one.after.percent is not None]
    complete.sort(key=lambda one: -(one.before.percent or 0))
    lessons = tuple(lesson for lesson in after.procedure.lessons if lesson.id in changes.lessons)
    too_few = len(complete) < len(items)
    return EditionChange(before, after, changes, lessons, tuple(complete[:MAX_CHANGED_ITEMS]), too_few)

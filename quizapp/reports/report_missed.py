"""What was most misunderstood, as far as published numbers tell: at least so many."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.disclosure.item_counts import ATTEMPTS, DONT_KNOW, OPTION, RIGHT, STILL_WRONG
from quizapp.disclosure.partial_sums import Pooled, pooled
from quizapp.domain.procedure import Item, Lesson, Misconception, Option, Procedure
from quizapp.reports.export_rows import Source, standing_for
from quizapp.reports.published_figures import GroupFigures

MOST_ITEMS = 8
MOST_BELIEFS = 6


@dataclass(frozen=True)
class Missed:
    """`missed` of `answers` were not right at the first try.

    Where a group's number is left out, its people still count among the answers. Published numbers are rounded to 5,
    so `missed` and the share, a whole per cent or None, can be off by a few for each group.
    """

    missed: Pooled
    answers: int
    percent: int | None


@dataclass(frozen=True)
class MissedItem:
    """An item and who missed it; `instead`: the distractor chosen most often, None where none can be shown."""

    item: Item
    lesson: Lesson
    share: Missed
    still_wrong: Pooled
    dont_know: Pooled
    instead: Option | None


@dataclass(frozen=True)
class BeliefChosen:
    """How often options that stand for a belief were chosen at the first try, over all its items."""

    belief: Misconception
    items: tuple[Item, ...]
    chosen: Pooled


def missed_items(procedure: Procedure, source: Source) -> tuple[MissedItem, ...]:
    """The items missed most; those that nobody is shown to have missed are not among them.

    Ordered by the whole per cent that stands beside them (as 0 where none can be shown), equal ones in the order of
    the walk. Nothing finer: the exact counts would tell through the order what their rounding keeps back, and the
    published ones, rounded to 5, cannot tell which of two equal shares is the larger.
    """
    found = []
    for item in procedure.items():
        groups = having(item, source.groups)
        share = missed_share(item, groups, source)
        if share.missed.n:
            found.append(
                MissedItem(
                    item,
                    procedure.lesson_of(item.id),
                    share,
                    _pool(groups, item, STILL_WRONG),
                    _pool(groups, item, DONT_KNOW),
                    _instead(item, groups),
                )
            )
    return tuple(sorted(found, key=lambda one: -(one.share.percent or 0))[:MOST_ITEMS])


def is_whole(groups: Iterable[GroupFigures]) -> bool:
    """Whether it is shown of every first answer how often it was given, so that what is not shown did not happen."""
    return all(
        group.figures.counts[item.id, measure, option] is not None
        for group in groups
        for item in group.procedure.items()
        for measure, option in [(DONT_KNOW, ""), *((OPTION, option.id) for option in item.forms[0].options)]
    )


def missed_share(item: Item, groups: Iterable[GroupFigures], source: Source) -> Missed:
    """Over groups that show how many answered the item."""
    missed, answers = Pooled(0), 0
    for group in having(item, groups):
        answers += group.figures.counts[item.id, ATTEMPTS, ""] or 0
        missed += _missed_in(item, group)
    return Missed(missed, answers, source.percent(missed.n, answers))


def having(item: Item, groups: Iterable[GroupFigures]) -> list[GroupFigures]:
    """The groups whose edition asks the item, and which are large enough to show how many answered it."""
    return [group for group in groups if group.figures.counts.get((item.id, ATTEMPTS, "")) is not None]


def _missed_in(item: Item, group: GroupFigures) -> Pooled:
    counts = group.figures.counts
    right, answers = counts[item.id, RIGHT, ""], counts[item.id, ATTEMPTS, ""]
    if right is not None and answers is not None:
        return Pooled(answers - right)
    form = (group.procedure.item(item.id) or item).forms[0]
    wrong = [counts[item.id, OPTION, option.id] for option in form.options if not option.key]
    return pooled([*wrong, counts[item.id, DONT_KNOW, ""]])


def _instead(item: Item, groups: Iterable[GroupFigures]) -> Option | None:
    chosen = {
        option: pooled(group.figures.counts.get((item.id, OPTION, option.id)) for group in groups).n
        for option in item.forms[0].options
        if not option.key
    }
    most = max(chosen, key=lambda option: chosen[option])
    return most if chosen[most] else None


def _pool(groups: Iterable[GroupFigures], item: Item, measure: str) -> Pooled:
    return pooled(group.figures.counts[item.id, measure, ""] for group in groups)


def beliefs_chosen(procedure: Procedure, source: Source) -> tuple[BeliefChosen, ...]:
    """The beliefs chosen most often, as far as is shown."""
    found = []
    for belief in procedure.misconceptions:
        chosen = Pooled(0)
        for group in source.groups:
            chosen += pooled(
                group.figures.counts[item.id, OPTION, option.id]
                for item, option in standing_for(group.procedure, belief.id)
                if group.figures.counts[item.id, ATTEMPTS, ""] is not None
            )
        items = {item.id: item for item, _ in standing_for(procedure, belief.id)}
        if chosen.n:
            found.append(BeliefChosen(belief, tuple(items.values()), chosen))
    return tuple(sorted(found, key=lambda one: -one.chosen.n)[:MOST_BELIEFS])

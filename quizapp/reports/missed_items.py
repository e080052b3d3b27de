"""What was most misunderstood, as far as published figures show: at least so many."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.disclosure.item_counts import ATTEMPTS, DONT_KNOW, OPTION, RIGHT, STILL_WRONG
from quizapp.disclosure.partial_sums import PartialSum, partial_sum
from quizapp.domain.procedure import Item, Lesson, Misconception, Option, Procedure
from quizapp.reports.figures import GroupFigures, Published, options_of_belief

MAX_ITEMS, MAX_BELIEFS = 8, 6


@dataclass(frozen=True)
class Missed:
    """`missed` of `answers` were not right at the first try.

    If a group's number is left out, its people still count among the answers. Published numbers are rounded to 5, so
    `missed` and the share, a whole per cent or None, can be off by a few for each group.
    """

    missed: PartialSum
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
    still_wrong: PartialSum
    dont_know: PartialSum
    instead: Option | None


@dataclass(frozen=True)
class BeliefChosen:
    """How often options that show a belief were chosen at the first try, over all its items."""

    belief: Misconception
    items: tuple[Item, ...]
    chosen: PartialSum


def is_whole(groups: Iterable[GroupFigures]) -> bool:
    """Return whether all first answers are shown, so that what is not shown did not happen."""
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
        share, groups = missed_share(item, published), _asking(item, published.groups)
        if share.missed.n:
            still_wrong, dont_know = (sum_of(groups, item, measure) for measure in (STILL_WRONG, DONT_KNOW))
            chosen = {one: sum_of(groups, item, OPTION, one.id).n for one in item.forms[0].options if not one.key}
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
    return tuple(sorted(found, key=lambda one: -(one.share.percent or 0))[:MAX_ITEMS])


def missed_share(item: Item, published: Published) -> Missed:
    """Return who missed the item: add up the groups that show how many answered the item."""
    missed, answers = PartialSum(0), 0
    for group in _asking(item, published.groups):
        counts = group.figures.counts
        n, right = counts[item.id, ATTEMPTS, ""] or 0, counts[item.id, RIGHT, ""]
        answers += n
        if right is not None:
            missed += PartialSum(n - right)
        else:
            form = (group.procedure.item(item.id) or item).forms[0]
            wrong = [counts[item.id, OPTION, option.id] for option in form.options if not option.key]
            missed += partial_sum([*wrong, counts[item.id, DONT_KNOW, ""]])
    return Missed(missed, answers, published.percent(missed.n, answers))


def _asking(item: Item, groups: Iterable[GroupFigures]) -> list[GroupFigures]:
    """Return the groups whose edition asks the item, and which are large enough to show how many answered it."""
    return [group for group in groups if group.figures.counts.get((item.id, ATTEMPTS, "")) is not None]


def sum_of(groups: Iterable[GroupFigures], item: Item, measure: str, value: str = "") -> PartialSum:
    """Add up one count. A group whose edition does not have it makes the sum incomplete."""
    return partial_sum(group.figures.counts.get((item.id, measure, value)) for group in groups)


def beliefs_chosen(procedure: Procedure, published: Published) -> tuple[BeliefChosen, ...]:
    """Return the beliefs chosen most often, as far as is shown."""
    found = []
    for belief in procedure.misconceptions:
        chosen = partial_sum(
            group.figures.counts[item.id, OPTION, option.id]
            for group in published.groups
            for item, option in options_of_belief(group.procedure, belief.id)
            if group.figures.counts[item.id, ATTEMPTS, ""] is not None
        )
        items = {item.id: item for item, _ in options_of_belief(procedure, belief.id)}
        if chosen.n:
            found.append(BeliefChosen(belief, tuple(items.values()), chosen))
    return tuple(sorted(found, key=lambda one: -one.chosen.n)[:MAX_BELIEFS])

"""What was most misunderstood, as far as published figures show: at least so many."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.disclosure.item_counts import ATTEMPTS, DONT_KNOW, OPTION, RIGHT, STILL_WRONG
from quizapp.disclosure.publication import PartialSum, partial_sum
from quizapp.domain.procedure import Item, Lesson, Misconception, Option, Procedure
from quizapp.reports.figures import GroupFigures, Published, options_of_belief

MAX_ITEMS, MAX_BELIEFS = 8, 6


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

    @property
    def is_shown(self) -> bool:
        return bool(self.answers.n and (self.missed.n or self.missed.complete))


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
        if share.missed.n:
            chosen = {one: sum_of(groups, item, OPTION, one.id) for one in item.forms[0].options if not one.key}
            instead = max(chosen, key=lambda option: chosen[option].n)
            found.append(
                MissedItem(
                    item,
                    procedure.lesson_of(item.id),
                    share,
                    sum_of(groups, item, STILL_WRONG) if item.tries > 1 else None,
                    sum_of(groups, item, DONT_KNOW),
                    instead if chosen[instead].n and all(n.complete for n in chosen.values()) else None,
                )
            )
    return tuple(sorted(found, key=lambda one: -(one.share.at_least or 0))[:MAX_ITEMS])


def missed_share(item: Item, published: Published) -> Missed:
    """Return who missed the item. A group that does not show how many answered makes both numbers incomplete."""
    missed, answers = PartialSum(0), PartialSum(0)
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
        )
        items = {item.id: item for item, _ in options_of_belief(procedure, belief.id)}
        if chosen.n:
            found.append(BeliefChosen(belief, tuple(items.values()), chosen))
    return tuple(sorted(found, key=lambda one: -one.chosen.n)[:MAX_BELIEFS])

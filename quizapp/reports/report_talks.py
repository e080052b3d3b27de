"""What was done: how talks ended."""

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.disclosure.item_counts import OUTCOME, TALKS
from quizapp.disclosure.partial_sums import Pooled, pooled
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Procedure
from quizapp.reports.export_rows import Source

MOST_ITEMS = 6


@dataclass(frozen=True)
class ItemTalks:
    """Talks about one item, by how they ended."""

    item: Item
    talks: Pooled
    outcomes: Mapping[Outcome, Pooled]


@dataclass(frozen=True)
class Talks:
    """All talks; `items`: those talked about most, with numbers that can be shown."""

    talks: Pooled
    outcomes: Mapping[Outcome, Pooled]
    items: tuple[ItemTalks, ...]


def talks_in(procedure: Procedure, source: Source) -> Talks:
    every = [_of(item, source) for item in procedure.items()]
    shown = sorted((one for one in every if one.talks.n), key=lambda one: -one.talks.n)
    return Talks(
        sum((one.talks for one in every), Pooled(0)),
        {outcome: sum((one.outcomes[outcome] for one in every), Pooled(0)) for outcome in Outcome},
        tuple(shown[:MOST_ITEMS]),
    )


def _of(item: Item, source: Source) -> ItemTalks:
    groups = [group for group in source.groups if (item.id, TALKS, "") in group.figures.counts]
    return ItemTalks(
        item,
        pooled(group.figures.counts[item.id, TALKS, ""] for group in groups),
        {
            outcome: pooled(group.figures.counts[item.id, OUTCOME, outcome.value] for group in groups)
            for outcome in Outcome
        },
    )

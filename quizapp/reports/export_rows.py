"""The rows of the tables that can be exported, from published figures."""

from collections.abc import Iterator
from dataclasses import dataclass

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
from quizapp.disclosure.publication import Band, partial_sum
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Misconception, Option, Procedure
from quizapp.reports.edition_comparison import EditionChanges, edition_changes
from quizapp.reports.figures import GroupFigures, Published, ServedEdition, options_of_belief

MEASURES = (RIGHT, RIGHT_AFTER, STILL_WRONG, DONT_KNOW, SURE_WRONG)


@dataclass(frozen=True)
class Row:
    """A count of a group, the count that `percent` is of, and what it is about, as far as the table's columns say."""

    group: GroupFigures
    n: int | None
    base: int | None = None
    percent: int | None = None
    measure: str = ""
    value: str = ""
    item: Item | None = None
    items: tuple[str, ...] = ()
    option: Option | None = None
    belief: Misconception | None = None
    band: Band | None = None
    outcome: Outcome | None = None


def summary(published: Published) -> Iterator[Row]:
    percent = published.percent
    for group in published.groups:
        counts, everyone = group.figures.counts, group.figures.attempts
        yield Row(group, everyone, measure=ATTEMPTS)
        for band in group.figures.bands:
            value = str(band.lowest) if band.lowest == band.highest else f"{band.lowest} to {band.highest}"
            yield Row(group, band.n, everyone, percent(band.n, everyone), "score", value)
        for item in group.procedure.items():
            base, talks = counts[item.id, ATTEMPTS, ""], counts[item.id, TALKS, ""]
            yield Row(group, base, measure=ATTEMPTS, item=item)
            cells = [(measure, "", base) for measure in MEASURES]
            cells += [(OPTION, option.id, base) for option in item.forms[0].options]
            cells += [(OUTCOME, outcome.value, talks if outcome.is_talk else None) for outcome in Outcome]
            for measure, value, whole in cells:
                n = counts[item.id, measure, value]
                yield Row(group, n, whole, percent(n, whole), measure, value, item)


def options(published: Published) -> Iterator[Row]:
    for group in published.groups:
        for item in group.procedure.items():
            base = group.figures.counts[item.id, ATTEMPTS, ""]
            for option in item.forms[0].options:
                n = group.figures.counts[item.id, OPTION, option.id]
                yield Row(group, n, base, published.percent(n, base), item=item, option=option)


def beliefs(published: Published) -> Iterator[Row]:
    """How often each belief that options show was chosen at the first try, and at which items it can be."""
    for group in published.groups:
        for belief in group.procedure.misconceptions:
            chosen = options_of_belief(group.procedure, belief.id)
            if chosen:
                n = partial_sum(group.figures.counts[item.id, OPTION, option.id] for item, option in chosen)
                yield Row(group, n.exact, belief=belief, items=tuple(sorted({item.id for item, _ in chosen})))


def scores(published: Published) -> Iterator[Row]:
    for group in published.groups:
        everyone = group.figures.attempts
        for band in group.figures.bands:
            yield Row(group, band.n, everyone, published.percent(band.n, everyone), band=band)


def outcomes(published: Published) -> Iterator[Row]:
    for group in published.groups:
        for item in group.procedure.items():
            talks = group.figures.counts[item.id, TALKS, ""]
            for outcome in Outcome:
                n = group.figures.counts[item.id, OUTCOME, outcome.value]
                percent = published.percent(n, talks) if outcome.is_talk else None
                yield Row(group, n, talks, percent, item=item, outcome=outcome)


@dataclass(frozen=True)
class EditionRow:
    """An edition, and what it changed."""

    edition: ServedEdition
    changes: EditionChanges


def editions(published: Published) -> Iterator[EditionRow]:
    before: Procedure | None = None
    for edition in published.editions:
        yield EditionRow(edition, edition_changes(before, edition.procedure))
        before = edition.procedure

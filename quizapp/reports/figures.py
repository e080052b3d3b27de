"""The figures behind insights, report and exports: what each is called, and what the disclosure step lets out of it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import Cells, Place, quarter_of
from quizapp.content.editions import Editions, stored_editions
from quizapp.disclosure import publication, suppression
from quizapp.disclosure.publication import Figures, Group, PartialSum, partial_sum, percentage
from quizapp.disclosure.suppression import OPTION, OUTCOME, Count, least_shown, rounded
from quizapp.domain.gettext_marker import N_
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Option, Procedure
from quizapp.stats.classical_test_theory import NOBODY, ScoreSums
from quizapp.stats.item_figures import ItemFigures, ResponseCell, item_figures


def figures_of(procedure: Procedure, *places: Cells) -> tuple[ItemFigures, ...]:
    """Return the figures of every item, in the order of the lessons; `places` are of the procedure's edition only."""
    cells: dict[str, dict[ResponseCell, ScoreSums]] = defaultdict(lambda: defaultdict(lambda: NOBODY))
    for cell, scores in chain.from_iterable(place.items() for place in places):
        cells[cell.item][cell] += scores
    return tuple(item_figures(item, cells[item.id]) for item in procedure.items())


@dataclass(frozen=True)
class Profile:
    """Who figures are for. `title` is for files, `name` for pages. `is_public`: small counts are left out, the rest
    rounded, and the current quarter is not shown.
    """

    id: str
    title: str
    name: str
    is_public: bool

    def disclose(self, group: Group, min_group: int) -> Figures:
        return publication.publishable(group, min_group) if self.is_public else publication.internal(group)


PROFILES = {
    profile.id: profile
    for profile in (
        Profile("publishable", "Publishable: small counts left out, the rest rounded", N_("Publishable"), True),
        Profile("internal", "Internal: exact counts, NOT FOR PUBLICATION", N_("Internal, exact"), False),
    )
}


@dataclass(frozen=True)
class Thresholds:
    """From the settings: how many attempts enter the tallies together, and the smallest base of a percentage."""

    min_group: int
    percent_base: int


@dataclass(frozen=True)
class GroupFigures:
    """What may be shown of the attempts at one place, under which threshold, and the content they were made on."""

    place: Place
    procedure: Procedure
    figures: Figures
    min_group: int

    def chosen(self, belief: str) -> PartialSum:
        """Return how often options that show a belief were chosen at the first try."""
        options = options_of_belief(self.procedure, belief)
        return partial_sum(self.figures.counts[item.id, OPTION, option.id] for item, option in options)


@dataclass(frozen=True)
class ServedEdition:
    """An edition in its source language, and the first day it was served."""

    id: str
    first_day: date
    procedure: Procedure


@dataclass(frozen=True)
class Published:
    """What the exported tables and the report are made of: figures after the disclosure step, and all editions.

    Groups are in the order of their places, editions oldest first. `percent_base`: the smallest base of a percentage.
    """

    groups: tuple[GroupFigures, ...]
    percent_base: int
    editions: tuple[ServedEdition, ...] = ()

    def percent(self, part: int | None, base: int | None) -> int | None:
        return percentage(part, base, self.percent_base)

    def attempts(self, quarter: str = "") -> PartialSum:
        """Return how many attempts are shown; "" for all quarters."""
        return partial_sum(group.figures.attempts for group in self.groups if quarter in ("", group.place.quarter))

    def only(self, is_wanted: Callable[[Place], bool]) -> "Published":
        return replace(self, groups=tuple(group for group in self.groups if is_wanted(group.place)))


def publish(
    session: Session, editions: Editions, procedure_id: str, profile: Profile, limits: Thresholds, today: date
) -> Published:
    """Return everything that may be shown of a procedure. The disclosure step sees whole groups, so cut afterwards."""
    served = []
    for row in stored_editions(session, procedure_id):
        edition = editions.by_id(session, row.id)
        served.append(ServedEdition(row.id, row.first_day, edition.in_language(edition.source)))
    groups = group_figures(session, editions, procedure_id, profile, today)
    return Published(groups, limits.percent_base if profile.is_public else 1, tuple(served))


def group_figures(
    session: Session, editions: Editions, procedure_id: str, profile: Profile, today: date
) -> tuple[GroupFigures, ...]:
    """Return the figures at every place of a procedure, oldest quarter first. Read the tallies only.

    Each quarter is published under the threshold that it was counted under, whatever is set now.
    """
    cells = tallies.cells(session, procedure_id, by_quarter=True)
    scores, talks = tallies.scores(session, procedure_id), tallies.talks(session, procedure_id)
    min_groups = tallies.thresholds(session)
    found = []
    for place in sorted({*cells, *talks}):
        if profile.is_public and not is_over(place.quarter, today):
            continue
        procedure = editions.by_id(session, place.edition).in_language(place.language)
        group = Group(
            tuple(_item_tree(figures) for figures in figures_of(procedure, cells.get(place, {}))),
            scores.get(place, {}),
            tuple(count for item in procedure.items() for count in _talks(item, talks.get(place, {}))),
        )
        # A program from before thresholds were kept may have counted in a quarter that has none yet.
        min_group = min_groups.get(place.quarter) or max(min_groups.values())
        found.append(GroupFigures(place, procedure, profile.disclose(group, min_group), min_group))
    return tuple(found)


def is_over(quarter: str, today: date) -> bool:
    """Return whether nothing more is counted in a quarter: from the second day of the next one.

    Not from the first: a batch that began a moment before midnight may still be on its way.
    """
    return quarter < quarter_of(today - timedelta(days=1))


def _item_tree(figures: ItemFigures) -> Count:
    return suppression.item_tree(
        figures.item.id,
        figures.item.forms[0].key.id,
        {one.option.id: one.share.count for one in figures.options},
        figures.dont_know.count,
        figures.right_after.count,
        figures.sure_and_wrong.count,
    )


def _talks(item: Item, counts: Mapping[tuple[str, str], int]) -> tuple[Count, Count]:
    """Return the talks about an item, and apart from them how often it was not talked about."""
    ended = {outcome.value: counts.get((item.id, outcome.value), 0) for outcome in Outcome}
    not_talked = ended.pop(Outcome.NOT_TALKED.value)
    return suppression.talks(item.id, ended), Count((item.id, OUTCOME, Outcome.NOT_TALKED.value), not_talked)


def options_of_belief(procedure: Procedure, belief: str) -> list[tuple[Item, Option]]:
    """Return the options that show a belief, as asked at the first try."""
    return [
        (item, option)
        for item in procedure.items()
        for option in item.forms[0].options
        if option.misconception == belief
    ]


def notes_on(groups: Iterable[GroupFigures], waiting: int, profile: Profile, min_group: int) -> tuple[str, ...]:
    """Say how many attempts wait; and what was left out and why, unless the counts are exact.

    In English, like the columns of the tables that carry the notes: a file must not differ with the language of the
    person who downloads it. The report repeats them as published, and marks them as English.
    """
    how_many = f"{waiting or 'No'} finished attempts {'still wait' if waiting else 'wait'} to be counted."
    if not profile.is_public:
        return (how_many,)
    if waiting:
        least = least_shown(min_group)
        about = f"Fewer than {least}" if waiting < least else f"About {rounded(waiting)}"
        how_many = f"{about} finished attempts still wait to be counted."
    below = " or ".join(str(n) for n in sorted({group.min_group for group in groups}))
    left_out = f"Counts below {below} are left out" if below else "Small counts are left out"
    return (
        how_many,
        f"{left_out}, and others so that none of those can be worked out. The rest are rounded to 5, and "
        "percentages are of rounded numbers. Only quarters that are over are shown.",
    )

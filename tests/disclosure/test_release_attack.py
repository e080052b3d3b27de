"""What a linear solver can work out from everything published: no count from 1 to 10.

Everything: each number of each table, the percentages, the sums over questions, quarters and languages, and the
report; of one release, and of the next one, which may come under another threshold.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from quizapp.aggregation.tallies import Place
from quizapp.disclosure.publication import Figures, Group, internal, publishable
from quizapp.reports.figures import GroupFigures
from tests.disclosure.suppression_solver import SAME, Form, Limits, People, not_reached, people, read, total
from tests.reports.export_readers import Release, release_of
from tests.reports.made_up_quarters import procedure_of, two_quarters

pytestmark = pytest.mark.slow

QUARTERS = ("2026-Q1", "2026-Q2")


@dataclass(frozen=True)
class Quarter:
    """What happened in a quarter, and the threshold that it is published under."""

    name: str
    group: Group
    min_group: int

    def published(self, figures: Figures) -> GroupFigures:
        return GroupFigures(Place(self.name, "e", "en"), procedure_of(self.group), figures, self.min_group)


def quarters_of(number: int) -> list[Quarter]:
    """Two quarters; every third time the threshold is lowered to 5 between them."""
    min_groups = (11, 5 if number % 3 == 0 else 11)
    return [Quarter(*each) for each in zip(QUARTERS, two_quarters(number), min_groups, strict=True)]


def two_releases(quarters: Sequence[Quarter]) -> list[Release]:
    """One after the first quarter, one after the second with both."""
    shown = [quarter.published(publishable(quarter.group, quarter.min_group)) for quarter in quarters]
    return [release_of(shown[:closed]) for closed in (1, 2)]


def worked_out(quarters: Sequence[Quarter], releases: Sequence[Release], *, whole: bool) -> list[str]:
    """What a solver finds out about counts from 1 to 10, and sums of them that a reader can form.

    Either that they are small, or that they are more than 1 (of a sum: more than the noughts alone tell).
    """
    limits, naive = Limits(whole), Limits(whole)
    crowds = {quarter.name: people(limits, quarter.group) for quarter in quarters}
    for quarter in quarters:
        people(naive, quarter.group)
    for release in releases:
        for quarter in quarters:
            if quarter.name in release.figures:
                figures = release.figures[quarter.name]
                read(limits, crowds[quarter.name], quarter.group, figures)
                read(naive, crowds[quarter.name], quarter.group, figures, noughts_only=True)
        read_sums(limits, crowds, release)
    targets = small_counts(quarters, crowds)
    forms = {cell: form for cell, (form, _) in targets.items()}
    small = {
        cell: value
        for least in {least for _, least in targets.values()}
        for cell, value in not_reached(
            limits,
            {cell: form for cell, (form, own) in targets.items() if own == least},
            1,
            lambda value, least=least: value >= least - SAME,
        ).items()
    }
    more = not_reached(limits, forms, -1, lambda value: value <= 1 + SAME)
    known = not_reached(naive, {cell: forms[cell] for cell in more}, -1, lambda value: value <= 1 + SAME)
    return [
        *(f"{cell} is at most {value:.2f}" for cell, value in small.items()),
        *(f"{cell} is at least {value:.2f}" for cell, value in more.items() if value > known.get(cell, 1) + SAME),
    ]


def small_counts(quarters: Sequence[Quarter], crowds: Mapping[str, People]) -> dict[tuple[str, ...], tuple[Form, int]]:
    """What is to be worked out, and from where on it would not be small: counts of each quarter and of both
    together, and of each belief."""
    forms: dict[tuple[str, ...], Form] = {}
    truth, least = Counter[tuple[str, ...]](), {}
    for quarter in quarters:
        beliefs = {
            (item.id, "option", option.id): option.misconception
            for item in procedure_of(quarter.group).items()
            for option in item.forms[0].options
        }
        for count in (count for tree in quarter.group.trees() for count in tree.level_by_level()):
            cells = [(quarter.name, *count.id), ("both", *count.id)]
            if beliefs.get(count.id):
                cells.append((quarter.name, "belief", beliefs[count.id]))
            for cell in cells:
                forms[cell] = forms.get(cell, Form()) + crowds[quarter.name].counts[count.id]
                truth[cell] += count.n
                least[cell] = min(least.get(cell, quarter.min_group), quarter.min_group)
    return {cell: (form, least[cell]) for cell, form in forms.items() if 1 <= truth[cell] < least[cell]}


def read_sums(limits: Limits, crowds: Mapping[str, People], release: Release) -> None:
    """Beliefs, and all that the report adds up."""
    for one in release.sums:
        form = total(crowds[quarter].counts[cell] for quarter, cell in one.parts)
        limits.between(form, one.shown - one.slack, float("inf") if one.at_least else one.shown + one.slack)


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        pytest.param(0, 150, False, id="150 pairs of releases"),
        pytest.param(150, 200, True, id="50 pairs of releases, whole people"),
        *(
            pytest.param(first, first + 1000, False, id=f"from {first}", marks=pytest.mark.full)
            for first in range(0, 10_000, 1000)
        ),
    ],
)
def test_it_lets_a_solver_work_out_no_count_from_1_to_10(first: int, last: int, whole: bool) -> None:
    for number in range(first, last):
        quarters = quarters_of(number)
        assert worked_out(quarters, two_releases(quarters), whole=whole) == [], f"made up from {number}"


def hidden_only(quarter: Quarter) -> Figures:
    """What others publish: small counts left out, and nothing else done."""
    exact = internal(quarter.group)
    return Figures(
        quarter.group.attempts,
        {cell: None if n is not None and 1 <= n < quarter.min_group else n for cell, n in exact.counts.items()},
        (),
    )


def test_the_solver_works_out_counts_that_are_merely_hidden() -> None:
    """The attack itself is able: otherwise the test above would say nothing."""
    found = 0
    for number in range(20):
        quarters = quarters_of(number)
        releases = [release_of([quarter.published(hidden_only(quarter)) for quarter in quarters])]
        found += bool(worked_out(quarters, releases, whole=False))
    assert found >= 15


def test_the_solver_works_out_counts_of_a_quarter_that_is_published_under_two_thresholds() -> None:
    """Why each quarter keeps its threshold: under 11 and again under 5, some counts below 11 come out."""
    found = 0
    for number in range(60):
        quarters = quarters_of(number)[:1]
        releases = [
            release_of([quarter.published(publishable(quarter.group, min_group)) for quarter in quarters])
            for min_group in (11, 5)
        ]
        found += bool(worked_out(quarters, releases, whole=False))
    assert found >= 5

"""What a linear solver can work out from everything published: no count from 1 to 10."""

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from quizapp.domain.disclosure import Figures, Group, added_up, internal, publishable
from quizapp.domain.item_counts import ItemCounts, talks
from tests.domain.attacking import SAME, Form, Limits, People, near, not_reached, people, read, total

MIN_GROUP = 11
MISCONCEPTION = (("i0", "option", "o1"), ("i1", "option", "o1"))  # two distractors that stand for one belief


def made_up_items(rng: random.Random, n: int, items: int, options: int) -> Group:
    """n people who answer all items: hard or easy ones, known or not, sure or not, right after it or not."""
    easy = [rng.choice((0.05, 0.5, 0.8, 0.9, 0.97)) for _ in range(items)]
    unknown, sure, first = rng.random() ** 2, rng.random(), rng.random()
    after = rng.choice((0.0, 0.3, 0.7, 0.95, 1.0))
    chosen = [dict.fromkeys([f"o{i}" for i in range(options)], 0) for _ in range(items)]
    other = [Counter[str]() for _ in range(items)]
    scores = Counter[int]()
    for _ in range(n):
        score = 0
        for item in range(items):
            if rng.random() < easy[item]:
                chosen[item]["o0"] += 1
                score += 1
                continue
            other[item]["after"] += rng.random() < after
            if rng.random() < unknown:
                other[item]["unknown"] += 1
                continue
            distractor = next((i for i in range(1, options - 1) if rng.random() < first), options - 1)
            chosen[item][f"o{distractor}"] += 1
            other[item]["sure"] += rng.random() < sure
        scores[score] += 1
    counted = zip(chosen, other, strict=True)
    return Group(
        tuple(
            ItemCounts(f"i{i}", "o0", option, count["unknown"], count["after"], count["sure"])
            for i, (option, count) in enumerate(counted)
        ),
        scores,
    )


def made_up_group(rng: random.Random, items: int, options: int) -> Group:
    """Few people or many, and talks with them."""
    n = rng.choice((rng.randint(5, 40), rng.randint(26, 90), rng.randint(60, 400)))
    group = made_up_items(rng, n, items, options)
    outcomes = [
        {f"t{i}": rng.choice((0, rng.randint(0, 14), rng.randint(0, 80))) for i in range(4)} for _ in range(items)
    ]
    return Group(group.items, group.scores, tuple(talks(f"i{i}", counts) for i, counts in enumerate(outcomes)))


def two_quarters(number: int) -> list[Group]:
    rng = random.Random(number)
    items, options = rng.randint(1, 4), rng.randint(2, 4)
    return [made_up_group(rng, items, options) for _ in range(2)]


def two_releases(quarters: Sequence[Group]) -> list[list[Figures]]:
    """One after the first quarter, one after the second with both."""
    return [[publishable(group, MIN_GROUP) for group in quarters[:closed]] for closed in (1, 2)]


def worked_out(groups: Sequence[Group], releases: Sequence[Sequence[Figures]], *, whole: bool) -> list[str]:
    """What a solver finds out about counts from 1 to 10, and sums of them that a reader can form.

    Either that they are small, or that they are more than 1 (of a sum: more than the noughts alone tell).
    """
    limits, naive = Limits(whole), Limits(whole)
    crowds = [people(limits, group) for group in groups]
    for group in groups:
        people(naive, group)
    for release in releases:
        for group, crowd, figures in zip(groups, crowds, release, strict=False):
            read(limits, crowd, group, figures)
            read(naive, crowd, group, figures, noughts_only=True)
        read_sums(limits, crowds[: len(release)], release)
    targets = small_counts(groups, crowds)
    small = not_reached(limits, targets, 1, lambda value: value >= MIN_GROUP - SAME)
    more = not_reached(limits, targets, -1, lambda value: value <= 1 + SAME)
    known = not_reached(naive, {cell: targets[cell] for cell in more}, -1, lambda value: value <= 1 + SAME)
    return [
        *(f"{cell} is at most {value:.2f}" for cell, value in small.items()),
        *(f"{cell} is at least {value:.2f}" for cell, value in more.items() if value > known.get(cell, 1) + SAME),
    ]


def small_counts(groups: Sequence[Group], crowds: Sequence[People]) -> dict[tuple[str, ...], Form]:
    """What is to be worked out: counts from 1 to 10 of each group, of all together, and of a misconception."""
    forms: dict[tuple[str, ...], Form] = {}
    truth = Counter[tuple[str, ...]]()
    for number, (group, crowd) in enumerate(zip(groups, crowds, strict=True)):
        for count in (count for tree in group.trees() for count in tree.level_by_level()):
            names = [str(number), "all"] + ["misconception"] * (count.id in MISCONCEPTION)
            for name in names:
                cell = (name, str(number)) if name == "misconception" else (name, *count.id)
                forms[cell] = forms.get(cell, Form()) + crowd.counts[count.id]
                truth[cell] += count.n
    return {cell: form for cell, form in forms.items() if 1 <= truth[cell] < MIN_GROUP}


def read_sums(limits: Limits, crowds: Sequence[People], release: Sequence[Figures]) -> None:
    """Each count added up over the quarters, and a misconception over items."""
    for cell in release[0].counts:
        read_sum(
            limits, [(crowd.counts[cell], figures.counts[cell]) for crowd, figures in zip(crowds, release, strict=True)]
        )
    for crowd, figures in zip(crowds, release, strict=True):
        cells = [cell for cell in MISCONCEPTION if cell in figures.counts]
        read_sum(limits, [(crowd.counts[cell], figures.counts[cell]) for cell in cells])


def read_sum(limits: Limits, parts: Sequence[tuple[Form, int | None]]) -> None:
    shown = added_up(n for _, n in parts)
    if shown is not None:
        near(limits, total(form for form, _ in parts), shown, len(parts))


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
        quarters = two_quarters(number)
        assert worked_out(quarters, two_releases(quarters), whole=whole) == [], f"made up from {number}"


def hidden_only(group: Group) -> Figures:
    """What others publish: small counts left out, and nothing else done."""
    exact = internal(group)
    return Figures(
        group.attempts,
        {cell: None if n is not None and 1 <= n < MIN_GROUP else n for cell, n in exact.counts.items()},
        (),
    )


def test_the_solver_works_out_counts_that_are_merely_hidden() -> None:
    """The attack itself is able: otherwise the test above would say nothing."""
    found = 0
    for number in range(20):
        groups = two_quarters(number)
        found += bool(worked_out(groups, [[hidden_only(group) for group in groups]], whole=False))
    assert found >= 15

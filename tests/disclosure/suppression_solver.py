"""A reader of published figures with a linear solver, who wants to work out small counts.

It knows nothing of how quizapp decides: it sets up all ways in which people can have answered, and takes the
published numbers as limits on them. To be stronger than any real reader, it is also told how many attempts each
group and how many talks each item really had, where that is published rounded.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from quizapp.disclosure.publication import Figures, Group
from quizapp.disclosure.suppression import CellId, Count
from tests.reports.made_up_quarters import options_of

MANY = 10_000  # more people than any group has
SAME = 1e-6  # two numbers that the solver takes for one

Form = Counter[int]  # a sum of unknowns: how often each is in it


@dataclass
class Limits:
    """Unknown numbers of people, and the limits that are known of sums of them.

    `whole`: only whole people count. That leaves less possible, so such a reader is stronger still.
    """

    whole: bool = False
    unknowns: int = 0
    rows: list[tuple[Form, float, float]] = field(default_factory=list)

    def new(self) -> Form:
        self.unknowns += 1
        return Form([self.unknowns - 1])

    def between(self, form: Form, low: float, high: float) -> None:
        self.rows.append((form, low, high))

    def people_with_least(self, form: Form) -> numpy.ndarray:
        """Numbers of people within all limits for which a sum is lowest; with its minus, highest."""
        cost = numpy.zeros(self.unknowns)
        cost[list(form)] = list(form.values())
        starts = numpy.cumsum([0, *(len(row) for row, _, _ in self.rows)])
        columns = [unknown for row, _, _ in self.rows for unknown in row]
        factors = [float(factor) for row, _, _ in self.rows for factor in row.values()]
        table = csr_array((factors, columns, starts), shape=(len(self.rows), self.unknowns))
        lows, highs = [low for _, low, _ in self.rows], [high for _, _, high in self.rows]
        solved = milp(
            cost,
            constraints=LinearConstraint(table, lows, highs),
            bounds=Bounds(0, MANY),
            integrality=numpy.full(self.unknowns, int(self.whole)),
        )
        assert solved.success, solved.message
        return solved.x


@dataclass(frozen=True)
class People:
    """What is unknown of one group: for each count of it the unknowns that it is the sum of."""

    counts: Mapping[CellId, Form]
    scores: list[Form]


def people(limits: Limits, group: Group) -> People:
    """All ways in which a group's attempts can have gone, and its talks."""
    scores = [limits.new() for _ in range(len(group.items) + 1)]
    attempts = total(scores)
    counts: dict[CellId, Form] = {}
    rights = []
    for item in group.items:
        forms = _item(limits, item)
        same(limits, forms[(item.id[0], "attempts", "")], attempts)
        rights.append([limits.new() for _ in scores])  # right at the item, by score
        same(limits, total(rights[-1]), forms[(item.id[0], "right at first try", "")])
        for right, everyone in zip(rights[-1], scores, strict=True):
            limits.between(minus(right, everyone), -numpy.inf, 0)
        counts |= forms
    for score, everyone in enumerate(scores):
        same(limits, total(right[score] for right in rights), Form(dict.fromkeys(everyone, score)))
    for talk in group.talks:
        if talk.splits:
            parts = {part.id: limits.new() for part in talk.splits[0]}
            counts |= parts | {talk.id: total(parts.values())}
        else:
            counts[talk.id] = limits.new()
    return People(counts, scores)


def _item(limits: Limits, item: Count) -> dict[CellId, Form]:
    """An attempt at an item is right, or a distractor, sure or not, or not known; then right after it or not."""
    right = limits.new()
    key, *distractors = options_of(item)
    wrong = {way: limits.new() for way in product(distractors, ("sure", "unsure"), ("after", "still"))}
    unknown = {way: limits.new() for way in ("after", "still")}

    def chosen(word: str) -> Form:
        return total(form for way, form in wrong.items() if word in way)

    return {
        (item.id[0], "attempts", ""): total([right, *wrong.values(), *unknown.values()]),
        (item.id[0], "right at first try", ""): right,
        (item.id[0], "option", key): right,
        **{(item.id[0], "option", option): chosen(option) for option in distractors},
        (item.id[0], "don't know", ""): total(unknown.values()),
        (item.id[0], "right after the retry", ""): chosen("after") + unknown["after"],
        (item.id[0], "still wrong", ""): chosen("still") + unknown["still"],
        (item.id[0], "sure and wrong", ""): chosen("sure"),
        (item.id[0], "missed", ""): total([*wrong.values(), *unknown.values()]),
        (item.id[0], "wrong", ""): total(wrong.values()),
        (item.id[0], "unsure and wrong", ""): chosen("unsure"),
    }


def read(limits: Limits, of: People, group: Group, figures: Figures, *, noughts_only: bool = False) -> None:
    """Take in what is published of a group, or only which counts are 0."""
    for tree in group.trees():
        cells = [count.id for count in tree.level_by_level() if count.in_tables]
        blank = all(figures.counts[cell] is None for cell in cells if cell != tree.id)
        if figures.counts[tree.id] is not None:
            limits.between(of.counts[tree.id], tree.n, tree.n)
        for cell in cells:
            shown = figures.counts[cell]
            if shown == 0:
                limits.between(of.counts[cell], 0, 0)
            elif shown is None:
                limits.between(of.counts[cell], 0 if blank else 1, numpy.inf)
            elif not noughts_only:
                near(limits, of.counts[cell], shown)
    if figures.attempts is not None:
        limits.between(total(of.scores), group.attempts, group.attempts)
    for band in figures.bands:
        if band.n is not None and not noughts_only:
            near(limits, total(of.scores[band.lowest : band.highest + 1]), band.n)


def near(limits: Limits, form: Form, shown: int, parts: int = 1) -> None:
    """A published number, or a sum of some: each part is at most 2 away from the truth."""
    limits.between(form, shown - 2 * parts, shown + 2 * parts)


def same(limits: Limits, form: Form, other: Form) -> None:
    limits.between(minus(form, other), 0, 0)


def minus(form: Form, other: Form) -> Form:
    difference = Form(form)
    difference.subtract(other)
    return difference


def total(forms: Iterable[Form]) -> Form:
    return sum(forms, Form())


def not_reached(
    limits: Limits, targets: Mapping[CellId, Form], direction: int, reached: Callable[[float], bool]
) -> dict[CellId, float]:
    """The targets that cannot reach a value, and the furthest that each gets.

    One solution often does for many targets, so all are pushed at once, and one by one only if that gets stuck.
    """
    left = dict(targets)
    while left:
        x = limits.people_with_least(Form({u: -direction * n for u, n in total(left.values()).items()}))
        stuck = {cell: form for cell, form in left.items() if not reached(_value(form, x))}
        if len(stuck) == len(left):
            break
        left = stuck
    furthest = {
        cell: _value(form, limits.people_with_least(Form({u: -direction * n for u, n in form.items()})))
        for cell, form in left.items()
    }
    return {cell: value for cell, value in furthest.items() if not reached(value)}


def _value(form: Form, x: numpy.ndarray) -> float:
    return float(sum(factor * x[unknown] for unknown, factor in form.items()))

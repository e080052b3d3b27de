"""Classical test statistics from sums: tallies give exactly the same result as the rows.

x is a person's mark at an item (0 or 1 at the first try), T the score (the sum of all marks), R = T - x the
rest score (the score without that item). Sums are whole numbers, so no digit is lost before the last step.
If marks can be fractions, as in `quizapp analyse`, they are counted in a small unit; results in that unit say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True)
class ScoreSums:
    """The scores of some people: how many people, the sum of T, the sum of T²."""

    n: int
    score: int
    score_sq: int

    def __add__(self, other: "ScoreSums") -> "ScoreSums":
        return ScoreSums(self.n + other.n, self.score + other.score, self.score_sq + other.score_sq)


NOBODY = ScoreSums(0, 0, 0)


@dataclass(frozen=True)
class ItemSums:
    """One item and the score, over everyone: n, and the sums of x, x², xT, T and T²."""

    n: int
    mark: int
    mark_sq: int
    mark_score: int
    score: int
    score_sq: int

    @property
    def rest(self) -> int:
        """Sum of R."""
        return self.score - self.mark

    @property
    def rest_sq(self) -> int:
        """Sum of R²."""
        return self.score_sq - 2 * self.mark_score + self.mark_sq

    @property
    def mark_rest(self) -> int:
        """Sum of xR."""
        return self.mark_score - self.mark_sq


def item_sums(right: ScoreSums, everyone: ScoreSums) -> ItemSums:
    """Return an item's sums from the scores of those who had it right, and of everyone who was asked."""
    return ItemSums(everyone.n, right.n, right.n, right.score, everyone.score, everyone.score_sq)


def mean(total: int, n: int) -> float | None:
    """Return total / n, in the unit of `total`: a mean score, or an item's facility (0 to 1). None if n is 0."""
    return total / n if n else None


def standard_deviation(n: int, total: int, total_sq: int) -> float | None:
    """Return sqrt((n Σv² - (Σv)²) / (n (n - 1))), in the unit of v. None if n < 2."""
    return sqrt(_spread(n, total, total, total_sq) / (n * (n - 1))) if n > 1 else None


def item_total_r(sums: ItemSums) -> float | None:
    """Return Pearson's r of x and T, -1 to 1; too high because x is part of T. None if x or T does not vary.

    (n ΣxT - Σx ΣT) / sqrt((n Σx² - (Σx)²)(n ΣT² - (ΣT)²)).
    Source: Lord & Novick 1968, Statistical Theories of Mental Test Scores, chapter 15 (point-biserial).
    """
    return _correlation(sums.n, sums.mark, sums.mark_sq, sums.score, sums.score_sq, sums.mark_score)


def item_rest_r(sums: ItemSums) -> float | None:
    """Return Pearson's r of x and R, -1 to 1: the discrimination. None if x or R does not vary.

    (n ΣxR - Σx ΣR) / sqrt((n Σx² - (Σx)²)(n ΣR² - (ΣR)²)).
    Source: Henrysson 1963, Psychometrika 28:211-218; 100 times this is Moodle's "discrimination index".
    """
    return _correlation(sums.n, sums.mark, sums.mark_sq, sums.rest, sums.rest_sq, sums.mark_rest)


def alpha(items: Sequence[ItemSums]) -> float | None:
    """Return Cronbach's alpha of a test of these items, at most 1; below 0 if they contradict each other.

    k / (k - 1) (1 - Σ var(x) / var(T)); with marks 0 and 1 this is KR-20. None below 2 items, and if T does not vary.
    Source: Kuder & Richardson 1937, Psychometrika 2:151-160; Cronbach 1951, Psychometrika 16:297-334.
    """
    if not items:
        return None
    whole = items[0]
    score_spread = _spread(whole.n, whole.score, whole.score, whole.score_sq)
    return _alpha(len(items), sum(map(_mark_spread, items)), score_spread)


def alphas_if_deleted(items: Sequence[ItemSums]) -> tuple[float | None, ...]:
    """Return, for each item, the alpha of the test without it: the formula of `alpha` on the other items and R.

    None below 3 items, and if R does not vary. Source: as for `alpha`.
    """
    everything = sum(map(_mark_spread, items))
    return tuple(
        _alpha(len(items) - 1, everything - _mark_spread(item), _spread(item.n, item.rest, item.rest, item.rest_sq))
        for item in items
    )


@dataclass(frozen=True)
class TestFigures:
    """n people, k items; mean, sd and sem (standard error of measurement) in marks. None if undefined."""

    n: int
    k: int
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None


def whole_test(items: Sequence[ItemSums], unit: int = 1) -> TestFigures:
    """Return the figures of the test that these items make up; sums count a mark of 1 as `unit`.

    The standard error of measurement is sd(T) sqrt(1 - alpha). Source: Lord & Novick 1968, chapter 3.
    """
    whole = items[0]
    deviation = standard_deviation(whole.n, whole.score, whole.score_sq)
    sd = None if deviation is None else deviation / unit
    reliability = alpha(items)
    sem = None if sd is None or reliability is None else sd * sqrt(max(0.0, 1 - reliability))
    return TestFigures(whole.n, len(items), mean(whole.score, whole.n * unit), sd, reliability, sem)


def mean_rest(choosers: ScoreSums, mark: int) -> float | None:
    """Return the mean R of those who chose an option that earns `mark` (key 1, else 0). None if no one did."""
    return mean(choosers.score - mark * choosers.n, choosers.n)


def option_rest_r(choosers: ScoreSums, mark: int, item: ItemSums) -> float | None:
    """Return Pearson's r of R and having chosen this option (1) or not (0), -1 to 1.

    `mark` is what the option earns, 1 for the key, else 0; so the choosers' ΣR is their ΣT minus n marks.
    None if no one or everyone chose it, and if R does not vary.
    Source: as for `item_rest_r`, with the option as the item; Attali & Fraenkel 2000, J Educ Meas 37:77-86.
    """
    chosen_rest = choosers.score - mark * choosers.n
    return _correlation(item.n, choosers.n, choosers.n, item.rest, item.rest_sq, chosen_rest)


def _spread(n: int, a: int, b: int, ab: int) -> int:
    """Return n² times the covariance: n Σab - Σa Σb."""
    return n * ab - a * b


def _mark_spread(item: ItemSums) -> int:
    return _spread(item.n, item.mark, item.mark, item.mark_sq)


def _correlation(n: int, a: int, aa: int, b: int, bb: int, ab: int) -> float | None:
    spreads = _spread(n, a, a, aa) * _spread(n, b, b, bb)
    if spreads == 0:
        return None
    return max(-1.0, min(1.0, _spread(n, a, b, ab) / sqrt(spreads)))


def _alpha(k: int, item_spreads: int, score_spread: int) -> float | None:
    if k < 2 or score_spread == 0:
        return None
    return k * (score_spread - item_spreads) / ((k - 1) * score_spread)

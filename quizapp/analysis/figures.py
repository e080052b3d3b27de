"""From points to figures: what the analysis of a file says about the test and about each item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quizapp.analysis.points import ItemPoints
from quizapp.stats import classical_test_theory, item_analysis
from quizapp.stats.classical_test_theory import ItemSums, ScoreSums
from quizapp.stats.item_analysis import OptionFigures, Tails
from quizapp.stats.proportions import wilson


@dataclass(frozen=True)
class TestFigures:
    """n people, k items; mean, sd and sem in marks. None where undefined."""

    n: int
    k: int
    mean: float | None
    sd: float | None
    alpha: float | None
    sem: float | None


@dataclass(frozen=True)
class ItemFigures:
    """One item; each figure as its function in `domain` says, None where undefined.

    facility with its 95 % interval from 0 to 1; discriminative_efficiency and d27 from -1 to 1, not in per
    cent. options and flags are empty where the file holds marks.
    """

    id: str
    n: int
    facility: float | None
    facility_low: float | None
    facility_high: float | None
    item_total_r: float | None
    item_rest_r: float | None
    alpha_if_deleted: float | None
    discriminative_efficiency: float | None
    d27: float | None
    options: tuple[OptionFigures, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Analysis:
    """The test, and its items in the file's order."""

    test: TestFigures
    items: tuple[ItemFigures, ...]


@dataclass(frozen=True)
class ItemMeasures:
    """What the points of an item tell, before the items are compared with each other."""

    sums: ItemSums
    discriminative_efficiency: float | None
    d27: float | None


def measure(items: Iterable[ItemPoints], ascending_scores: Sequence[int], unit: int) -> list[ItemMeasures]:
    """Each item's sums and the two measures that need the points. A mark of 1 counts as `unit`."""
    everyone = ScoreSums(len(ascending_scores), sum(ascending_scores), sum(score * score for score in ascending_scores))
    groups = item_analysis.tails(ascending_scores)
    return [_measure_item(item, everyone, groups, unit) for item in items]


def _measure_item(item: ItemPoints, everyone: ScoreSums, groups: Tails | None, unit: int) -> ItemMeasures:
    sums = item.sums(everyone)
    return ItemMeasures(
        sums=sums,
        discriminative_efficiency=item_analysis.discriminative_efficiency(
            sums, item.ascending_marks(), item.ascending_rests()
        ),
        d27=item_analysis.upper_lower_index(item.points(), groups) / unit if groups else None,
    )


def test_figures(measures: Sequence[ItemMeasures], unit: int) -> TestFigures:
    """The figures of the whole test, from the sums of its items."""
    items = [measure.sums for measure in measures]
    whole = items[0]
    deviation = classical_test_theory.standard_deviation(whole.n, whole.score, whole.score_sq)
    deviation_in_marks = None if deviation is None else deviation / unit
    reliability = classical_test_theory.alpha(items)
    return TestFigures(
        n=whole.n,
        k=len(items),
        mean=classical_test_theory.mean(whole.score, whole.n * unit),
        sd=deviation_in_marks,
        alpha=reliability,
        sem=classical_test_theory.standard_error_of_measurement(deviation_in_marks, reliability),
    )


def item_figures(item_id: str, measured: ItemMeasures, alpha_if_deleted: float | None, unit: int) -> ItemFigures:
    """The figures of an item, without options and flags."""
    sums = measured.sums
    interval = wilson(sums.mark / unit, sums.n)
    return ItemFigures(
        id=item_id,
        n=sums.n,
        facility=classical_test_theory.mean(sums.mark, sums.n * unit),
        facility_low=interval.low if interval else None,
        facility_high=interval.high if interval else None,
        item_total_r=classical_test_theory.item_total_r(sums),
        item_rest_r=classical_test_theory.item_rest_r(sums),
        alpha_if_deleted=alpha_if_deleted,
        discriminative_efficiency=measured.discriminative_efficiency,
        d27=measured.d27,
        options=(),
        flags=(),
    )

"""From points to figures: what the analysis of a file says about the test and about each item."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from quizapp.analysis.points import ItemAnswers, ItemPoints
from quizapp.stats import classical_test_theory, item_analysis
from quizapp.stats.classical_test_theory import ItemSums, ScoreSums, TestFigures
from quizapp.stats.item_analysis import OptionFigures, Tails, item_flags, option_figures
from quizapp.stats.proportions import wilson


@dataclass(frozen=True)
class ItemFigures:
    """One item; each figure as its function in `stats` says, None if undefined.

    facility with its 95 % interval from 0 to 1; discriminative_efficiency and d27 from -1 to 1, not in per cent.
    options and flags are empty if the file holds marks.
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
    options: Sequence[OptionFigures] = field(default_factory=list)
    flags: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True)
class Analysis:
    """The test, and its items in the file's order."""

    test: TestFigures
    items: Sequence[ItemFigures]


def analysis_of(
    item_ids: Sequence[str],
    items: Sequence[ItemPoints],
    ascending_scores: Sequence[int],
    unit: int,
    answers: Sequence[ItemAnswers] = (),
) -> Analysis:
    """Return the figures of all items. A mark of 1 counts as `unit`. `answers`: of the items, if the file has them."""
    everyone = ScoreSums(len(ascending_scores), sum(ascending_scores), sum(score * score for score in ascending_scores))
    groups = item_analysis.tails(ascending_scores)
    sums = [item.sums(everyone) for item in items]
    alphas = classical_test_theory.alphas_if_deleted(sums)
    figures = [
        _item_figures(item_id, item, own, alpha, groups, unit)
        for item_id, item, own, alpha in zip(item_ids, items, sums, alphas, strict=True)
    ]
    choosers = [item.choosers() for item in answers]
    claims = sum(len(chosen.keys() - {item.key}) for item, chosen in zip(answers, choosers, strict=True))
    for place, (item, chosen) in enumerate(zip(answers, choosers, strict=True)):
        options = option_figures(chosen, item.key, sums[place])
        figures[place] = replace(
            figures[place], options=list(options), flags=list(item_flags(options, everyone.n, claims))
        )
    return Analysis(classical_test_theory.whole_test(sums, unit), figures)


def _item_figures(
    item_id: str, item: ItemPoints, sums: ItemSums, alpha_if_deleted: float | None, groups: Tails | None, unit: int
) -> ItemFigures:
    interval = wilson(sums.mark / unit, sums.n)
    marks, rests = item.ascending_marks(), item.ascending_rests()
    return ItemFigures(
        id=item_id,
        n=sums.n,
        facility=classical_test_theory.mean(sums.mark, sums.n * unit),
        facility_low=interval.low if interval else None,
        facility_high=interval.high if interval else None,
        item_total_r=classical_test_theory.item_total_r(sums),
        item_rest_r=classical_test_theory.item_rest_r(sums),
        alpha_if_deleted=alpha_if_deleted,
        discriminative_efficiency=item_analysis.discriminative_efficiency(sums, marks, rests),
        d27=item_analysis.upper_lower_index(item.points(), groups) / unit if groups else None,
    )

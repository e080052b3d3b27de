"""The item analysis of any quiz: how well items tell people apart, what their options show, and flags for their keys.

x, T and R as in `classical_test_theory`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from quizapp.stats.claims import surely_chosen_more, surely_correlated
from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums, mean, mean_rest, option_rest_r
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS

ENOUGH_CHOOSERS = 10  # of an option: fewer say nothing about what its choosers know
DEAD_BELOW = 0.05  # Haladyna & Downing 1993, Educ Psychol Meas 53:999-1010


def discriminative_efficiency(
    sums: ItemSums, ascending_marks: Iterable[int], ascending_rests: Iterable[int]
) -> float | None:
    """Return cov(x, R) over the largest covariance that the same marks and rest scores could have: at most 1.

    The largest is reached when the smallest mark is paired with the smallest rest score, and so on. Below 0 if x and
    R disagree; None if x or R does not vary.
    Source: Moodle's quiz statistics, which print 100 times this.
    """
    level = sums.mark * sums.rest
    largest = sums.n * sum(map(mul, ascending_marks, ascending_rests)) - level
    return (sums.n * sums.mark_rest - level) / largest if largest else None


def upper_lower_index(marks: Iterable[int], scores: Sequence[int]) -> float | None:
    """Return the mean mark of the 27 % with the highest scores minus that of the 27 % with the lowest, -1 to 1.

    In the unit of the marks; half a person is rounded up, and None if 27 % is no one (n < 2). If a group takes only
    some of the people with equal scores, each of them belongs to it with the same probability: this is the expected
    value over all ways to break the tie.
    Source: Kelley 1939, J Educ Psychol 30:17-24; Ebel & Frisbie 1991, Essentials of Educational Measurement, ch. 13.
    """
    size = (27 * len(scores) + 50) // 100
    if not size:
        return None
    people, marks_at = Counter(scores), Counter[int]()
    for mark, score in zip(marks, scores, strict=True):
        if mark:
            marks_at[score] += mark
    ascending = [(people[score], marks_at[score]) for score in sorted(people)]
    return (_marks_of_first(reversed(ascending), size) - _marks_of_first(ascending, size)) / size


def _marks_of_first(groups: Iterable[tuple[int, int]], size: int) -> float:
    """Return the marks that the first `size` people are expected to have; groups are of equals: how many, and marks."""
    marks, room = 0.0, size
    for people, of_all in groups:
        taken = min(room, people)
        marks += of_all * taken / people
        room -= taken
    return marks


@dataclass(frozen=True)
class OptionFigures:
    """One option: its choosers, their share of everyone, mean rest score, and option-rest correlation."""

    id: str
    n: int
    share: float | None
    mean_rest: float | None
    r_rest: float | None
    is_key: bool


def option_figures(choosers: Mapping[str, ScoreSums], key: str, item: ItemSums) -> tuple[OptionFigures, ...]:
    """Return each option's figures, by id, from its choosers' scores; the key is there even if no one chose it."""
    figures = []
    for option in sorted({*choosers, key}):
        sums, mark = choosers.get(option, NOBODY), int(option == key)
        share, r_rest = mean(sums.n, item.n), option_rest_r(sums, mark, item)
        figures.append(OptionFigures(option, sums.n, share, mean_rest(sums, mark), r_rest, option == key))
    return tuple(figures)


def item_flags(options: Sequence[OptionFigures], n: int, claims: int) -> tuple[str, ...]:
    """Return the names of the flags that an item's options call for; none if there is no key among them.

    `n` people answered the item. `claims`: the number of distractors of all items that are judged together.
    """
    key = next((option for option in options if option.is_key), None)
    if key is None or claims < 1:
        return ()
    distractors = [option for option in options if not option.is_key]
    floor = -1.0 if key.r_rest is None else key.r_rest
    is_enough = n >= ENOUGH_FOR_CORRELATIONS
    flags = {
        # A distractor goes with knowing the rest, surely, and more than the key does.
        "miskey_suspect": is_enough
        and any(
            option.r_rest > floor and surely_correlated(option.r_rest, n, claims)
            for option in distractors
            if option.n >= ENOUGH_CHOOSERS and option.r_rest is not None
        ),
        # Surely more people choose a distractor than the key.
        "distractor_beats_key": any(surely_chosen_more(option.n, key.n, claims) for option in distractors),
        # Hardly anyone chose a distractor. One that no one chose counts only if it is among the options.
        "dead_distractor": is_enough
        and any(option.share is not None and option.share < DEAD_BELOW for option in distractors),
    }
    return tuple(name for name, is_raised in flags.items() if is_raised)

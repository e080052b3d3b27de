"""Is a question missed more than before? Quarter by quarter, with one stated false-alarm rate for the whole page.

Each of the last quarters may be the one in which misses began to rise. For each, the answers from then on are compared
with all answers before it; the sum of these e-values is a Shiryaev-Roberts e-detector. While nothing changes, its
expectation is at most the number of quarters watched, so the mean time until it reaches A is at least A quarters. With
W questions watched (each language counts) and A = W FALSE_ALARM_QUARTERS, the page as a whole has at most one false
alarm in FALSE_ALARM_QUARTERS. The uncertainty of what is usual is part of each comparison: no baseline is taken as
known.
Source: Shin, Ramdas & Rinaldo 2024, New Engl J Stat Data Sci 2:229-260 (e-detectors); Roberts 1966, Technometrics
8:411-430.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, log

from quizapp.stats.e_values import difference_above

FALSE_ALARM_QUARTERS = 20  # at most one false alarm in five years, all questions of the page together
QUARTERS_WATCHED = 8  # a rise that began earlier is what is usual by now
ENOUGH_BEFORE = 50  # answers that say what is usual


@dataclass(frozen=True)
class Quarter:
    """How many missed a question at the first try, of the `n` asked in one quarter."""

    missed: int
    n: int


@dataclass(frozen=True)
class Rise:
    """The evidence that a question is missed more than before.

    `log_evidence` is the logarithm of the detector. `since` is the place, in the quarters given, of the first quarter
    of the most likely rise; `before` and `after` are the answers on either side of it.
    """

    log_evidence: float
    since: int
    before: Quarter
    after: Quarter


def rise(quarters: Sequence[Quarter]) -> Rise | None:
    """Return the evidence of a rise among quarters, oldest first. None if no quarter has ENOUGH_BEFORE before it."""
    befores = tuple(accumulate(quarters, _add, initial=Quarter(0, 0)))
    whole = befores[-1]
    found = []
    for since in range(max(1, len(quarters) - QUARTERS_WATCHED), len(quarters)):
        before = befores[since]
        after = Quarter(whole.missed - before.missed, whole.n - before.n)
        if before.n >= ENOUGH_BEFORE:
            evidence = difference_above(after.missed, after.n, before.missed, before.n)
            found.append(Rise(evidence, since, before, after))
    if not found:
        return None
    strongest = max(found, key=lambda one: one.log_evidence)
    total = sum(exp(one.log_evidence - strongest.log_evidence) for one in found)
    return Rise(strongest.log_evidence + log(total), strongest.since, strongest.before, strongest.after)


def is_alarm(found: Rise, watched: int) -> bool:
    """Return whether a rise is an alarm on a page that watches so many questions, each language counted."""
    return found.log_evidence >= log(watched * FALSE_ALARM_QUARTERS)


def false_alarms_expected(quarters: int) -> float:
    """Return at most how many alarms a page lists by chance alone after so many quarters, all questions together.

    A detector's expectation is at most the number of quarters it sums over, so by Markov's inequality one watch of W
    is listed with a chance of at most that number / (W FALSE_ALARM_QUARTERS).
    """
    return min(quarters, QUARTERS_WATCHED) / FALSE_ALARM_QUARTERS


def _add(one: Quarter, other: Quarter) -> Quarter:
    return Quarter(one.missed + other.missed, one.n + other.n)

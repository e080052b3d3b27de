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
from dataclasses import dataclass, replace
from itertools import accumulate
from math import exp, log

from quizapp.stats.claims import difference_above
from quizapp.stats.proportions import Share

FALSE_ALARM_QUARTERS = 20  # at most one false alarm in five years, all questions of the page together
QUARTERS_WATCHED = 8  # a rise that began earlier is what is usual by now
QUARTERS_LISTED = 2  # an alarm without new evidence is listed in so many quarters more
ENOUGH_BEFORE = 50  # answers that say what is usual


@dataclass(frozen=True)
class Rise:
    """The evidence, at the end of a quarter, that a question is missed more than before.

    `log_evidence` is the logarithm of the detector. `since` and `until` are places in the quarters given: the first
    quarter of the most likely rise, and the last one counted. `before` and `after` are the answers up to `since`, and
    from then to `until`.
    """

    log_evidence: float
    since: int
    until: int
    before: Share
    after: Share


def rise(quarters: Sequence[Share]) -> Rise | None:
    """Return the evidence of a rise; None if no quarter has ENOUGH_BEFORE answers before it.

    `quarters`, oldest first: how many missed the question at the first try, of those asked in each quarter.
    """
    befores = tuple(accumulate(quarters, initial=Share(0, 0)))
    whole, until = befores[-1], len(quarters) - 1
    found = []
    for since in range(max(1, len(quarters) - QUARTERS_WATCHED), len(quarters)):
        before = befores[since]
        after = Share(whole.count - before.count, whole.n - before.n)
        if before.n >= ENOUGH_BEFORE and quarters[since].n:  # a rise begins in a quarter with answers
            evidence = difference_above(after.count, after.n, before.count, before.n)
            found.append(Rise(evidence, since, until, before, after))
    if not found:
        return None
    strongest = max(found, key=lambda one: one.log_evidence)
    total = sum(exp(one.log_evidence - strongest.log_evidence) for one in found)
    return replace(strongest, log_evidence=strongest.log_evidence + log(total))


def alarm(quarters: Sequence[Share], watched: int) -> Rise | None:
    """Return the latest rise that the page lists as an alarm, or None. `watched` questions, each language counted.

    The last quarter may be unfinished. Evidence at the end of one of the QUARTERS_LISTED quarters before it counts
    too, so an alarm ends after two quarters without new evidence. Once an alarm is dealt with, its new level is what
    is usual: leave out the quarters before its `since`, and the watch starts afresh.
    """
    needed = log(watched * FALSE_ALARM_QUARTERS)
    for end in range(len(quarters), max(0, len(quarters) - QUARTERS_LISTED - 1), -1):
        found = rise(quarters[:end])
        if found is not None and found.log_evidence >= needed:
            return found
    return None


def false_alarms_expected(quarters: int) -> float:
    """Return at most how many alarms a page lists by chance alone after so many quarters, all questions together.

    The e-values of the quarters that can be in a listed sum start at 1 each, so the chance that one watch of W is
    listed is at most their number / (W FALSE_ALARM_QUARTERS), by Ville's inequality.
    """
    return min(quarters, QUARTERS_WATCHED + QUARTERS_LISTED) / FALSE_ALARM_QUARTERS

"""Which claims a page may make in words, so that all of them together are wrong in at most one clinic in twenty.

For each kind of claim (beliefs, lessons, keys, editions, languages) the chance that a page *ever* makes a false one, at
any look and about any item, is at most ERROR. The error is divided among all claims of the kind that the page could
make (Bonferroni): a claim is made when its e-value reaches the number of claims divided by ERROR. The closed test of
Vovk & Wang 2021, Ann Stat 49:1736-1754, is a little stronger, but with it one question's verdict depends on the other
questions, and "N more needed" cannot be computed. e-BH (Wang & Ramdas 2022, J R Stat Soc B 84:822-852) bounds only the
share of false claims among all.

The bound holds for one set of answers that grows. Views of parts of it (one quarter, one language) need claims of
their own, or show figures without claims. The number of claims is that of all the page could make, whatever the
answers are.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from math import inf, isinf, log, sqrt
from typing import TypeVar

from quizapp.stats import e_values
from quizapp.stats.proportions import Interval, Share, newcombe_difference

ERROR = 0.05  # the chance that a page ever makes a false claim of one kind
FEWEST_ANSWERS = 20  # on each side of a comparison: below, its e-value was not checked
CHANGED_PART = 0.8  # of ERROR goes to the questions whose words changed, if only some did
POWER_Z = 0.8416212335729143  # the normal deviate that 4 in 5 stay below
MOST_ANSWERS = 20_000  # more than this is of no use to a clinic, so no number is given

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Comparison:
    """The share of one group at a question, compared with a base; and what may be said of the two.

    To say that they differ, the e-value has to reach `needed` (a logarithm): infinite in a view that makes no claims.
    """

    own: Share
    base: Share
    needed: float = inf

    @property
    def difference(self) -> float | None:
        """The share minus the base's, -1 to 1. None if either is of too few people."""
        own, base = self.own.value, self.base.value
        return None if own is None or base is None else own - base

    @property
    def interval(self) -> Interval | None:
        """Newcombe's 95 % interval of the difference, for one look. None if there is no difference."""
        if self.difference is None:
            return None
        return newcombe_difference(self.own.count, self.own.n, self.base.count, self.base.n)

    @property
    def above(self) -> bool:
        """Whether the share is surely above the base's."""
        return self._is_above(self.own, self.base)

    @property
    def below(self) -> bool:
        """Whether the share is surely below the base's: of those who are not counted, there are surely more."""
        return self._is_above(self.own.others, self.base.others)

    @property
    def is_decided(self) -> bool:
        return self.above or self.below

    @property
    def is_enough(self) -> bool:
        """Whether both groups have FEWEST_ANSWERS."""
        return min(self.own.n, self.base.n) >= FEWEST_ANSWERS

    @property
    def more_needed(self) -> int | None:
        """About how many more answers of `own` settle it with a chance of 4 in 5, if the share remains as it is now.

        None if it is settled, if no reasonable number would do, and with too few answers to go by.
        """
        if isinf(self.needed) or not self.is_enough or self.is_decided:
            return None
        own, base = self.own, self.base
        if own.count * base.n < base.count * own.n:
            own, base = own.others, base.others
        return answers_needed(own.count, own.n, lambda count, n: self._is_above(Share(count, n), base))

    def _is_above(self, own: Share, base: Share) -> bool:
        return self.is_enough and e_values.difference_above(own.count, own.n, base.count, base.n) >= self.needed


def threshold(claims: int, part: float = 1.0) -> float:
    """Return the log e-value at which one of `claims` is made, if they share this part of ERROR."""
    if claims < 1 or not 0 < part <= 1:
        raise ValueError(f"{claims} claims, part {part}")
    return log(claims / (ERROR * part))


def surely_above(count: int, n: int, level: float, claims: int) -> bool:
    """Return whether the page may say that the true share is above `level`, as one of `claims` of its kind."""
    return e_values.share_above(count, n, level) >= threshold(claims)


def surely_chosen_more(distractor: int, key: int, claims: int) -> bool:
    """Return whether surely more people choose the distractor than the key; both are counts of choosers.

    Among those who choose one of the two, the distractor's share is then above one half.
    """
    return surely_above(distractor, distractor + key, 0.5, claims)


def surely_correlated(r: float, n: int, claims: int) -> bool:
    """Return whether the true correlation behind `r`, of n people, is surely above 0."""
    return e_values.correlation_above(r, n) >= threshold(claims)


def differences(comparisons: Mapping[Key, Comparison], changed: Collection[Key] = ()) -> dict[Key, Comparison]:
    """Return the comparisons with what each needs to be called above or below: two claims each, all of one kind.

    `changed` are those whose words changed. They are expected to differ, so they share CHANGED_PART of the error
    and the others share the rest; without any, and if all changed, each has the same part.
    """
    likely, n = comparisons.keys() & set(changed), len(comparisons)
    if not likely or len(likely) == n:
        return {key: replace(one, needed=threshold(2 * n)) for key, one in comparisons.items()}
    needed = threshold(2 * len(likely), CHANGED_PART)
    needed_by_others = threshold(2 * (n - len(likely)), 1 - CHANGED_PART)
    return {key: replace(one, needed=needed if key in likely else needed_by_others) for key, one in comparisons.items()}


def answers_needed(count: int, n: int, is_claimed: Callable[[int, int], bool]) -> int | None:
    """Return how many more answers make the claim with a chance of 4 in 5, if the share remains count / n.

    `is_claimed(count, n)` is the claim's own rule, more easily met by higher counts. Of N more answers, 4 in 5 draws
    have at least the 20 % quantile of the binomial distribution; the claim has to be made for that one. The number is
    found by doubling and halving, and rounded up to two digits. 0 if the claim is made already. None without answers,
    and above MOST_ANSWERS.
    Source: the normal quantile with Cornish & Fisher's 1937 correction for skewness.
    """
    if n == 0:
        return None
    if is_claimed(count, n):
        return 0

    def enough(more: int) -> bool:
        return is_claimed(count + _low_count(more, count / n), n + more)

    too_few, more = 0, 1
    while not enough(more):
        too_few, more = more, 2 * more
        if too_few > MOST_ANSWERS:
            return None
    while more - too_few > 1:
        middle = (too_few + more) // 2
        too_few, more = (too_few, middle) if enough(middle) else (middle, more)
    unit: int = 10 ** max(0, len(str(more)) - 2)
    rounded_up = -(-more // unit) * unit
    return rounded_up if rounded_up <= MOST_ANSWERS else None


def _low_count(n: int, share: float) -> int:
    """Return the count that a binomial draw of n reaches in about 4 of 5 cases."""
    skew = (POWER_Z**2 - 1) * (1 - 2 * share) / 6
    return max(0, round(n * share - POWER_Z * sqrt(n * share * (1 - share)) + skew))

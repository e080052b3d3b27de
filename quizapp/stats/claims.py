"""Which claims a page may make in words, so that all of them together are wrong in at most one clinic in twenty.

For each kind of claim (beliefs, lessons, keys, editions, languages) the chance that a page *ever* makes a false one, at
any look and about any item, is at most ERROR. The error is divided among all claims of the kind that the page could
make (Bonferroni): a claim is made when its e-value reaches the number of claims divided by ERROR. The closed test of
Vovk & Wang 2021, Ann Stat 49:1736-1754, is a little stronger, but with it one question's verdict depends on the other
questions, and "N more needed" cannot be computed. e-BH (Wang & Ramdas 2022, J R Stat Soc B 84:822-852) bounds only the
share of false claims among all.

An e-value starts at 1. While the claim is false its expectation is never above 1, whenever one stops, so that the
chance that it *ever* reaches 1 / error is at most `error` (Ville 1939; Ramdas, Grünwald, Vovk & Shafer 2023, Stat Sci
38:576-601). So a page may be read after every batch. The functions for them need only total counts, not their order,
and return the natural logarithm of the e-value: 0 without answers, below 0 if the answers speak against the claim.

The bound holds for one set of answers that grows. Views of parts of it (one quarter, one language) need claims of
their own, or show figures without claims. The number of claims is that of all the page could make, whatever the
answers are.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, replace
from math import atanh, erfc, exp, inf, isinf, log, log1p, pi, sqrt
from typing import TypeVar

from quizapp.stats.proportions import Interval, Share, newcombe_difference

ERROR = 0.05  # the chance that a page ever makes a false claim of one kind
FEWEST_ANSWERS = 20  # on each side of a comparison: below, its e-value was not checked
CHANGED_PART = 0.8  # of ERROR goes to the questions whose words changed, if only some did
POWER_Z = 0.8416212335729143  # the normal deviate that 4 in 5 stay below
MOST_ANSWERS = 20_000  # more than this is of no use to a clinic, so no number is given
# The odds ratios that a share's e-value bets on, with the part of the stake on each. Doubled odds are the case that
# matters most here; the others keep the evidence growing if the truth is smaller or larger.
ODDS_RATIOS = ((1.1, 0.05), (1.25, 0.10), (1.5, 0.20), (2.0, 0.30), (3.0, 0.20), (5.0, 0.10), (10.0, 0.05))
# The standardized difference that a difference's e-value bets on: .25 is, for instance, 0.70 against 0.80. Values from
# 0.15 to 0.35 need about the same number of answers (tests/bench/claims.py).
DIFFERENCE_SCALE = 0.25
CORRELATION_SCALE = 0.25

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
        return self.is_enough and difference_above(own.count, own.n, base.count, base.n) >= self.needed


def threshold(claims: int, part: float = 1.0) -> float:
    """Return the log e-value at which one of `claims` is made, if they share this part of ERROR."""
    if claims < 1 or not 0 < part <= 1:
        raise ValueError(f"{claims} claims, part {part}")
    return log(claims / (ERROR * part))


def surely_above(count: int, n: int, level: float, claims: int) -> bool:
    """Return whether the page may say that the true share is above `level`, as one of `claims` of its kind."""
    return share_above(count, n, level) >= threshold(claims)


def surely_chosen_more(distractor: int, key: int, claims: int) -> bool:
    """Return whether surely more people choose the distractor than the key; both are counts of choosers.

    Among those who choose one of the two, the distractor's share is then above one half.
    """
    return surely_above(distractor, distractor + key, 0.5, claims)


def surely_correlated(r: float, n: int, claims: int) -> bool:
    """Return whether the true correlation behind `r`, of n people, is surely above 0."""
    return correlation_above(r, n) >= threshold(claims)


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


def share_above(count: int, n: int, level: float) -> float:
    """Return the log e-value of the claim that the true share behind `count` of `n` is above `level` (0 to 1).

    With p0 = level and stakes w on odds ratios r: log of the sum of w r^count / (1 + p0 (r - 1))^n. Each term is the
    likelihood ratio of odds raised r times, a supermartingale for every share up to p0, so this one is exact.
    Source: Robbins 1970, Ann Math Stat 41:1397-1409 (mixtures of likelihood ratios).
    """
    if not 0 < level < 1:
        raise ValueError(f"not 0 < {level} < 1")
    logs = [log(w) + count * log(r) - n * log1p(level * (r - 1)) for r, w in ODDS_RATIOS]
    highest = max(logs)
    return highest + log(sum(exp(one - highest) for one in logs))


def difference_above(count: int, n: int, base_count: int, base_n: int) -> float:
    """Return the log e-value of the claim that the true share behind count / n is above that behind the base.

    `half_normal_mixture` of the signed root of the likelihood-ratio statistic G², with Yates's correction (half an
    answer is moved towards no difference), and of the information 1 / (1/n + 1/base_n). Either group may grow. It is
    valid in the limit of many answers; the correction keeps the error of small and skewed groups below the bound,
    as measured in tests/bench/claims.py. 0 if either group is empty.
    The version that is exact at any size, likelihood mixtures over the highest likelihood under no difference
    (Ramdas, Ruf, Larsson & Koolen 2022), needs two to five times as many answers, so it was not taken.
    Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, Ann Stat 52:2613-2640; Yates 1934, Suppl J R Stat Soc
    1:217-235.
    """
    if n == 0 or base_n == 0:
        return 0.0
    root = _signed_root(count, n, base_count, base_n)
    return half_normal_mixture(root, 1 / (1 / n + 1 / base_n), DIFFERENCE_SCALE)


def correlation_above(r: float, n: int) -> float:
    """Return the log e-value of the claim that the true correlation of the n pairs behind `r` is above 0.

    `half_normal_mixture` of Fisher's artanh(r) sqrt(n - 3), with n - 3 as the information; 0 below 4 pairs.
    Valid in the limit of many pairs. Source: Fisher 1921, Metron 1:3-32; Waudby-Smith et al. 2024.
    """
    if n < 4:
        return 0.0
    within = max(-1 + 1e-15, min(1 - 1e-15, r))
    return half_normal_mixture(atanh(within) * sqrt(n - 3), n - 3, CORRELATION_SCALE)


def half_normal_mixture(z: float, information: float, scale: float) -> float:
    """Return the log e-value of a positive drift from a standardized sum `z`, a normal deviate.

    The drift per unit of information is mixed over a half-normal with this scale. With s = information scale²:
    log 2 - log(1 + s) / 2 + z² s / (2 (1 + s)) + log Phi(z sqrt(s / (1 + s))).
    Source: Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon 2021, Ann Stat 49:1055-1080, one-sided normal mixture.
    """
    s = information * scale * scale
    weight = s / (1 + s)
    return log(2) - log1p(s) / 2 + z * z * weight / 2 + _log_normal_cdf(z * sqrt(weight))


def _signed_root(count: int, n: int, base_count: int, base_n: int) -> float:
    """Return the square root of G² with Yates's correction, below 0 if the share is below the base's."""
    product = count * base_n - base_count * n
    if product == 0:
        return 0.0
    sign = 1 if product > 0 else -1
    moved = sign * min(0.5, abs(product) / (n + base_n))
    own, base = _log_likelihood(count - moved, n), _log_likelihood(base_count + moved, base_n)
    together = _log_likelihood(count + base_count, n + base_n)
    return sign * sqrt(max(0.0, 2 * (own + base - together)))


def _log_likelihood(count: float, n: int) -> float:
    """Return the highest log-likelihood of `count` of `n`."""
    return sum(part * log(part / n) for part in (count, n - count) if part > 0)


def _log_normal_cdf(x: float) -> float:
    """Return log Phi(x); far below 0, where Phi(x) is too small for a float, by its first asymptotic term."""
    if x > -30:
        return log(erfc(-x / sqrt(2)) / 2)
    return -x * x / 2 - log(-x) - log(2 * pi) / 2

"""E-values: evidence for a claim that stays valid however often one looks.

An e-value starts at 1. While the claim is false its expectation is never above 1, whenever one stops, so that the
chance that it *ever* reaches 1 / error is at most `error` (Ville 1939; Ramdas, Grünwald, Vovk & Shafer 2023, Stat Sci
38:576-601). So a page may be read after every batch. All functions here need only total counts, not their order, and
return the natural logarithm of the e-value: 0 without answers, below 0 if the answers speak against the claim.
"""

from math import atanh, erfc, exp, log, log1p, pi, sqrt

# The odds ratios that a share's e-value bets on, with the part of the stake on each. Doubled odds are the case that
# matters most here; the others keep the evidence growing if the truth is smaller or larger.
ODDS_RATIOS = ((1.1, 0.05), (1.25, 0.10), (1.5, 0.20), (2.0, 0.30), (3.0, 0.20), (5.0, 0.10), (10.0, 0.05))
# The standardized difference that a difference's e-value bets on: .25 is, for instance, 0.70 against 0.80. Values from
# 0.15 to 0.35 need about the same number of answers (tests/bench/claims.py).
DIFFERENCE_SCALE = 0.25
CORRELATION_SCALE = 0.25


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

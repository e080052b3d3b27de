"""How often the insights page claims something false, and how soon it claims something true, by simulated clinics.

    python -m tests.bench.claims [--clinics 400]

A clinic is 14 questions, 7 of them critical, in 2 languages; 11 answers to each question are released together, and the
page is read after each release, 100 times. "Ever false" is the share of clinics that see one false claim of the kind at
any of the 100 looks. All decisions are the product's own functions; scipy says only what one planned look would need.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import sqrt
from statistics import median

from scipy import stats

from quizapp.stats import claims
from quizapp.stats.claims import Comparison
from quizapp.stats.proportions import Share
from quizapp.stats.rising_misses import FALSE_ALARM_QUARTERS, alarm, false_alarms_expected

BATCH, LOOKS = 11, 100
QUESTIONS, CRITICAL, LANGUAGES = 14, 7, 2
SHARES = (0.60, 0.70, 0.75, 0.80, 0.85, 0.90, 0.95)  # right at the first try, of the questions in turn
TOLERANCES = (0.05,) * 13 + (0.10,) * 14  # of the 27 beliefs at a question
WATCHED = CRITICAL * LANGUAGES
MISSES_WATCHED = [1 - share for share in SHARES] * LANGUAGES


@dataclass(frozen=True)
class Speed:
    """Median answers until the claim, and how many a single planned look needs for a chance of 1 in 2, and 4 in 5."""

    median: float
    found: float  # share of clinics that make the claim within the looks
    planned_half: int | None
    planned: int | None


def draw(chance: random.Random, n: int, share: float) -> int:
    """How many of n, each with this chance."""
    return sum(chance.random() < share for _ in range(n))


def looks(chance: random.Random, share: float, times: int = LOOKS) -> Iterator[tuple[int, int]]:
    """The totals after each release: how many of how many."""
    total = 0
    for look in range(1, times + 1):
        total += draw(chance, BATCH, share)
        yield total, look * BATCH


def ever(clinics: int, seed: int, one_clinic: Callable[[random.Random], bool]) -> float:
    """The share of clinics for which it comes true."""
    chance = random.Random(seed)
    return sum(one_clinic(chance) for _ in range(clinics)) / clinics


def false_belief(chance: random.Random, part: float = 1.0) -> bool:
    """Every belief is held by this part of what is tolerated, and one is named as held by more."""
    number = len(TOLERANCES)
    return any(
        any(claims.surely_above(held, n, level, number) for held, n in looks(chance, part * level))
        for level in TOLERANCES
    )


def false_lesson(chance: random.Random) -> bool:
    """Exactly every fourth misses every question, and more are said to."""
    return any(
        any(claims.surely_above(missed, n, 0.25, QUESTIONS) for missed, n in looks(chance, 0.25))
        for _ in range(QUESTIONS)
    )


def false_key(chance: random.Random) -> bool:
    """The most chosen of 3 distractors is chosen as often as the key, and more often is said."""
    number = 3 * QUESTIONS
    for _ in range(QUESTIONS):
        distractor = key = 0
        for _ in range(LOOKS):
            chosen = draw(chance, BATCH, 0.8)
            one = draw(chance, chosen, 0.5)
            distractor, key = distractor + one, key + chosen - one
            if claims.surely_chosen_more(distractor, key, number):
                return True
    return False


def false_correlation(chance: random.Random) -> bool:
    """Choosing a distractor (15 in 100 do) has nothing to do with the rest score, and is said to go with it."""
    for _ in range(3 * QUESTIONS):
        x = y = yy = xy = 0
        for look in range(1, LOOKS + 1):
            for _ in range(BATCH):
                chosen, rest = chance.random() < 0.15, round(chance.gauss(10, 2))
                x, y, yy, xy = x + chosen, y + rest, yy + rest * rest, xy + chosen * rest
            n = look * BATCH
            spread = (n * x - x * x) * (n * yy - y * y)
            if n >= 50 and spread and claims.surely_correlated((n * xy - x * y) / sqrt(spread), n, 3 * QUESTIONS):
                return True
    return False


def false_edition(chance: random.Random, before: int = 200) -> bool:
    """Nothing changed from the edition before, and some question is better or worse."""
    return _false_difference(chance, [(before, draw(chance, before, share)) for share in _shares()])


def false_edition_after_the_worst(chance: random.Random) -> bool:
    """Every question was reworded when it had looked worst in 50 releases, and one is better or worse after."""
    bases = []
    for share in _shares():
        seen = [(n, right) for right, n in looks(chance, share, times=50) if n >= 55]
        bases.append(min(seen, key=lambda one, share=share: (one[1] - one[0] * share) / sqrt(one[0])))
    return _false_difference(chance, bases)


def _false_difference(chance: random.Random, bases: Sequence[tuple[int, int]]) -> bool:
    own = [0] * QUESTIONS
    for look in range(1, LOOKS + 1):
        own = [one + draw(chance, BATCH, share) for one, share in zip(own, _shares(), strict=True)]
        pairs = {
            i: Comparison(Share(own[i], look * BATCH), Share(base, base_n)) for i, (base_n, base) in enumerate(bases)
        }
        if some_difference(pairs):
            return True
    return False


def some_difference(pairs: dict[int, Comparison], changed: Sequence[int] = ()) -> bool:
    return any(one.above or one.below for one in claims.differences(pairs, changed).values())


def false_language(chance: random.Random) -> bool:
    """Two languages grow side by side with the same shares, and some question is better or worse."""
    own, base = [0] * QUESTIONS, [0] * QUESTIONS
    for look in range(1, LOOKS + 1):
        own = [one + draw(chance, BATCH, share) for one, share in zip(own, _shares(), strict=True)]
        base = [one + draw(chance, BATCH, share) for one, share in zip(base, _shares(), strict=True)]
        n = look * BATCH
        if some_difference({i: Comparison(Share(own[i], n), Share(base[i], n)) for i in range(QUESTIONS)}):
            return True
    return False


def _shares() -> list[float]:
    return [SHARES[i % len(SHARES)] for i in range(QUESTIONS)]


def false_alarms(chance: random.Random, per_quarter: int, quarters: int) -> int:
    """How many alarms a page gives in so many quarters without a change, each dealt with at once."""
    given = 0
    for misses in MISSES_WATCHED:
        past: list[Share] = []
        for _ in range(quarters):
            now = Share(0, 0)
            for _ in range(per_quarter // BATCH):
                now = now + Share(draw(chance, BATCH, misses), BATCH)
                if found := alarm([*past, now], WATCHED):
                    given, past = given + 1, past[found.since :]
            past.append(now)
    return given


def listed_by_chance(chance: random.Random, per_quarter: int, quarters: int) -> int:
    """How many alarms are listed after so many quarters without a change if none before was dealt with."""
    asked = (
        [Share(draw(chance, per_quarter, misses), per_quarter) for _ in range(quarters)] for misses in MISSES_WATCHED
    )
    return sum(alarm(quarters_of_one, WATCHED) is not None for quarters_of_one in asked)


def answers_until(seed: int, clinics: int, until: Callable[[random.Random], int | None]) -> tuple[float, float]:
    """The median of answers until the claim, clinics without it counted as infinite, and the share that have it."""
    chance = random.Random(seed)
    found = [until(chance) for _ in range(clinics)]
    return median(float("inf") if one is None else one for one in found), sum(o is not None for o in found) / clinics


def belief_found(chance: random.Random, level: float, share: float) -> int | None:
    number = len(TOLERANCES)
    return next((n for held, n in looks(chance, share) if claims.surely_above(held, n, level, number)), None)


def edition_found(chance: random.Random, base: float, own: float, before: int, known: bool) -> int | None:
    """Answers until a question is better; `known`: the page knows that only its words changed."""
    kept = draw(chance, before, base)
    same = {i: Comparison(Share(70, 100), Share(140, 200)) for i in range(1, QUESTIONS)}
    for right, n in looks(chance, own):
        pairs = {0: Comparison(Share(right, n), Share(kept, before)), **same}
        if claims.differences(pairs, [0] if known else [])[0].above:
            return n
    return None


def rise_found(chance: random.Random, usual: float, per_quarter: int, before: int, into: int = 0) -> int | None:
    """Answers after the odds of a miss doubled until the alarm; the change comes `into` answers into a quarter."""
    raised = 2 * usual / (1 + usual)
    past = [Share(draw(chance, per_quarter, usual), per_quarter) for _ in range(before // per_quarter)]
    now, since = Share(draw(chance, into, usual), into), 0
    while since < LOOKS * BATCH:
        now, since = now + Share(draw(chance, BATCH, raised), BATCH), since + BATCH
        if alarm([*past, now], WATCHED):
            return since
        if now.n >= per_quarter:
            past, now = [*past, now], Share(0, 0)
    return None


def planned_share(level: float, share: float, error: float, power: float) -> int:
    """Answers that one planned exact binomial test needs."""
    for n in count(10):
        critical = int(stats.binom.isf(error, n, level)) + 1
        if stats.binom.sf(critical - 1, n, share) >= power:
            return n
    raise AssertionError


def planned_difference(base: float, own: float, before: int, error: float, power: float) -> int | None:
    """Answers that one planned one-sided test of two shares needs beside `before` old ones; None: no number does."""
    z = stats.norm.isf(error) + stats.norm.ppf(power)
    room = ((own - base) / z) ** 2 - base * (1 - base) / before
    return round(own * (1 - own) / room) if room > 0 else None


def more_needed_comes(chance: random.Random, pair: Comparison, others: int, runs: int) -> tuple[int | None, float]:
    """What "N more" says of a pair among others, and how often the verdict has come after N more."""
    others_are = {i: Comparison(Share(70, 100), Share(140, 200)) for i in range(1, others + 1)}
    more = claims.differences({0: pair, **others_are})[0].more_needed
    if more is None:
        return None, 0.0
    share, come = pair.own.count / pair.own.n, 0
    for _ in range(runs):
        grown = Comparison(pair.own + Share(draw(chance, more, share), more), pair.base)
        verdict = claims.differences({0: grown, **others_are})[0]
        come += verdict.above or verdict.below
    return more, come / runs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clinics", type=int, default=400)
    clinics = parser.parse_args().clinics
    print(f"{clinics} clinics, {LOOKS} looks, {QUESTIONS} questions; ever false (at most {claims.ERROR}):")
    for name, one_clinic in NOTHING_CHANGED.items():
        print(f"  {name:52} {ever(clinics, 1, one_clinic):.4f}", flush=True)
    print(f"watches, {WATCHED} on the page; stated: at most 1 false alarm in {FALSE_ALARM_QUARTERS} quarters")
    for per_quarter in (44, 110, 220):
        pages, quarters = max(20, clinics // 10), 25
        given = sum(false_alarms(random.Random(page), per_quarter, quarters) for page in range(pages))
        every = f"1 in {pages * quarters / given:.0f} quarters" if given else f"none in {pages * quarters} quarters"
        listed = sum(listed_by_chance(random.Random(page), per_quarter, quarters) for page in range(10 * pages))
        print(
            f"  {per_quarter} answers a quarter: {every}; listed at a look {listed / pages / 10:.3f} "
            f"(stated at most {false_alarms_expected(quarters):.2f})",
            flush=True,
        )
    print(
        "answers until a true claim (median; share of clinics within 1,100), planned look at power 1/2 and 4/5, ratios"
    )
    for name, speed in speeds(clinics).items():
        ratios = "  ".join(f"{speed.median / n:.2f}" if n else "-" for n in (speed.planned_half, speed.planned))
        print(
            f"  {name:52} {speed.median:6.0f} {speed.found:5.2f}   {speed.planned_half} {speed.planned}   {ratios}",
            flush=True,
        )
    print("about N more: N, and how often the verdict has come after N more (wanted: 0.75 to 0.85)")
    for name, (pair, others) in MORE_NEEDED.items():
        more, come = more_needed_comes(random.Random(3), pair, others, 4 * clinics)
        print(f"  {name:52} {more} {come:.3f}", flush=True)


def speeds(clinics: int) -> dict[str, Speed]:
    """The true claims of the issue, each with what a single look at the same error would need."""
    found = {}
    for level in (0.05, 0.10):
        error = claims.ERROR / len(TOLERANCES)
        found[f"belief held by twice the tolerated {level:.2f}, of 27"] = Speed(
            *answers_until(4, clinics, lambda chance, level=level: belief_found(chance, level, 2 * level)),
            *(planned_share(level, 2 * level, error, power) for power in (0.5, 0.8)),
        )
    for base, own, before in ((0.60, 0.75, 200), (0.70, 0.80, 200), (0.60, 0.75, 1000), (0.70, 0.80, 1000)):
        for known, part in ((True, claims.CHANGED_PART / 2), (False, 1 / (2 * QUESTIONS))):
            name = f"{base:.2f} to {own:.2f}, {before} before, {'the one changed' if known else 'one of 14'}"
            found[name] = Speed(
                *answers_until(
                    5,
                    clinics,
                    lambda chance, b=base, o=own, n=before, k=known: edition_found(chance, b, o, n, k),
                ),
                *(planned_difference(base, own, before, claims.ERROR * part, power) for power in (0.5, 0.8)),
            )
    error = 1 / (FALSE_ALARM_QUARTERS * WATCHED)
    for before in (220, 440, 880):
        for into in (0, 55):
            name = f"odds of a miss doubled at 0.10, {before} before, {into} into a quarter"
            found[name] = Speed(
                *answers_until(6, clinics, lambda chance, n=before, i=into: rise_found(chance, 0.10, 110, n, i)),
                *(planned_difference(0.10, 0.2 / 1.1, before + into, error, power) for power in (0.5, 0.8)),
            )
    return found


NOTHING_CHANGED: dict[str, Callable[[random.Random], bool]] = {
    "beliefs, all held by exactly the tolerance": false_belief,
    "beliefs, all at 60 % of the tolerance": lambda chance: false_belief(chance, 0.6),
    "lessons, all missed by exactly 25 %": false_lesson,
    "keys, a distractor chosen as often": false_key,
    "keys, a distractor not correlated": false_correlation,
    "editions, 20 answers before": lambda chance: false_edition(chance, 20),
    "editions, 200 answers before": false_edition,
    "editions, 2,000 answers before": lambda chance: false_edition(chance, 2000),
    "editions, reworded when it had looked worst": false_edition_after_the_worst,
    "languages": false_language,
}
MORE_NEEDED = {
    "40 of 50 against 140 of 200, alone": (Comparison(Share(40, 50), Share(140, 200)), 0),
    "40 of 50 against 1,400 of 2,000, alone": (Comparison(Share(40, 50), Share(1400, 2000)), 0),
    "40 of 50 against 1,400 of 2,000, among 14": (Comparison(Share(40, 50), Share(1400, 2000)), 13),
    "40 of 50 against 130 of 200, among 14": (Comparison(Share(40, 50), Share(130, 200)), 13),
    "66 of 110 against 700 of 1,000, among 14": (Comparison(Share(66, 110), Share(700, 1000)), 13),
    "97 of 100 against 900 of 1,000, among 14": (Comparison(Share(97, 100), Share(900, 1000)), 13),
}

if __name__ == "__main__":
    main()

"""A critical item's watch: first what is usual, then alarms when it gets worse."""

import random

import pytest

from quizapp.stats.watching import BASELINE, Watch, watch_more


def answers(n: int, share: float, seed: int) -> list[bool]:
    chance = random.Random(seed)
    return [chance.random() < share for _ in range(n)]


def test_it_takes_the_first_hundred_answers_as_usual():
    watch = watch_more(Watch(), [True] * 9 + [False] * 90)
    assert (watch.n, watch.missed, watch.usual_percent, watch.false_alarm_every) == (99, 9, None, None)
    watch = watch_more(watch, [False] * 5)
    assert (watch.n, watch.missed, watch.usual_percent) == (104, 9, 10)
    assert watch.false_alarm_every == 556


def test_it_gives_an_alarm_soon_after_the_odds_double():
    usual = watch_more(Watch(), [True] * 9 + [False] * 91)
    assert watch_more(usual, answers(300, 0.25, 3)).alarms >= 1


def test_it_stays_calm_for_as_long_as_it_says():
    watch = Watch(n=BASELINE, missed=9)
    alarms = watch_more(watch, answers(400_000, 0.1, 5)).alarms
    assert 400_000 / alarms == pytest.approx(watch.false_alarm_every, rel=0.1)


def test_it_does_not_depend_on_how_answers_are_cut_into_batches():
    misses = answers(900, 0.2, 8)
    whole = watch_more(Watch(), misses)
    parts = Watch()
    for start in range(0, 900, 11):
        parts = watch_more(parts, misses[start : start + 11])
    assert parts == whole


def test_it_never_takes_no_miss_for_never():
    assert watch_more(Watch(), [False] * 100).usual_percent == 2

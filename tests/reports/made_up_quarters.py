"""Quarters of made-up attempts and talks: hard items and easy ones, few people and many."""

import random
from collections import Counter
from itertools import chain

from quizapp.disclosure.publication import Group
from quizapp.disclosure.suppression import Count, item_tree, talks
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Form, Item, Misconception, Option, Procedure
from tests.builders import make_procedure


def two_quarters(number: int) -> list[Group]:
    rng = random.Random(number)
    items, options = rng.randint(1, 4), rng.randint(2, 4)
    return [_quarter(rng, items, options) for _ in range(2)]


def procedure_of(group: Group) -> Procedure:
    """The quiz that a group answered. Every second option stands for the belief "b1", every third for "b2"."""
    items = tuple(
        Item(
            item.id[0],
            fact=f"fact-{item.id[0]}",
            block="b",
            critical=True,
            shuffle=True,
            teach_back="Could you tell me?",
            dont_know="That is fine.",
            forms=(
                Form(
                    "a",
                    f"{item.id[0]}: where?",
                    tuple(
                        Option(option, f"{item.id[0]} {option}", "It is so.", not place, _belief(place))
                        for place, option in enumerate(options_of(item))
                    ),
                ),
            ),
        )
        for item in group.items
    )
    made = make_procedure((items,))
    beliefs = tuple(Misconception(f"b{number}", f"thinks {number}") for number in range(1, 4))
    return Procedure(**{**vars(made), "misconceptions": beliefs})


def options_of(item: Count) -> list[str]:
    """The options of an item, the key first."""
    return [option for _, measure, option in (count.id for count in item.level_by_level()) if measure == "option"]


def _belief(place: int) -> str:
    return f"b{place}" if place else ""


def _quarter(rng: random.Random, items: int, options: int) -> Group:
    """Few people or many, and talks with them."""
    n = rng.choice((rng.randint(5, 40), rng.randint(26, 90), rng.randint(60, 400)))
    group = _attempts(rng, n, items, options)
    outcomes = [
        {outcome.value: rng.choice((0, rng.randint(0, 14), rng.randint(0, 80))) for outcome in Outcome}
        for _ in range(items)
    ]
    return Group(group.items, group.scores, tuple(chain(*(_talks(f"i{i}", each) for i, each in enumerate(outcomes)))))


def _talks(item_id: str, outcomes: dict[str, int]) -> tuple[Count, Count]:
    """The talks about an item, and apart from them how often it was not talked about."""
    not_talked = outcomes.pop(Outcome.NOT_TALKED.value)
    return talks(item_id, outcomes), Count((item_id, "outcome", Outcome.NOT_TALKED.value), not_talked)


def _attempts(rng: random.Random, n: int, items: int, options: int) -> Group:
    """n people who answer all items: hard or easy ones, known or not, sure or not, right after it or not."""
    easy = [rng.choice((0.05, 0.5, 0.8, 0.9, 0.97)) for _ in range(items)]
    unknown, sure, first = rng.random() ** 2, rng.random(), rng.random()
    after = rng.choice((0.0, 0.3, 0.7, 0.95, 1.0))
    chosen = [dict.fromkeys([f"o{i}" for i in range(options)], 0) for _ in range(items)]
    other = [Counter[str]() for _ in range(items)]
    scores = Counter[int]()
    for _ in range(n):
        score = 0
        for item in range(items):
            if rng.random() < easy[item]:
                chosen[item]["o0"] += 1
                score += 1
                continue
            other[item]["after"] += rng.random() < after
            if rng.random() < unknown:
                other[item]["unknown"] += 1
                continue
            distractor = next((i for i in range(1, options - 1) if rng.random() < first), options - 1)
            chosen[item][f"o{distractor}"] += 1
            other[item]["sure"] += rng.random() < sure
        scores[score] += 1
    counted = zip(chosen, other, strict=True)
    return Group(
        tuple(
            item_tree(f"i{i}", "o0", option, count["unknown"], count["after"], count["sure"])
            for i, (option, count) in enumerate(counted)
        ),
        scores,
    )

"""Figures of an item's options: who chose them, and whether the key may be the wrong one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums, mean, mean_rest, option_rest_r

ENOUGH_CHOOSERS = 10  # from fewer, nothing can be said about what the choosers of an option know
DEAD_BELOW = 0.05  # Haladyna & Downing 1993, Educ Psychol Meas 53:999-1010


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
        figures.append(
            OptionFigures(
                id=option,
                n=sums.n,
                share=mean(sums.n, item.n),
                mean_rest=mean_rest(sums, mark),
                r_rest=option_rest_r(sums, mark, item),
                is_key=option == key,
            )
        )
    return tuple(figures)


def _miskey_suspect(key: OptionFigures, distractors: Sequence[OptionFigures]) -> bool:
    """A distractor with enough choosers correlates with the rest score more than the key does."""
    floor = -1.0 if key.r_rest is None else key.r_rest
    return any(
        option.n >= ENOUGH_CHOOSERS and option.r_rest is not None and option.r_rest > floor for option in distractors
    )


def _distractor_beats_key(key: OptionFigures, distractors: Sequence[OptionFigures]) -> bool:
    """More people chose a distractor than the key."""
    return any(option.n > key.n for option in distractors)


def _dead_distractor(_key: OptionFigures, distractors: Sequence[OptionFigures]) -> bool:
    """Hardly anyone chose a distractor. One that no one chose counts only if it is among the options."""
    return any(option.share is not None and option.share < DEAD_BELOW for option in distractors)


Rule = Callable[[OptionFigures, Sequence[OptionFigures]], bool]

ITEM_FLAGS: Mapping[str, Rule] = {
    "miskey_suspect": _miskey_suspect,
    "distractor_beats_key": _distractor_beats_key,
    "dead_distractor": _dead_distractor,
}


def item_flags(options: Sequence[OptionFigures]) -> tuple[str, ...]:
    """Return the names of the rules in ITEM_FLAGS that an item's options meet; none if there are no options."""
    key = next((option for option in options if option.is_key), None)
    if key is None:
        return ()
    distractors = [option for option in options if not option.is_key]
    return tuple(name for name, rule in ITEM_FLAGS.items() if rule(key, distractors))

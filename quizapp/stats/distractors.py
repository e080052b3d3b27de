"""Figures of an item's options: who chose them, and whether the key may be the wrong one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.stats.claims import surely_chosen_more, surely_correlated
from quizapp.stats.classical_test_theory import NOBODY, ItemSums, ScoreSums, mean, mean_rest, option_rest_r
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS

ENOUGH_CHOOSERS = 10  # of an option: fewer say nothing about what its choosers know
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


@dataclass(frozen=True)
class OptionClaims:
    """What the flags of one item are decided by: its options, how many answered it, and how many distractors the
    page or the printed analysis could name in all.
    """

    key: OptionFigures
    distractors: tuple[OptionFigures, ...]
    n: int
    claims: int

    def miskey_suspect(self) -> bool:
        """A distractor goes with knowing the rest, surely, and more than the key does."""
        floor = -1.0 if self.key.r_rest is None else self.key.r_rest
        return self.n >= ENOUGH_FOR_CORRELATIONS and any(
            option.r_rest > floor and surely_correlated(option.r_rest, self.n, self.claims)
            for option in self.distractors
            if option.n >= ENOUGH_CHOOSERS and option.r_rest is not None
        )

    def distractor_beats_key(self) -> bool:
        """Surely more people choose a distractor than the key."""
        return any(surely_chosen_more(option.n, self.key.n, self.claims) for option in self.distractors)

    def dead_distractor(self) -> bool:
        """Hardly anyone chose a distractor. One that no one chose counts only if it is among the options."""
        return self.n >= ENOUGH_FOR_CORRELATIONS and any(
            option.share is not None and option.share < DEAD_BELOW for option in self.distractors
        )


ITEM_FLAGS: Mapping[str, Callable[[OptionClaims], bool]] = {
    "miskey_suspect": OptionClaims.miskey_suspect,
    "distractor_beats_key": OptionClaims.distractor_beats_key,
    "dead_distractor": OptionClaims.dead_distractor,
}


def item_flags(options: Sequence[OptionFigures], n: int, claims: int) -> tuple[str, ...]:
    """Return the names of the rules in ITEM_FLAGS that an item's options meet; none if there is no key among them.

    `n` people answered the item. `claims`: the number of distractors of all items that are judged together.
    """
    key = next((option for option in options if option.is_key), None)
    if key is None or claims < 1:
        return ()
    judged = OptionClaims(key, tuple(option for option in options if not option.is_key), n, claims)
    return tuple(name for name, is_met in ITEM_FLAGS.items() if is_met(judged))

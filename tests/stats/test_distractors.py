"""What an item's options show: figures for each, and the flags "check this item's key"."""

import pytest

from quizapp.stats.classical_test_theory import ScoreSums, item_sums
from quizapp.stats.item_analysis import OptionFigures, item_flags, option_figures


def option(name: str, n: int, r_rest: float | None, is_key: bool = False) -> OptionFigures:
    return OptionFigures(name, n, n / 100, 1.0 if n else None, r_rest, is_key)


def test_it_shows_a_key_that_nobody_chose() -> None:
    choosers = {"B": ScoreSums(3, 6, 14), "C": ScoreSums(1, 0, 0)}
    everyone = ScoreSums(4, 6, 14)
    figures = option_figures(choosers, "A", item_sums(ScoreSums(0, 0, 0), everyone))
    assert [(each.id, each.n, each.share, each.is_key) for each in figures] == [
        ("A", 0, 0.0, True),
        ("B", 3, 0.75, False),
        ("C", 1, 0.25, False),
    ]
    assert (figures[0].mean_rest, figures[0].r_rest) == (None, None)
    assert figures[1].mean_rest == 2.0


@pytest.mark.parametrize(
    ("options", "flags"),
    [
        ([option("A", 60, 0.4, True), option("B", 40, -0.4)], ()),
        ([option("A", 60, -0.1, True), option("B", 40, 0.5)], ("miskey_suspect",)),
        ([option("A", 60, -0.1, True), option("B", 40, 0.1)], ()),  # may be chance
        ([option("A", 91, -0.1, True), option("B", 9, 0.5)], ()),
        ([option("A", 90, -0.1, True), option("B", 10, 0.5)], ("miskey_suspect",)),
        ([option("A", 90, 0.2, True), option("B", 10, 0.2)], ()),
        ([option("A", 0, None, True), option("B", 100, None)], ("distractor_beats_key",)),
        ([option("A", 25, 0.4, True), option("B", 75, -0.4)], ("distractor_beats_key",)),
        ([option("A", 40, 0.4, True), option("B", 60, -0.4)], ()),  # may be chance
        ([option("A", 50, 0.4, True), option("B", 50, -0.4)], ()),
        ([option("A", 96, 0.4, True), option("B", 4, -0.4)], ("dead_distractor",)),
        ([option("A", 95, 0.4, True), option("B", 5, -0.4)], ()),
        ([option("A", 4, 0.4, True), option("B", 96, -0.4)], ("distractor_beats_key",)),
        ([], ()),
    ],
)
def test_it_raises_the_flags_that_the_options_call_for(options: list[OptionFigures], flags: tuple[str, ...]) -> None:
    assert item_flags(options, 100, claims=6) == flags


def test_it_sees_a_miskey_behind_a_rare_option_with_an_even_higher_correlation() -> None:
    options = [option("A", 20, 0.1, True), option("B", 75, 0.5), option("C", 5, 0.6)]
    assert item_flags(options, 100, claims=6) == ("miskey_suspect", "distractor_beats_key")


def test_it_does_not_flag_distractors_of_few_people() -> None:
    options = [option("A", 3, -0.1, True), option("B", 45, 0.6), option("C", 1, 0.1)]
    assert item_flags(options, 49, claims=6) == ("distractor_beats_key",)

"""What is counted about one item, and how these counts hang together."""

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.domain.counts import CellId, Count

ATTEMPTS = "attempts"
RIGHT = "right at first try"
RIGHT_AFTER = "right after the retry"
STILL_WRONG = "still wrong"
DONT_KNOW = "don't know"
SURE_WRONG = "sure and wrong"
OPTION = "option"


@dataclass(frozen=True)
class ItemCounts:
    """Attempts of one group at one item, each counted once in `options` (chosen first) or in `dont_know`.

    `right_after_retry`: not right at first and right after; `sure_and_wrong`: chose a distractor and was sure.
    """

    item_id: str
    key: str
    options: Mapping[str, int]
    dont_know: int
    right_after_retry: int
    sure_and_wrong: int

    @property
    def attempts(self) -> int:
        return sum(self.options.values()) + self.dont_know

    @property
    def right(self) -> int:
        return self.options[self.key]

    def cell(self, measure: str, option: str = "") -> CellId:
        """The id of a measure's count; `option` goes with OPTION only."""
        return (self.item_id, measure, option)

    def tree(self) -> Count:
        """All counts of the item, the ones that matter most to a reader first on each level.

        Missed: right after the retry or still wrong, and again: don't know or wrong. Wrong: sure or not, and
        again: by option. Raises ValueError where the numbers contradict one another.
        """
        missed = self.attempts - self.right
        wrong = missed - self.dont_know
        wrong_count = Count(
            self.cell("wrong"),
            wrong,
            (
                (
                    Count(self.cell(SURE_WRONG), self.sure_and_wrong),
                    Count(self.cell("unsure and wrong"), wrong - self.sure_and_wrong, in_tables=False),
                ),
                tuple(
                    Count(self.cell(OPTION, option), n) for option, n in self.options.items() if option != self.key
                ),
            ),
            in_tables=False,
        )
        missed_count = Count(
            self.cell("missed"),
            missed,
            (
                (
                    Count(self.cell(STILL_WRONG), missed - self.right_after_retry),
                    Count(self.cell(RIGHT_AFTER), self.right_after_retry),
                ),
                (Count(self.cell(DONT_KNOW), self.dont_know), wrong_count),
            ),
            in_tables=False,
        )
        right_count = Count(
            self.cell(RIGHT), self.right, ((Count(self.cell(OPTION, self.key), self.right),),)
        )
        return Count(self.cell(ATTEMPTS), self.attempts, ((right_count, missed_count),))

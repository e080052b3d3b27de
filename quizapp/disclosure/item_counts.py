"""The counts of one item, as a tree of sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

ATTEMPTS = "attempts"
RIGHT = "right at first try"
RIGHT_AFTER = "right after the retry"
STILL_WRONG = "still wrong"
DONT_KNOW = "don't know"
SURE_WRONG = "sure and wrong"
OPTION = "option"
TALKS = "talks"
OUTCOME = "outcome"


CellId = tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """A count and its splits. The parts of each split add up to it; several splits are of the same people.

    Ids are unique in a tree. `in_tables` is False for a sum that no table shows, but that a reader can form.
    Raise ValueError for a negative count and for parts that do not add up.
    """

    id: CellId
    n: int
    splits: tuple[tuple["Count", ...], ...] = ()
    in_tables: bool = True

    def __post_init__(self) -> None:
        if self.n < 0:
            raise ValueError(f"{self.id} is negative: {self.n}")
        for split in self.splits:
            if sum(part.n for part in split) != self.n:
                raise ValueError(f"{self.id} is {self.n}, its parts are {[part.n for part in split]}")

    def level_by_level(self) -> Iterator["Count"]:
        """Yield this count, then the parts of its splits, then theirs; each level in the order given."""
        level = [self]
        while level:
            yield from level
            level = [part for count in level for split in count.splits for part in split]


@dataclass(frozen=True)
class ItemCounts:
    """One group's attempts at one item. Each counts once, by its first try, in `options` or in `dont_know`.

    `right_after_retry`: not right at the first try, and right at the second. `sure_and_wrong`: sure of a distractor.
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
        """Return the id of a measure's count. `option` is for OPTION only."""
        return (self.item_id, measure, option)

    def tree(self) -> Count:
        """Return all counts of the item; on each level those first that matter most to a reader.

        Attempts: right or missed. Missed: still wrong or right after the retry, and again: don't know or wrong.
        Wrong: sure or unsure, and again: by option. Raise ValueError if the numbers contradict each other.
        """
        missed = self.attempts - self.right
        wrong = missed - self.dont_know
        by_certainty = (
            Count(self.cell(SURE_WRONG), self.sure_and_wrong),
            Count(self.cell("unsure and wrong"), wrong - self.sure_and_wrong, in_tables=False),
        )
        distractors = {option: n for option, n in self.options.items() if option != self.key}
        by_option = tuple(Count(self.cell(OPTION, option), n) for option, n in distractors.items())
        by_retry = (
            Count(self.cell(STILL_WRONG), missed - self.right_after_retry),
            Count(self.cell(RIGHT_AFTER), self.right_after_retry),
        )
        by_knowing = (
            Count(self.cell(DONT_KNOW), self.dont_know),
            Count(self.cell("wrong"), wrong, (by_certainty, by_option), in_tables=False),
        )
        by_result = (
            Count(self.cell(RIGHT), self.right, ((Count(self.cell(OPTION, self.key), self.right),),)),
            Count(self.cell("missed"), missed, (by_retry, by_knowing), in_tables=False),
        )
        return Count(self.cell(ATTEMPTS), self.attempts, (by_result,))


def talks(item_id: str, outcomes: Mapping[str, int]) -> Count:
    """Return the talks about an item, split by outcome; "not talked about" is no talk and not among them."""
    by_outcome = tuple(Count((item_id, OUTCOME, outcome), n) for outcome, n in outcomes.items())
    return Count((item_id, TALKS, ""), sum(outcomes.values()), (by_outcome,))

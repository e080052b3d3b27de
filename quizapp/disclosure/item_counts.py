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
RESULTS = (RIGHT, RIGHT_AFTER, STILL_WRONG, DONT_KNOW, SURE_WRONG)  # each a part of an item's attempts

CellId = tuple[str, str, str]  # item, measure, and the option or outcome, else ""


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


def item_tree(
    item_id: str, key: str, options: Mapping[str, int], dont_know: int, right_after_retry: int, sure_and_wrong: int
) -> Count:
    """Return one group's attempts at one item; on each level those counts first that matter most to a reader.

    Each attempt counts once, by its first try, in `options` or in `dont_know`. `right_after_retry`: not right at the
    first try, and right at the second. `sure_and_wrong`: sure of a distractor.
    Attempts: right or missed. Missed: still wrong or right after the retry, and again: don't know or wrong.
    Wrong: sure or unsure, and again: by option. Raise ValueError if the numbers contradict each other.
    """
    right, wrong = options[key], sum(options.values()) - options[key]
    missed = wrong + dont_know
    by_certainty = (
        Count((item_id, SURE_WRONG, ""), sure_and_wrong),
        Count((item_id, "unsure and wrong", ""), wrong - sure_and_wrong, in_tables=False),
    )
    by_option = tuple(Count((item_id, OPTION, option), n) for option, n in options.items() if option != key)
    by_retry = (
        Count((item_id, STILL_WRONG, ""), missed - right_after_retry),
        Count((item_id, RIGHT_AFTER, ""), right_after_retry),
    )
    by_knowing = (
        Count((item_id, DONT_KNOW, ""), dont_know),
        Count((item_id, "wrong", ""), wrong, (by_certainty, by_option), in_tables=False),
    )
    by_result = (
        Count((item_id, RIGHT, ""), right, ((Count((item_id, OPTION, key), right),),)),
        Count((item_id, "missed", ""), missed, (by_retry, by_knowing), in_tables=False),
    )
    return Count((item_id, ATTEMPTS, ""), right + missed, (by_result,))


def talks(item_id: str, outcomes: Mapping[str, int]) -> Count:
    """Return the talks about an item, split by outcome; "not talked about" is no talk and not among them."""
    by_outcome = tuple(Count((item_id, OUTCOME, outcome), n) for outcome, n in outcomes.items())
    return Count((item_id, TALKS, ""), sum(outcomes.values()), (by_outcome,))

"""The same items in two groups of people: two editions, or another language beside the source language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import Went
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Procedure
from quizapp.domain.response_cells import OptionKey
from quizapp.domain.text_diff import TextChange, text_changes
from quizapp.models import EditionRow
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.stats.comparisons import Comparison, compare
from quizapp.stats.item_figures import NOBODY, ItemFigures, item_figures
from quizapp.stats.proportions import Share


@dataclass(frozen=True)
class LanguageFigures:
    """A language beside the source language, item by item; `n` attempts in it."""

    language: str
    n: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class EditionsCompared:
    """An edition beside an earlier one: texts and answers in one language, over all quarters.

    `only_after` and `only_before`: how many items only one of the two has, which cannot be compared.
    """

    before: EditionRow
    after: EditionRow
    language: str
    changes: tuple[TextChange, ...]
    comparisons: tuple[Comparison, ...]
    only_after: int
    only_before: int


def figures_of(procedure: Procedure, went: Iterable[Went]) -> tuple[ItemFigures, ...]:
    """The figures of every item of the procedure, in the order of the walk; `went` is of its edition only."""
    ways: dict[str, dict[OptionKey, ScoreSums]] = defaultdict(lambda: defaultdict(lambda: NOBODY))
    for one in went:
        ways[one.way.item_id][one.way] += one.scores
    return tuple(item_figures(item, ways[item.id]) for item in procedure.items())


def languages_compared(procedure: Procedure, source: str, went: Sequence[Went]) -> tuple[LanguageFigures, ...]:
    """Every other language that has answers beside the source language."""
    base = _right(procedure, [one for one in went if one.language == source])
    found = []
    for language in sorted({one.language for one in went} - {source}):
        own = _right(procedure, [one for one in went if one.language == language])
        found.append(LanguageFigures(language, max(share.n for share in own.values()), compare(own, base)))
    return tuple(found)


def editions_compared(
    session: Session, editions: Editions, before: EditionRow, after: EditionRow, language: str
) -> EditionsCompared:
    """`language` "": the source language's. One language only, lest another mix of languages pass for a better text."""
    earlier, later = editions.by_id(session, before.id), editions.by_id(session, after.id)
    language = language if language in later.languages else later.source
    old = earlier.in_language(language if language in earlier.languages else earlier.source)
    new = later.in_language(language)
    went = [
        one
        for one in tallies.ways(session, after.procedure, [before.id, after.id], quarter="")
        if one.language == language
    ]
    own = _right(new, [one for one in went if one.edition == after.id])
    base = _right(old, [one for one in went if one.edition == before.id])
    return EditionsCompared(
        before,
        after,
        language,
        text_changes(old, new),
        compare(own, base),
        only_after=len(own.keys() - base.keys()),
        only_before=len(base.keys() - own.keys()),
    )


def _right(procedure: Procedure, went: Iterable[Went]) -> dict[str, Share]:
    """How many were right at the first try, item by item in the order of the walk."""
    keys = {item.id: item.forms[0].key.id for item in procedure.items()}
    n, right = Counter[str](), Counter[str]()
    for one in went:
        n[one.way.item_id] += one.scores.n
        if one.way.option_id == keys[one.way.item_id]:
            right[one.way.item_id] += one.scores.n
    return {item_id: Share(right[item_id], n[item_id]) for item_id in keys}

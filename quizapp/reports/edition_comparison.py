"""Compare two groups of people at the same items: two editions, or another language and the source language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import Cells, Place
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Block, Item, Procedure
from quizapp.domain.text_diff import TextChange, text_changes
from quizapp.models import EditionRow
from quizapp.reports.figures import figures_of
from quizapp.stats.claims import Comparison, differences
from quizapp.stats.proportions import Share


@dataclass(frozen=True)
class EditionComparison:
    """An edition compared with an earlier one: texts and answers in one language, over all quarters.

    `only_after` and `only_before`: how many items only one of the two has, which cannot be compared.
    """

    before: EditionRow
    after: EditionRow
    language: str
    changes: tuple[TextChange, ...]
    comparisons: Mapping[str, Comparison]
    only_after: int
    only_before: int


@dataclass(frozen=True)
class EditionChanges:
    """Ids of items that were added, changed and removed, and of lessons whose own texts changed, came or went."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    lessons: tuple[str, ...]


def compare_languages(
    procedure: Procedure, source: str, languages: Collection[str], counted: Mapping[str, Cells], *, claims: bool
) -> dict[str, dict[str, Comparison]]:
    """Compare every other language that has answers with the source language, by item; `counted` is by language.

    The error is divided among all `languages` of the edition, also those without answers.
    """
    right = {language: _right(procedure, counted.get(language, {})) for language in sorted({source, *languages})}
    base, others = right[source], {language: own for language, own in right.items() if language != source}
    pairs = {(language, item): pair for language, own in others.items() for item, pair in _pairs(own, base).items()}
    found = differences(pairs) if claims else pairs
    return {
        language: {item: found[language, item] for item in own}
        for language, own in others.items()
        if any(share.n for share in own.values())
    }


def compare_editions(
    session: Session, editions: Editions, before: EditionRow, after: EditionRow, language: str, *, claims: bool
) -> EditionComparison:
    """Compare two editions in one language, so that another mix of languages does not pass for a better text.

    `language` "" is the source language.
    """
    earlier, later = editions.by_id(session, before.id), editions.by_id(session, after.id)
    language = language if language in later.languages else later.source
    old, new = earlier.in_language(language), later.in_language(language)
    counted = tallies.cells(session, after.procedure, [before.id, after.id])
    own = _right(new, counted.get(Place("", after.id, language), {}))
    base = _right(old, counted.get(Place("", before.id, language), {}))
    pairs = _pairs(own, base)
    return EditionComparison(
        before,
        after,
        language,
        text_changes(old, new),
        differences(pairs, pairs.keys() - same_items(old, new)) if claims else pairs,
        only_after=len(own.keys() - base.keys()),
        only_before=len(base.keys() - own.keys()),
    )


def _right(procedure: Procedure, cells: Cells) -> dict[str, Share]:
    """Return each item's share right at the first try, in the order of the lessons."""
    return {one.item.id: one.right for one in figures_of(procedure, cells)}


def _pairs(own: Mapping[str, Share], base: Mapping[str, Share]) -> dict[str, Comparison]:
    """Return the items that both have, in `own`'s order."""
    return {item: Comparison(share, base[item]) for item, share in own.items() if item in base}


def same_items(before: Procedure, after: Procedure) -> set[str]:
    """Return the ids of the items whose own words, options, key and block are the same in both editions."""
    return {
        item.id
        for item in after.items()
        if item == before.item(item.id) and _block_of(before, item) == _block_of(after, item)
    }


def _block_of(procedure: Procedure, item: Item) -> tuple[str, ...]:
    return _texts(procedure.lesson_of(item.id).block(item.block))


def _texts(block: Block) -> tuple[str, ...]:
    return block.heading, block.text, block.image, block.alt


def edition_changes(before: Procedure, after: Procedure) -> EditionChanges:
    """Return what an edition changed in the source language."""
    old, new = ({item.id: item for item in each.items()} for each in (before, after))
    old_lessons, new_lessons = (
        {lesson.id: (lesson.title, lesson.main, *map(_texts, lesson.blocks)) for lesson in each.lessons}
        for each in (before, after)
    )
    lessons = old_lessons.keys() | new_lessons.keys()
    return EditionChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(id for id in new.keys() & old.keys() if new[id] != old[id])),
        removed=tuple(sorted(old.keys() - new.keys())),
        lessons=tuple(sorted(id for id in lessons if old_lessons.get(id) != new_lessons.get(id))),
    )

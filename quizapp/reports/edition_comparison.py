"""Compare two groups of people at the same items: two editions, or another language and the source language."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import CountedCell
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Lesson, Procedure
from quizapp.domain.text_diff import TextChange, text_changes
from quizapp.models import EditionRow
from quizapp.reports.figures import figures_of
from quizapp.stats.comparisons import Comparison, compare
from quizapp.stats.proportions import Share


@dataclass(frozen=True)
class LanguageComparison:
    """A language compared with the source language, item by item; `n` attempts in it."""

    language: str
    n: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class EditionComparison:
    """An edition compared with an earlier one: texts and answers in one language, over all quarters.

    `only_after` and `only_before`: how many items only one of the two has, which cannot be compared.
    """

    before: EditionRow
    after: EditionRow
    language: str
    changes: tuple[TextChange, ...]
    comparisons: tuple[Comparison, ...]
    only_after: int
    only_before: int


@dataclass(frozen=True)
class EditionChanges:
    """Ids of items that were added, changed and removed, and of lessons whose own texts changed, came or went."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()


def compare_languages(
    procedure: Procedure, source: str, counted: Sequence[CountedCell]
) -> tuple[LanguageComparison, ...]:
    """Compare every other language that has answers with the source language."""
    base = _right(procedure, counted, source)
    found = []
    for language in sorted({one.place.language for one in counted} - {source}):
        own = _right(procedure, counted, language)
        found.append(LanguageComparison(language, max(share.n for share in own.values()), compare(own, base)))
    return tuple(found)


def compare_editions(
    session: Session, editions: Editions, before: EditionRow, after: EditionRow, language: str
) -> EditionComparison:
    """Compare two editions in one language, so that another mix of languages does not pass for a better text.

    `language` "" is the source language.
    """
    earlier, later = editions.by_id(session, before.id), editions.by_id(session, after.id)
    language = language if language in later.languages else later.source
    old, new = earlier.in_language(language), later.in_language(language)
    counted = tallies.cells(session, after.procedure, [before.id, after.id])
    own = _right(new, [one for one in counted if one.place.edition == after.id], language)
    base = _right(old, [one for one in counted if one.place.edition == before.id], language)
    return EditionComparison(
        before,
        after,
        language,
        text_changes(old, new),
        compare(own, base),
        only_after=len(own.keys() - base.keys()),
        only_before=len(base.keys() - own.keys()),
    )


def _right(procedure: Procedure, counted: Sequence[CountedCell], language: str) -> dict[str, Share]:
    """Return each item's share right at the first try in one language, in the order of the lessons."""
    in_language = [one for one in counted if one.place.language == language]
    return {figures.item.id: figures.right for figures in figures_of(procedure, in_language)}


def edition_changes(before: Procedure | None, after: Procedure) -> EditionChanges:
    """Return what an edition changed in the source language; nothing for the first one."""
    if before is None:
        return EditionChanges()
    old = {item.id: item for item in before.items()}
    new = {item.id: item for item in after.items()}
    old_lessons, new_lessons = ({lesson.id: _texts(lesson) for lesson in each.lessons} for each in (before, after))
    lessons = old_lessons.keys() | new_lessons.keys()
    return EditionChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(item_id for item_id in new.keys() & old.keys() if new[item_id] != old[item_id])),
        removed=tuple(sorted(old.keys() - new.keys())),
        lessons=tuple(sorted(id for id in lessons if old_lessons.get(id) != new_lessons.get(id))),
    )


def _texts(lesson: Lesson) -> tuple[str, ...]:
    blocks = [text for block in lesson.blocks for text in (block.heading, block.text, block.image, block.alt)]
    return (lesson.title, lesson.main, *blocks)

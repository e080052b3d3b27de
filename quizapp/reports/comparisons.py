"""Compare groups of people at the same items: two editions, two languages, or quarters (the watch)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import Cells, Place
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Block, Item, Procedure
from quizapp.domain.text_diff import TextChange, text_changes
from quizapp.models import EditionRow
from quizapp.reports.figures import figures_of
from quizapp.stats import rising_misses
from quizapp.stats.claims import Comparison, differences
from quizapp.stats.proportions import Share
from quizapp.stats.rising_misses import Rise
from quizapp.tally_models import SeenAlarm


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


@dataclass(frozen=True)
class WatchedItem:
    """A critical item in one language, and who missed it so far, in all editions in which it is the same.

    `has_begun`: whether there are enough answers before the last quarter. `alarm` is None if none is listed; `since`
    and `until` are its first and last quarter. `seen`: what was done about an earlier alarm, whose level is usual now.
    """

    item: Item
    language: str
    missed: Share
    has_begun: bool
    alarm: Rise | None
    since: str
    until: str
    seen: SeenAlarm | None


@dataclass(frozen=True)
class Watch:
    """All watched items of an edition; of alarms, `expected` at most are listed by chance alone, on average."""

    items: tuple[WatchedItem, ...]
    expected: float

    @property
    def has_begun(self) -> bool:
        return any(one.has_begun for one in self.items)


def watch_items(
    session: Session,
    editions: Editions,
    rows: Sequence[EditionRow],
    own: EditionRow,
    quarters: Sequence[str],
    language: str,
) -> Watch:
    """Return whether the critical items of the edition `own` are missed more than before, in each of its languages.

    They are watched quarter by quarter, for as long as their words are the same; those without answers are left out.

    `rows`: all editions, oldest first. `quarters`: all quarters with counts of the procedure, so that the alarms of an
    edition that is no longer served end, too. `language` is that of the words returned.
    """
    newest_first = [editions.by_id(session, row.id) for row in reversed(rows[: rows.index(own) + 1])]
    edition = newest_first[0]
    critical = [item for item in edition.in_language(language).items() if item.critical]
    counts = tallies.first_choices(session, own.procedure, [item.id for item in critical])
    watched = len(critical) * len(edition.languages)
    seen = {(m.item, m.language): m for m in session.scalars(select(SeenAlarm).filter_by(procedure=own.procedure))}
    found = []
    for code in sorted(edition.languages):
        missed: dict[str, dict[str, Share]] = defaultdict(lambda: defaultdict(lambda: Share(0, 0)))  # item -> quarter
        newest, unchanged = edition.in_language(code), {item.id for item in critical}
        for each in takewhile(lambda one: code in one.languages, newest_first):  # noqa: B023 - used up in this round
            procedure = each.in_language(code)
            unchanged &= same_items(procedure, newest)
            for item in procedure.items():
                chosen = counts.get((each.id, code, item.id), ()) if item.id in unchanged else ()
                for quarter, option, people in chosen:
                    missed[item.id][quarter] += Share(people if option != item.forms[0].key.id else 0, people)
        for item in critical:
            if item.id in missed:
                mark = seen.get((item.id, code))
                counted = [quarter for quarter in quarters if not mark or quarter >= mark.since]
                by_quarter = [missed[item.id][quarter] for quarter in counted]
                alarm, has_begun = rising_misses.alarm(by_quarter, watched), rising_misses.rise(by_quarter) is not None
                since, until = (counted[alarm.since], counted[alarm.until]) if alarm else ("", "")
                whole = sum(missed[item.id].values(), Share(0, 0))
                found.append(WatchedItem(item, code, whole, has_begun, alarm, since, until, mark))
    return Watch(tuple(found), rising_misses.false_alarms_expected(len(quarters)) if watched else 0.0)

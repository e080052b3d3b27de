"""What the released answers say about the content: is it the patient, or is it the text? Reads tallies only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.beliefs import AcrossItems, Held, across_items, beliefs_held
from quizapp.domain.comparing import Comparison, compare
from quizapp.domain.item_figures import NOBODY, ItemFigures, item_figures
from quizapp.domain.items import Item, Lesson, Procedure
from quizapp.domain.shares import ENOUGH_FOR_CORRELATIONS, Share
from quizapp.domain.statistics import (
    ScoreSums,
    alpha,
    mean,
    standard_deviation,
    standard_error_of_measurement,
)
from quizapp.domain.suspicions import Evidence, Suspicion, suspicions
from quizapp.domain.tallying import OptionKey
from quizapp.domain.text_changes import TextChange, text_changes
from quizapp.domain.watching import Watch
from quizapp.services.editions import Editions
from quizapp.services.releases import waiting
from quizapp.storage import drift, tallies
from quizapp.storage import editions as stored_editions
from quizapp.storage.models import EditionRow
from quizapp.storage.tallies import Went


@dataclass(frozen=True)
class Asked:
    """Which attempts. `edition` "" is the one served now; `quarter` and `language` "" are all."""

    procedure: str
    edition: str = ""
    quarter: str = ""
    language: str = ""


@dataclass(frozen=True)
class Doubt:
    """An item whose words somebody should look at, with every reason."""

    evidence: Evidence
    lesson: Lesson
    reasons: tuple[Suspicion, ...]


@dataclass(frozen=True)
class WholeQuiz:
    """The scores of all: n, mean and standard deviation in items; alpha and SEM are None below 50 people."""

    n: int
    mean: float | None
    deviation: float | None
    alpha: float | None
    standard_error: float | None


@dataclass(frozen=True)
class LessonFigures:
    """A lesson: `right` counts answers right at the first try, over all its items."""

    lesson: Lesson
    right: Share
    hardest: ItemFigures


@dataclass(frozen=True)
class LanguageFigures:
    """A language beside the source language, item by item."""

    language: str
    n: int
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class EditionsCompared:
    """An edition beside the one before it."""

    before: EditionRow
    after: EditionRow
    changes: tuple[TextChange, ...]
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Watched:
    """A critical item's watch in one language; `last_alarm` is a quarter, "" for never."""

    item: Item
    language: str
    watch: Watch
    last_alarm: str


@dataclass(frozen=True)
class Insights:
    """Everything the insights page shows; `editions`, newest first, are those that it may be asked for."""

    asked: Asked
    procedure: Procedure
    editions: tuple[EditionRow, ...]
    quarters: tuple[str, ...]
    languages: tuple[str, ...]
    waiting: int
    whole: WholeQuiz
    items: tuple[ItemFigures, ...]
    held: tuple[Held, ...]
    doubts: tuple[Doubt, ...]
    beliefs: tuple[AcrossItems, ...]
    lessons: tuple[LessonFigures, ...]
    by_language: tuple[LanguageFigures, ...]
    talks: tuple[Evidence, ...]
    compared: EditionsCompared | None
    watched: tuple[Watched, ...]


def insights(session: Session, editions: Editions, asked: Asked, language: str = "") -> Insights:
    """The figures of one edition, with its words in `language` where it has it, else in its source language.

    Raises LookupError for an edition that was never kept.
    """
    rows = stored_editions.all_of(session, asked.procedure)
    current = editions.catalogue.editions[asked.procedure].id
    own = next((row for row in rows if row.id == (asked.edition or current)), None)
    if own is None:
        raise LookupError(f"no edition {asked.edition} was kept")
    before = _before(rows, own)
    edition = editions.by_id(session, own.id)
    procedure = edition.in_language(language or edition.source)
    went = tallies.ways(session, asked.procedure, [own.id, *([before.id] if before else [])], asked.quarter)
    ours = [one for one in went if one.edition == own.id]
    chosen = [one for one in ours if asked.language in ("", one.language)]
    items = _figures(procedure, chosen)
    talks = tallies.talks(session, asked.procedure, own.id, asked.quarter, asked.language)
    evidence = tuple(Evidence(one, talks.get(one.item.id, {})) for one in items)
    groups = tallies.groups(session, asked.procedure)
    return Insights(
        asked=asked,
        procedure=procedure,
        editions=tuple(reversed(rows)),
        quarters=tuple(sorted({group.quarter for group in groups}, reverse=True)),
        languages=tuple(sorted({group.language for group in groups if group.edition == own.id})),
        waiting=waiting(session, asked.procedure),
        whole=_whole(items),
        items=items,
        held=beliefs_held(items),
        doubts=tuple(
            Doubt(one, procedure.lesson_of(one.figures.item.id), reasons)
            for one in evidence
            if (reasons := suspicions(one))
        ),
        beliefs=across_items(items, procedure.misconceptions),
        lessons=tuple(_lessons(procedure, items)),
        by_language=_languages(procedure, edition.source, ours),
        talks=tuple(one for one in evidence if one.talks),
        compared=_compared(session, editions, own, before, went) if before else None,
        watched=_watched(session, procedure, own, asked.language),
    )


def _before(rows: Sequence[EditionRow], own: EditionRow) -> EditionRow | None:
    place = rows.index(own)
    return rows[place - 1] if place else None


def _figures(procedure: Procedure, went: Iterable[Went]) -> tuple[ItemFigures, ...]:
    ways: dict[str, dict[OptionKey, ScoreSums]] = defaultdict(lambda: defaultdict(lambda: NOBODY))
    for one in went:
        ways[one.way.item_id][one.way] += one.scores
    return tuple(item_figures(item, ways[item.id]) for item in procedure.items())


def _whole(items: Sequence[ItemFigures]) -> WholeQuiz:
    if not items:
        return WholeQuiz(0, None, None, None, None)
    sums = items[0].sums
    enough = sums.n >= ENOUGH_FOR_CORRELATIONS
    reliability = alpha([one.sums for one in items]) if enough else None
    deviation = standard_deviation(sums.n, sums.score, sums.score_sq) if enough else None
    return WholeQuiz(
        sums.n,
        mean(sums.score, sums.n) if items[0].right.is_enough else None,
        deviation,
        reliability,
        standard_error_of_measurement(deviation, reliability),
    )


def _lessons(procedure: Procedure, items: Sequence[ItemFigures]) -> Iterable[LessonFigures]:
    by_id = {one.item.id: one for one in items}
    for lesson in procedure.lessons:
        own = [by_id[item.id] for item in lesson.items]
        if own:
            right = Share(sum(one.right.count for one in own), sum(one.n for one in own))
            yield LessonFigures(lesson, right, max(own, key=lambda one: one.missed.count))


def _right(items: Iterable[ItemFigures]) -> dict[str, Share]:
    return {one.item.id: one.right for one in items}


def _languages(procedure: Procedure, source: str, went: Sequence[Went]) -> tuple[LanguageFigures, ...]:
    base = _right(_figures(procedure, [one for one in went if one.language == source]))
    others = sorted({one.language for one in went} - {source})
    found = []
    for language in others:
        own = _right(_figures(procedure, [one for one in went if one.language == language]))
        found.append(LanguageFigures(language, max(share.n for share in own.values()), compare(own, base)))
    return tuple(found)


def _compared(
    session: Session, editions: Editions, own: EditionRow, before: EditionRow, went: Sequence[Went]
) -> EditionsCompared:
    """The two editions, in the source language's words; the answers are those of all languages."""
    later, earlier = editions.by_id(session, own.id), editions.by_id(session, before.id)
    new, old = later.in_language(later.source), earlier.in_language(earlier.source)
    return EditionsCompared(
        before,
        own,
        text_changes(old, new),
        compare(
            _right(_figures(new, [one for one in went if one.edition == own.id])),
            _right(_figures(old, [one for one in went if one.edition == before.id])),
        ),
    )


def _watched(session: Session, procedure: Procedure, own: EditionRow, language: str) -> tuple[Watched, ...]:
    rows = {(row.item, row.language): row for row in drift.all_of(session, own.procedure, own.id)}
    return tuple(
        Watched(item, row.language, drift.watch(row), row.last_alarm or "")
        for item in procedure.items()
        for (item_id, _), row in sorted(rows.items())
        if item_id == item.id and language in ("", row.language)
    )

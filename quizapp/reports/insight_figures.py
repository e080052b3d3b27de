"""What the released answers say about the content: is it the patient, or is it the text? Reads tallies only."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.aggregation import drift_states, tallies
from quizapp.aggregation.release import waiting
from quizapp.content import stored_editions
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Item, Lesson, Procedure
from quizapp.models import EditionRow
from quizapp.reports.edition_comparison import (
    EditionsCompared,
    LanguageFigures,
    editions_compared,
    figures_of,
    languages_compared,
)
from quizapp.stats.beliefs import AcrossItems, Held, across_items, beliefs_held
from quizapp.stats.classical_test_theory import alpha, mean, standard_deviation, standard_error_of_measurement
from quizapp.stats.item_concerns import Evidence, Suspicion, suspicions
from quizapp.stats.item_figures import ItemFigures
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, Share
from quizapp.stats.watching import Watch
from quizapp.tally_models import TallyGroup


@dataclass(frozen=True)
class Asked:
    """Which attempts. `edition` "" is the one served now; `quarter` and `language` "" are all.

    `beside`: the edition to compare with; "" is the last one before that has answers.
    """

    procedure: str
    edition: str = ""
    quarter: str = ""
    language: str = ""
    beside: str = ""


@dataclass(frozen=True)
class Kept:
    """An edition, and how many attempts on it are counted."""

    row: EditionRow
    n: int


@dataclass(frozen=True)
class Doubt:
    """An item whose words somebody should look at, with every reason."""

    evidence: Evidence
    lesson: Lesson
    reasons: tuple[Suspicion, ...]

    @property
    def is_about_the_key(self) -> bool:
        """A key that may be mistaken comes first: a lesson cannot be blamed by it."""
        return any(reason.points_to == "key" for reason in self.reasons)


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
class Watched:
    """A critical item's watch in one language; `last_alarm` is a quarter, "" for never."""

    item: Item
    language: str
    watch: Watch
    last_alarm: str

    @property
    def has_begun(self) -> bool:
        """Whether it is known what is usual."""
        return self.watch.usual_percent is not None

    @property
    def alarms(self) -> int:
        """0 where it was missed too often from the start for the chart to mean anything."""
        return 0 if self.watch.is_hopeless else self.watch.alarms


@dataclass(frozen=True)
class Insights:
    """Everything the insights page shows about `edition`; `source` is its source language.

    `editions`, newest first, are those that it may be asked for.
    """

    asked: Asked
    edition: str
    source: str
    procedure: Procedure
    editions: tuple[Kept, ...]
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

    Raises LookupError for an edition that was never kept, or that has no such language as was asked for. A quarter in
    which nobody was counted gives figures of nobody.
    """
    rows = stored_editions.all_of(session, asked.procedure)
    current = editions.catalogue.editions[asked.procedure].id
    own = _row(rows, asked.edition or current)
    edition = editions.by_id(session, own.id)
    if asked.language and asked.language not in edition.languages:
        raise LookupError(f"edition {own.id} has no language {asked.language}")
    procedure = edition.in_language(language or edition.source)
    went = tallies.ways(session, asked.procedure, [own.id], asked.quarter)
    items = figures_of(procedure, [one for one in went if asked.language in ("", one.language)])
    talks = tallies.talks(session, asked.procedure, own.id, asked.quarter, asked.language)
    evidence = tuple(Evidence(one, talks.get(one.item.id, {})) for one in items)
    groups = tallies.groups(session, asked.procedure)
    counted = Counter[str]()
    for group in groups:
        counted[group.edition] += group.n
    before = _before(rows, own, counted, asked.beside)
    return Insights(
        asked=asked,
        edition=own.id,
        source=edition.source,
        procedure=procedure,
        editions=tuple(Kept(row, counted[row.id]) for row in reversed(rows)),
        quarters=tuple(sorted({group.quarter for group in groups}, reverse=True)),
        languages=_languages(groups, own, asked),
        waiting=waiting(session, asked.procedure),
        whole=_whole(items),
        items=items,
        held=beliefs_held(items),
        doubts=_doubts(procedure, evidence),
        beliefs=across_items(items, procedure.misconceptions),
        lessons=tuple(_lessons(procedure, items)),
        by_language=languages_compared(procedure, edition.source, went),
        talks=tuple(one for one in evidence if one.talks),
        compared=editions_compared(session, editions, before, own, asked.language) if before else None,
        watched=_watched(session, procedure, own, asked.language),
    )


def _row(rows: Sequence[EditionRow], edition: str) -> EditionRow:
    row = next((row for row in rows if row.id == edition), None)
    if row is None:
        raise LookupError(f"no edition {edition} was kept")
    return row


def _before(rows: Sequence[EditionRow], own: EditionRow, counted: Counter[str], beside: str) -> EditionRow | None:
    """The edition asked for, or the last one before with answers, or just the last one before."""
    if beside:
        return _row([row for row in rows if row is not own], beside)
    earlier = rows[: rows.index(own)]
    return next((row for row in reversed(earlier) if counted[row.id]), earlier[-1] if earlier else None)


def _languages(groups: Iterable[TallyGroup], own: EditionRow, asked: Asked) -> tuple[str, ...]:
    """Those with answers on this edition; the one asked for too, so that the page can say that it has none."""
    found = {group.language for group in groups if group.edition == own.id}
    return tuple(sorted(found | {asked.language} - {""}))


def _doubts(procedure: Procedure, evidence: Sequence[Evidence]) -> tuple[Doubt, ...]:
    """Doubts about keys first, then lessons, each the most missed first."""
    found = (Doubt(one, procedure.lesson_of(one.figures.item.id), suspicions(one)) for one in evidence)
    found = (doubt for doubt in found if doubt.reasons)
    return tuple(sorted(found, key=lambda one: (not one.is_about_the_key, -one.evidence.figures.missed.count)))


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


def _watched(session: Session, procedure: Procedure, own: EditionRow, language: str) -> tuple[Watched, ...]:
    rows = {(row.item, row.language): row for row in drift_states.all_of(session, own.procedure, own.id)}
    return tuple(
        Watched(item, row.language, drift_states.watch(row), row.last_alarm or "")
        for item in procedure.items()
        for (item_id, _), row in sorted(rows.items())
        if item_id == item.id and language in ("", row.language)
    )

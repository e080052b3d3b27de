"""The insights page: what patients misunderstand, and whether the text is to blame."""

from dataclasses import dataclass

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.domain.comparing import Comparison
from quizapp.domain.item_figures import ItemFigures
from quizapp.domain.items import Item
from quizapp.domain.reviewing import OUTCOME_LABELS, Outcome
from quizapp.domain.shares import ENOUGH_FOR_CORRELATIONS
from quizapp.domain.text_changes import Piece
from quizapp.services.insights import Asked, EditionsCompared, Insights, insights
from quizapp.web.i18n import day_words, decimal_words, languages_of, page_language, speak
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime
from quizapp.web.staff import insight_words as words
from quizapp.web.staff.access import nurses
from quizapp.web.staff.blueprint import bp
from quizapp.web.staff.charts import Bar, BarRow, bar, share_bar

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StandsOut:
    sentence: str
    stem: str
    item_id: str


@dataclass(frozen=True)
class DoubtRow:
    stem: str
    item_id: str
    reasons: tuple[str, ...]
    advice: str


@dataclass(frozen=True)
class OptionRow:
    text: str
    is_key: bool
    value: str
    sure: str
    bar: Bar


@dataclass(frozen=True)
class ItemRow:
    """One question's figures in words, and its options."""

    item_id: str
    stem: str
    lesson: str
    is_critical: bool
    n: str
    right: str
    right_after: str
    dont_know: str
    sure_and_wrong: str
    discrimination: str
    options: tuple[OptionRow, ...]


@dataclass(frozen=True)
class BeliefRow:
    name: str
    chosen: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class LessonRow:
    title: str
    right: str
    hardest: str


@dataclass(frozen=True)
class ComparisonRow:
    stem: str
    own: str
    base: str
    difference: str
    verdict: str


@dataclass(frozen=True)
class LanguageTable:
    language: str
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True)
class ChangeRow:
    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class EditionsTable:
    """`before` and `after` name the editions by their first day."""

    before: str
    after: str
    changes: tuple[ChangeRow, ...]
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True)
class TalkRow:
    stem: str
    talks: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class WatchRow:
    stem: str
    language: str
    sentence: str


@dataclass(frozen=True)
class WholeQuizRow:
    """A dash where a figure is not shown."""

    mean: str
    deviation: str
    alpha: str
    standard_error: str


@dataclass(frozen=True)
class InsightsPage:
    """`calm` is said where nothing stands out; `few` where there are no correlations, else ""."""

    title: str
    source_language: str
    asked: Asked
    procedures: Pairs
    editions: Pairs
    quarters: tuple[str, ...]
    languages: tuple[str, ...]
    n: int
    n_words: str
    waiting: int
    min_group: int
    stands_out: tuple[StandsOut, ...]
    calm: str
    doubts: tuple[DoubtRow, ...]
    few: str
    right_bars: tuple[BarRow, ...]
    items: tuple[ItemRow, ...]
    beliefs: tuple[BeliefRow, ...]
    lesson_bars: tuple[BarRow, ...]
    lessons: tuple[LessonRow, ...]
    by_language: tuple[LanguageTable, ...]
    compared: EditionsTable | None
    outcome_labels: tuple[str, ...]
    talks: tuple[TalkRow, ...]
    watched: tuple[WatchRow, ...]
    whole: WholeQuizRow
    question_count: int
    methods_url: str


@bp.get("/insights")
@nurses
def insights_page() -> ResponseReturnValue:
    procedures = list(runtime().editions.catalogue.editions)
    asked = Asked(
        procedure=request.args.get("procedure", procedures[0]),
        edition=request.args.get("edition", ""),
        quarter=request.args.get("quarter", ""),
        language=request.args.get("language", ""),
    )
    if asked.procedure not in procedures:
        abort(404)
    try:
        found = insights(db(), runtime().editions, asked, page_language())
    except LookupError:
        abort(404)
    speak(found.procedure.language, languages_of(runtime().editions.catalogue.editions[asked.procedure]))
    return show("staff/insights.html", _page(found))


def _page(found: Insights) -> InsightsPage:
    catalogue = runtime().editions.catalogue.editions
    names = {belief.id: belief.name for belief in found.procedure.misconceptions}
    stands_out = tuple(
        StandsOut(words.held(one, names[one.misconception]), _stem(one.item), one.item.id)
        for one in found.held
        if one.stands_out
    )
    n = found.whole.n
    return InsightsPage(
        title=found.procedure.title,
        source_language=catalogue[found.asked.procedure].source,
        asked=found.asked,
        procedures=tuple((procedure_id, e.in_language(page_language()).title) for procedure_id, e in catalogue.items()),
        editions=tuple((row.id, f"{day_words(row.first_day)} ({row.id[:6]})") for row in found.editions),
        quarters=found.quarters,
        languages=found.languages,
        n=n,
        n_words=words.number(n),
        waiting=found.waiting,
        min_group=runtime().settings.min_group,
        stands_out=stands_out,
        calm="" if stands_out else words.nothing_stands_out(n),
        doubts=tuple(
            DoubtRow(
                _stem(doubt.evidence.figures.item),
                doubt.evidence.figures.item.id,
                words.reasons(doubt),
                words.advice(doubt),
            )
            for doubt in found.doubts
        ),
        few=words.why_no_correlations() if n < ENOUGH_FOR_CORRELATIONS else "",
        right_bars=tuple(
            BarRow(_stem(one.item), words.share(one.right), share_bar("right", one.right)) for one in found.items
        ),
        items=tuple(_item_row(one, found) for one in found.items),
        beliefs=tuple(
            BeliefRow(
                one.misconception.name,
                _("%(count)s of %(n)s answers", count=words.number(one.chosen), n=words.number(one.answers)),
                tuple(_stem(item) for item in one.items),
            )
            for one in found.beliefs
        ),
        lesson_bars=tuple(
            BarRow(one.lesson.title, words.counts(one.right), bar("right", one.right.value)) for one in found.lessons
        ),
        lessons=tuple(
            LessonRow(one.lesson.title, words.counts(one.right), _stem(one.hardest.item)) for one in found.lessons
        ),
        by_language=tuple(
            LanguageTable(one.language, tuple(_comparison_row(found, row) for row in one.comparisons))
            for one in found.by_language
        ),
        compared=_editions_table(found, found.compared) if found.compared else None,
        outcome_labels=tuple(_(OUTCOME_LABELS[outcome]) for outcome in Outcome),
        talks=tuple(
            TalkRow(
                _stem(one.figures.item),
                words.number(sum(one.talks.values())),
                tuple(words.number(one.talks.get(outcome.value, 0)) for outcome in Outcome),
            )
            for one in found.talks
        ),
        watched=tuple(WatchRow(_stem(one.item), one.language, words.watched(one)) for one in found.watched),
        whole=WholeQuizRow(
            mean=_decimal(found.whole.mean),
            deviation=_decimal(found.whole.deviation),
            alpha=words.correlation(found.whole.alpha),
            standard_error=_decimal(found.whole.standard_error),
        ),
        question_count=len(found.items),
        methods_url=url_for("site.methods"),
    )


def _stem(item: Item) -> str:
    return item.forms[0].stem


def _decimal(given: float | None) -> str:
    return "–" if given is None else decimal_words(given, 1)


def _item_row(one: ItemFigures, found: Insights) -> ItemRow:
    return ItemRow(
        item_id=one.item.id,
        stem=_stem(one.item),
        lesson=found.procedure.lesson_of(one.item.id).title,
        is_critical=one.item.critical,
        n=words.number(one.n),
        right=words.share(one.right),
        right_after=words.share(one.right_after) if one.item.tries > 1 else "–",
        dont_know=words.share(one.dont_know),
        sure_and_wrong=words.share(one.sure_and_wrong),
        discrimination=words.correlation(one.discrimination),
        options=(
            *(
                OptionRow(
                    option.option.text,
                    option.option.key,
                    words.share(option.share),
                    words.number(option.sure),
                    share_bar("right" if option.option.key else "missed", option.share),
                )
                for option in one.options
            ),
            OptionRow(
                _("I don’t know yet"), False, words.share(one.dont_know), "–", share_bar("unknown", one.dont_know)
            ),
        ),
    )


def _comparison_row(found: Insights, one: Comparison) -> ComparisonRow:
    item = found.procedure.item(one.item_id)
    return ComparisonRow(
        _stem(item) if item else one.item_id,
        words.share(one.own),
        words.share(one.base),
        words.points(one),
        words.verdict(one),
    )


def _editions_table(found: Insights, compared: EditionsCompared) -> EditionsTable:
    return EditionsTable(
        before=day_words(compared.before.first_day),
        after=day_words(compared.after.first_day),
        changes=tuple(
            ChangeRow(" · ".join(filter(None, (change.lesson_title, change.item_id, change.place))), change.pieces)
            for change in compared.changes
        ),
        rows=tuple(_comparison_row(found, one) for one in compared.comparisons),
    )

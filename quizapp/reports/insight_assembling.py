"""Puts the insights into words and bars."""

from collections.abc import Sequence

from flask import url_for
from flask_babel import gettext as _

from quizapp.domain.outcomes import OUTCOME_LABELS, Outcome
from quizapp.domain.procedure import Item
from quizapp.reports import insight_words
from quizapp.reports.charts import BarRow, bar, share_bar
from quizapp.reports.edition_comparison import EditionsCompared
from quizapp.reports.insight_figures import Doubt, Insights, Kept, WholeQuiz
from quizapp.reports.insight_pages import (
    BeliefRow,
    ChangeRow,
    Choices,
    Compared,
    ComparisonRow,
    DoubtRow,
    EditionsTable,
    InsightsPage,
    ItemRow,
    LessonRow,
    OptionRow,
    StandsOut,
    TalkRow,
    WatchRow,
    WholeQuizRow,
)
from quizapp.stats.beliefs import Held
from quizapp.stats.comparisons import Comparison, Verdict
from quizapp.stats.item_figures import ItemFigures
from quizapp.web.context import current
from quizapp.web.i18n import day_words, page_language


def insights_page(found: Insights) -> InsightsPage:
    own = next(kept for kept in found.editions if kept.row.id == found.edition)
    stands_out = tuple(_stands_out(one, found) for one in found.held if one.stands_out)
    n = found.whole.n
    elsewhere = None if own.n else next((kept for kept in found.editions if kept.n), None)
    return InsightsPage(
        title=found.procedure.title,
        edition_day=day_words(own.row.first_day),
        choices=_choices(found),
        n=n,
        n_words=insight_words.number(n),
        waiting=insight_words.waiting(n, found.waiting, current().settings.min_group),
        min_group=current().settings.min_group,
        elsewhere=elsewhere.row.id if elsewhere else "",
        elsewhere_words=_edition(elsewhere) if elsewhere else "",
        stands_out=stands_out,
        calm="" if stands_out else insight_words.nothing_stands_out(n),
        doubts=tuple(_doubt(doubt) for doubt in found.doubts),
        few=insight_words.what_is_missing(n),
        right_bars=tuple(
            BarRow(_stem(one.item), insight_words.share(one.right), share_bar("right", one.right))
            for one in sorted(found.items, key=lambda one: one.right.count)
        ),
        items=tuple(_item_row(one, found) for one in found.items),
        beliefs=tuple(
            BeliefRow(
                insight_words.capital(one.misconception.name),
                _(
                    "%(count)s of %(n)s answers",
                    count=insight_words.number(one.chosen),
                    n=insight_words.number(one.answers),
                ),
                tuple(_stem(item) for item in one.items),
            )
            for one in found.beliefs
        ),
        lesson_bars=tuple(
            BarRow(one.lesson.title, insight_words.counts(one.right), bar("right", one.right.value))
            for one in found.lessons
        ),
        lessons=tuple(
            LessonRow(one.lesson.title, insight_words.counts(one.right), _stem(one.hardest.item))
            for one in found.lessons
        ),
        by_language=tuple(
            _compared(
                one.comparisons, found, insight_words.language(one.language), insight_words.language(found.source)
            )
            for one in found.by_language
        ),
        editions=_editions_table(found, found.compared) if found.compared else None,
        outcome_labels=tuple(_(OUTCOME_LABELS[outcome]) for outcome in Outcome),
        talks=tuple(
            TalkRow(
                _stem(one.figures.item),
                insight_words.number(one.talked),
                tuple(insight_words.number(one.talks.get(outcome.value, 0)) for outcome in Outcome),
            )
            for one in found.talks
        ),
        alarms=tuple(
            _watch_row(one.item, one.language, insight_words.watched(one)) for one in found.watched if one.alarms
        ),
        no_alarm=insight_words.no_alarm(found.watched),
        watched=tuple(
            _watch_row(one.item, one.language, insight_words.watched(one)) for one in found.watched if not one.alarms
        )
        if any(one.has_begun for one in found.watched)
        else (),
        watched_questions=len({one.item.id for one in found.watched if not one.alarms}),
        whole=_whole(found.whole),
        question_count=len(found.items),
        methods_url=url_for("site.methods"),
    )


def _choices(found: Insights) -> Choices:
    asked = found.asked
    catalogue = current().editions.catalogue.editions
    editions = tuple((kept.row.id, _edition(kept)) for kept in found.editions)
    return Choices(
        asked=asked,
        is_narrowed=any((asked.edition, asked.quarter, asked.language, asked.beside)),
        procedures=tuple((procedure_id, e.in_language(page_language()).title) for procedure_id, e in catalogue.items()),
        editions=editions,
        others=tuple((edition_id, name) for edition_id, name in editions if edition_id != found.edition),
        quarters=tuple(sorted({*found.quarters, asked.quarter} - {""}, reverse=True)),
        languages=found.languages,
    )


def _edition(kept: Kept) -> str:
    """ "24 November 2026 (3f2a91), 363 counted": two editions of one day differ by the letters."""
    return insight_words.edition(day_words(kept.row.first_day), kept.row.id[:6], kept.n)


def _stem(item: Item) -> str:
    return item.forms[0].stem


def _stands_out(one: Held, found: Insights) -> StandsOut:
    name = next(belief.name for belief in found.procedure.misconceptions if belief.id == one.misconception)
    return StandsOut(
        belief=insight_words.capital(name),
        is_critical=one.item.critical,
        sentence=insight_words.held(one),
        bar=share_bar("missed", one.share),
        stem=_stem(one.item),
        item_id=one.item.id,
    )


def _doubt(doubt: Doubt) -> DoubtRow:
    item = doubt.evidence.figures.item
    return DoubtRow(insight_words.advice(doubt), insight_words.reasons(doubt), _stem(item), item.id)


def _item_row(one: ItemFigures, found: Insights) -> ItemRow:
    dont_know = OptionRow(
        _("I don’t know yet"), False, insight_words.brief(one.dont_know), "–", share_bar("unknown", one.dont_know)
    )
    options = (
        OptionRow(
            option.option.text,
            option.option.key,
            insight_words.brief(option.share),
            insight_words.number(option.sure),
            share_bar("right" if option.option.key else "missed", option.share),
        )
        for option in one.options
    )
    return ItemRow(
        item_id=one.item.id,
        stem=_stem(one.item),
        lesson=found.procedure.lesson_of(one.item.id).title,
        is_critical=one.item.critical,
        n=insight_words.number(one.n),
        right=insight_words.brief(one.right),
        right_after=insight_words.share(one.right_after) if one.item.tries > 1 else "–",
        dont_know=insight_words.brief(one.dont_know),
        sure_and_wrong=insight_words.brief(one.sure_and_wrong),
        discrimination=insight_words.correlation(one.discrimination),
        right_in_full=insight_words.share(one.right),
        options=(*options, dont_know),
    )


def _compared(comparisons: Sequence[Comparison], found: Insights, own: str, base: str) -> Compared:
    rows = [(one.verdict, _comparison_row(found, one)) for one in comparisons]
    undecided = sum(verdict is Verdict.CANT_TELL for verdict, _row in rows)
    return Compared(
        own,
        base,
        better=tuple(row for verdict, row in rows if verdict is Verdict.BETTER),
        worse=tuple(row for verdict, row in rows if verdict is Verdict.WORSE),
        rest=insight_words.cant_tell(undecided) if undecided else "",
        chance=insight_words.may_be_chance(len(comparisons)) if any(map(insight_words.is_chance, comparisons)) else "",
        rows=tuple(row for _verdict, row in rows),
    )


def _comparison_row(found: Insights, one: Comparison) -> ComparisonRow:
    item = found.procedure.item(one.item_id)
    return ComparisonRow(
        _stem(item) if item else one.item_id,
        insight_words.share(one.own),
        insight_words.share(one.base),
        insight_words.points(one),
        insight_words.verdict(one),
    )


def _editions_table(found: Insights, compared: EditionsCompared) -> EditionsTable:
    after, before = day_words(compared.after.first_day), day_words(compared.before.first_day)
    return EditionsTable(
        sides=_(
            "The edition of %(after)s beside that of %(before)s, all quarters, answers in %(language)s.",
            after=after,
            before=before,
            language=insight_words.language(compared.language),
        ),
        only_one=insight_words.only_in_one(compared.only_after, compared.only_before),
        compared=_compared(compared.comparisons, found, _("Now"), _("Before")),
        changes_language=compared.language,
        changes=tuple(ChangeRow(insight_words.place(change), change.pieces) for change in compared.changes),
    )


def _watch_row(item: Item, language: str, sentence: str) -> WatchRow:
    return WatchRow(_stem(item), insight_words.language(language), sentence)


def _whole(whole: WholeQuiz) -> WholeQuizRow:
    return WholeQuizRow(
        mean=insight_words.decimal(whole.mean),
        deviation=insight_words.decimal(whole.deviation),
        alpha=insight_words.correlation(whole.alpha),
        standard_error=insight_words.decimal(whole.standard_error),
    )

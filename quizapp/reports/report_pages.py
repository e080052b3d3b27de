"""What the report for a quality meeting shows, in words and bars."""

from dataclasses import dataclass

from flask_babel import gettext as _

from quizapp.accounts.auth import signed_in
from quizapp.domain.outcomes import OUTCOME_LABELS, Outcome
from quizapp.domain.procedure import Item
from quizapp.reports import export_words, report_words
from quizapp.reports.charts import BarRow, bar
from quizapp.reports.export_pages import Pairs, Problem, procedure_titles
from quizapp.reports.insight_words import language
from quizapp.reports.report_changes import EditionChange
from quizapp.reports.report_figures import Report
from quizapp.web.context import today
from quizapp.web.i18n import day_words

MOST_STEMS = 2  # of those that meet one belief


@dataclass(frozen=True)
class Asked:
    """`first` and `last`: quarters; both "" for the usual period."""

    procedure: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True)
class MissedRow:
    stem: str
    is_critical: bool
    lesson: str
    share: str
    still_wrong: str
    dont_know: str
    instead: str


@dataclass(frozen=True)
class BeliefRow:
    name: str
    chosen: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class TalkRow:
    stem: str
    talks: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class ChangedItemRow:
    stem: str
    before: str
    after: str


@dataclass(frozen=True)
class ChangeBlock:
    """One new edition: its first day, what changed in a sentence each, and who missed what before and after.

    `too_few`: there are such items, but nothing of them can be shown.
    """

    day: str
    sentences: tuple[str, ...]
    items: tuple[ChangedItemRow, ...]
    too_few: bool


@dataclass(frozen=True)
class ReportPage:
    """`first` and `last` are "" where nothing can be shown yet. `error` is about the field `error_field`."""

    title: str
    procedure: str
    procedures: Pairs
    quarters: Pairs
    first: str
    last: str
    made_on: str
    attempts: str
    left_out: str
    languages: str
    in_short: tuple[str, ...]
    quarter_bars: tuple[BarRow, ...]
    missed_bars: tuple[BarRow, ...]
    missed: tuple[MissedRow, ...]
    none_missed: str
    beliefs: tuple[BeliefRow, ...]
    none_believed: str
    outcome_labels: tuple[str, ...]
    outcome_bars: tuple[BarRow, ...]
    talks: tuple[TalkRow, ...]
    changes: tuple[ChangeBlock, ...]
    notes: tuple[str, ...]
    is_internal: bool
    may_see_exact: bool
    reasons: Pairs
    error: str | None
    error_field: str


def report_page_of(report: Report, procedure: str, profile: str, problem: Problem | None) -> ReportPage:
    most_in_a_quarter = max((one.attempts.n for one in report.by_quarter), default=0)
    return ReportPage(
        title=report.procedure.title,
        procedure=procedure,
        procedures=procedure_titles(),
        quarters=tuple((quarter, quarter) for quarter in report.quarters),
        first=report.period.first,
        last=report.period.last,
        made_on=day_words(today()),
        attempts=report_words.amount(report.attempts),
        left_out=report_words.left_out(report),
        languages=", ".join(language(code) for code in report.languages),
        in_short=report_words.in_short(report),
        quarter_bars=tuple(
            BarRow(
                one.quarter, report_words.amount(one.attempts), bar("right", _part(one.attempts.n, most_in_a_quarter))
            )
            for one in report.by_quarter
        ),
        missed_bars=tuple(
            BarRow(_stem(one.item), report_words.share(one.share), bar("missed", (one.share.percent or 0) / 100))
            for one in report.missed
        ),
        missed=tuple(
            MissedRow(
                _stem(one.item),
                one.item.critical,
                one.lesson.title,
                report_words.share(one.share),
                report_words.amount(one.still_wrong),
                report_words.amount(one.dont_know),
                one.instead.text if one.instead else "–",
            )
            for one in report.missed
        ),
        none_missed=report_words.none_missed(report),
        beliefs=tuple(
            BeliefRow(one.belief.name, report_words.amount(one.chosen), _stems(one.items)) for one in report.beliefs
        ),
        none_believed=report_words.none_believed(report),
        outcome_labels=tuple(_(OUTCOME_LABELS[outcome]) for outcome in Outcome),
        outcome_bars=tuple(
            BarRow(_(OUTCOME_LABELS[outcome]), report_words.amount(n), bar("right", _part(n.n, report.talks.talks.n)))
            for outcome, n in report.talks.outcomes.items()
        )
        if report.talks.talks.n
        else (),
        talks=tuple(
            TalkRow(
                _stem(one.item),
                report_words.amount(one.talks),
                tuple(report_words.amount(n) for n in one.outcomes.values()),
            )
            for one in report.talks.items
        ),
        changes=tuple(_change(one) for one in report.changes),
        notes=report.notes,
        is_internal=profile == "internal",
        may_see_exact=signed_in().is_lead,
        reasons=tuple(export_words.reasons().items()),
        error=problem.message if problem else None,
        error_field=problem.field if problem else "",
    )


def _stem(item: Item) -> str:
    return item.forms[0].stem


def _stems(items: tuple[Item, ...]) -> tuple[str, ...]:
    """The first questions, and a mark where there are more: a report is short."""
    return (*(_stem(item) for item in items[:MOST_STEMS]), *(["…"] if len(items) > MOST_STEMS else []))


def _part(n: int, whole: int) -> float:
    return n / whole if whole else 0


def _change(one: EditionChange) -> ChangeBlock:
    rows = tuple(
        ChangedItemRow(_stem(each.item), report_words.share(each.before), report_words.share(each.after))
        for each in one.items
    )
    is_shown = any({row.before, row.after} != {report_words.LEFT_OUT} for row in rows)
    return ChangeBlock(
        day_words(one.after.first_day),
        report_words.changes(one),
        rows if is_shown else (),
        too_few=bool(rows) and not is_shown,
    )

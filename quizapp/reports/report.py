"""The report for a quality meeting: sums of published figures, and nothing that the tables do not publish.

For anyone, or with exact counts for a lead who gives a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import lead_required, signed_in, staff_required
from quizapp.aggregation.release import waiting
from quizapp.content.editions import Editions
from quizapp.disclosure.item_counts import OUTCOME, TALKS
from quizapp.disclosure.publication import PartialSum, partial_sum
from quizapp.domain.outcomes import OUTCOME_LABELS, Outcome
from quizapp.domain.procedure import Item, Lesson, Procedure
from quizapp.reports.edition_comparison import EditionChanges, edition_changes
from quizapp.reports.exports import NOT_OFFERED, procedure_titles, thresholds
from quizapp.reports.figures import (
    PROFILES,
    Published,
    ServedEdition,
    Thresholds,
    disclosure_notes,
    publish,
    waiting_note,
)
from quizapp.reports.missed_items import (
    BeliefChosen,
    Missed,
    MissedItem,
    beliefs_chosen,
    is_whole,
    missed_items,
    missed_share,
    sum_of,
)
from quizapp.reports.query import REASONS, Query, choices
from quizapp.reports.sentences import language_name
from quizapp.web.context import current, today
from quizapp.web.i18n import set_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

USUAL_QUARTERS = 4
MAX_QUARTERS = 8  # more would not fit on the pages that a meeting reads
MAX_TALKS, MAX_EDITIONS, MAX_CHANGED_ITEMS = 6, 2, 4


class BadPeriod(Exception):
    """The quarters are not offered, out of order, or too many."""


@dataclass(frozen=True)
class ItemTalks:
    """Talks about one item, by outcome."""

    item: Item
    talks: PartialSum
    outcomes: Mapping[Outcome, PartialSum]


@dataclass(frozen=True)
class Talks:
    """All talks; `items`: those talked about most, with numbers that can be shown."""

    talks: PartialSum
    outcomes: Mapping[Outcome, PartialSum]
    items: tuple[ItemTalks, ...]


@dataclass(frozen=True)
class ItemChange:
    """An item whose words or lesson changed: missed in the edition before, and in the new one."""

    item: Item
    before: Missed
    after: Missed


@dataclass(frozen=True)
class EditionChange:
    """A new edition and the one before it: the lessons and items that changed.

    `items`: those with both shares, the most missed before first; `too_few`: whether others are left out.
    """

    before: ServedEdition
    after: ServedEdition
    changes: EditionChanges
    lessons: tuple[Lesson, ...]
    items: tuple[ItemChange, ...]
    too_few: bool


@dataclass(frozen=True)
class Report:
    """`groups`: attempts are counted by quarter, edition and language; `left_out` of them have too few people.

    `procedure`: the last edition of the period, in its source language. `first` and `last` are "" if nothing can be
    shown yet; `quarters` are those to choose from. `is_whole`: nothing of the first answers is left out, so what is
    not among `missed` and `beliefs` did not happen. `is_ranked`: the share of every item is known, so the first of
    `missed` is missed most.
    """

    procedure: Procedure
    first: str
    last: str
    quarters: tuple[str, ...]
    attempts: PartialSum
    groups: int
    left_out: int
    is_whole: bool
    is_ranked: bool
    languages: tuple[str, ...]
    by_quarter: Mapping[str, PartialSum]
    missed: tuple[MissedItem, ...]
    beliefs: tuple[BeliefChosen, ...]
    talks: Talks
    changes: tuple[EditionChange, ...]
    notes: tuple[str, ...]


def make_report(session: Session, editions: Editions, query: Query, limits: Thresholds, today: date) -> Report:
    """Return the report on the quarters of the query, or on the last ones that can be shown. Raise BadPeriod."""
    profile = PROFILES[query.profile]
    quarters = choices(session, query.procedure, query.profile, today).quarters
    first, last = _period(query, quarters)
    until = publish(session, editions, query.procedure, profile, limits, today).only(lambda p: p.quarter <= last)
    shown = until.only(lambda place: place.quarter >= first)
    served = [one for one in until.editions if any(group.place.edition == one.id for group in until.groups)]
    now = editions.catalogue.editions[query.procedure]
    procedure = served[-1].procedure if served else now.in_language(now.source)
    return Report(
        procedure=procedure,
        first=first,
        last=last,
        quarters=quarters,
        attempts=partial_sum(group.figures.attempts for group in shown.groups),
        groups=len(shown.groups),
        left_out=sum(group.figures.attempts is None for group in shown.groups),
        is_whole=is_whole(shown.groups),
        is_ranked=all(missed_share(item, shown).percent is not None for item in procedure.items()),
        languages=tuple(sorted({group.place.language for group in shown.groups})),
        by_quarter={
            quarter: partial_sum(group.figures.attempts for group in shown.groups if group.place.quarter == quarter)
            for quarter in quarters
            if first <= quarter <= last
        },
        missed=missed_items(procedure, shown),
        beliefs=beliefs_chosen(procedure, shown),
        talks=talks_in(procedure, shown),
        changes=_changes(until, served, first),
        notes=(
            waiting_note(waiting(session, query.procedure), profile, limits.min_group),
            *disclosure_notes(shown.groups, profile),
        ),
    )


def _period(query: Query, quarters: Sequence[str]) -> tuple[str, str]:
    if not (query.first or query.last):
        usual = quarters[-USUAL_QUARTERS:]
        return (usual[0], usual[-1]) if usual else ("", "")
    if not {query.first, query.last} <= {*quarters} or query.first > query.last:
        raise BadPeriod
    if quarters.index(query.last) - quarters.index(query.first) >= MAX_QUARTERS:
        raise BadPeriod
    return query.first, query.last


def talks_in(procedure: Procedure, published: Published) -> Talks:
    """Return how talks ended, over all items and for the items talked about most."""
    items = []
    for item in procedure.items():
        groups = [group for group in published.groups if (item.id, TALKS, "") in group.figures.counts]
        outcomes = {outcome: sum_of(groups, item, OUTCOME, outcome.value) for outcome in Outcome}
        items.append(ItemTalks(item, sum_of(groups, item, TALKS), outcomes))
    shown = sorted((one for one in items if one.talks.n), key=lambda one: -one.talks.n)
    return Talks(
        sum((one.talks for one in items), PartialSum(0)),
        {outcome: sum((one.outcomes[outcome] for one in items), PartialSum(0)) for outcome in Outcome},
        tuple(shown[:MAX_TALKS]),
    )


def _changes(until: Published, served: Sequence[ServedEdition], first_quarter: str) -> tuple[EditionChange, ...]:
    """Return the last editions that are new in the period, oldest first; `until`: all groups up to its end.

    An edition is new in the quarter of its first counted attempts. Its shares are of all attempts in `until`.
    """
    earlier = {group.place.edition for group in until.groups if group.place.quarter < first_quarter}
    pairs = [(before, after) for before, after in pairwise(served) if after.id not in earlier]
    return tuple(_change(before, after, until) for before, after in pairs[-MAX_EDITIONS:])


def _change(before: ServedEdition, after: ServedEdition, until: Published) -> EditionChange:
    changes = edition_changes(before.procedure, after.procedure)
    lessons = tuple(lesson for lesson in after.procedure.lessons if lesson.id in changes.lessons)
    old, new = until.only(lambda place: place.edition == before.id), until.only(lambda p: p.edition == after.id)
    items = [
        ItemChange(item, missed_share(item, old), missed_share(item, new))
        for lesson in after.procedure.lessons
        for item in lesson.items
        if (item.id in changes.changed or lesson.id in changes.lessons) and item.id not in changes.added
    ]
    complete = [one for one in items if one.before.percent is not None and one.after.percent is not None]
    complete.sort(key=lambda one: -(one.before.percent or 0))
    shown = tuple(complete[:MAX_CHANGED_ITEMS])
    return EditionChange(before, after, changes, lessons, shown, len(complete) < len(items))


@bp.get("/exports/report")
@staff_required
def report_page() -> ResponseReturnValue:
    return _show(_query(request.args.to_dict()))


@bp.post("/exports/report")
@lead_required
def internal_report() -> ResponseReturnValue:
    query, reason = _query(request.form.to_dict()), request.form.get("reason", "")
    if reason not in REASONS:
        return _show(query, error=_(NOT_OFFERED["reason"]), error_field="reason")
    return _show(replace(query, profile="internal"), reason)


def _query(fields: dict[str, str]) -> Query:
    """Read which report is asked for; only `internal_report` shows exact counts."""
    names = ("procedure", "first", "last")
    usual = next(iter(current().editions.catalogue.editions))
    return Query.from_fields({name: fields[name] for name in names if name in fields}, usual)


def _show(query: Query, reason: str = "", *, error: str = "", error_field: str = "") -> ResponseReturnValue:
    served = current().editions.catalogue.editions
    edition = served.get(query.procedure, next(iter(served.values())))
    # The report quotes the words of the source, so all of it is in that language.
    set_content_language(edition.procedure_id, edition.source, (edition.source,))
    if query.procedure not in served:
        error, error_field = _(NOT_OFFERED["procedure"]), "procedure"
        query = Query(edition.procedure_id, profile=query.profile)
    try:
        report = _report(query)
    except BadPeriod:
        error_field = "first"
        error = _(
            "Choose quarters of the lists, the earlier one first, and at most %(most)s of them.", most=MAX_QUARTERS
        )
        report = _report(replace(query, first="", last=""))
    with current().database.writing() as session:
        period = f"{report.first}..{report.last}" if report.quarters else ""
        detail = " ".join(filter(None, ("report", query.procedure, query.profile, period, reason)))
        audit.note(session, current().clock(), signed_in().name, "exported", detail=detail)
        session.commit()
    return render_page(
        "staff/report.html",
        400 if error else 200,
        report=report,
        procedure_id=query.procedure,
        procedures=procedure_titles(),
        languages=", ".join(language_name(code) for code in report.languages),
        outcome_labels=OUTCOME_LABELS,
        reasons=[(id, _(words)) for id, words in REASONS.items()],
        made_on=today(),
        is_internal=query.profile == "internal",
        may_see_exact=signed_in().is_lead,
        error=error,
        error_field=error_field,
    )


def _report(query: Query) -> Report:
    """Read apart from this request's transaction: patients go on answering meanwhile."""
    with current().database.reading() as session:
        return make_report(session, current().editions, query, thresholds(), today())

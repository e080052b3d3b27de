"""The report for a quality meeting: for anyone, or with exact counts for a lead who gives a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts.auth import lead_required, signed_in, staff_required
from quizapp.aggregation.release import waiting
from quizapp.content.editions import Editions
from quizapp.disclosure.publication import PartialSum
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.domain.procedure import Procedure
from quizapp.reports.exports import NOT_OFFERED, note_export, procedure_titles, reasons, thresholds, usual_procedure
from quizapp.reports.figures import PROFILES, Thresholds, notes_on, publish
from quizapp.reports.query import REASONS, Query, choices
from quizapp.reports.report_figures import (
    BeliefChosen,
    EditionChange,
    MissedItem,
    Talks,
    beliefs_chosen,
    is_whole,
    missed_items,
    missed_share,
    new_editions,
    talks_in,
)
from quizapp.web.context import current, today
from quizapp.web.i18n import set_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

USUAL_QUARTERS = 4
MAX_QUARTERS = 8  # more would not fit on the pages that a meeting reads


class BadPeriod(Exception):
    """The quarters are not offered, out of order, or too many."""


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
    counted = {group.place.edition for group in until.groups}
    served = [edition for edition in until.editions if edition.id in counted]
    now = editions.catalogue.editions[query.procedure]
    procedure = served[-1].procedure if served else now.in_language(now.source)
    return Report(
        procedure=procedure,
        first=first,
        last=last,
        quarters=quarters,
        attempts=shown.attempts(),
        groups=len(shown.groups),
        left_out=sum(group.figures.attempts is None for group in shown.groups),
        is_whole=is_whole(shown.groups),
        is_ranked=all(missed_share(item, shown).percent is not None for item in procedure.items()),
        languages=tuple(sorted({group.place.language for group in shown.groups})),
        by_quarter={quarter: shown.attempts(quarter) for quarter in quarters if first <= quarter <= last},
        missed=missed_items(procedure, shown),
        beliefs=beliefs_chosen(procedure, shown),
        talks=talks_in(procedure, shown),
        changes=new_editions(until, served, first),
        notes=notes_on(shown.groups, waiting(session, query.procedure), profile, limits.min_group),
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
    """Return which report is asked for; only `internal_report` shows exact counts."""
    return Query(fields.get("procedure", usual_procedure()), first=fields.get("first", ""), last=fields.get("last", ""))


def _show(query: Query, reason: str = "", *, error: str = "", error_field: str = "") -> ResponseReturnValue:
    served = current().editions.catalogue.editions
    edition = served.get(query.procedure, next(iter(served.values())))
    # The report quotes the words of the source, so all of it is in that language.
    set_content_language(edition.procedure_id, edition.source, (edition.source,))
    if query.procedure not in served:
        error, error_field = _(NOT_OFFERED["procedure"]), "procedure"
        query = Query(edition.procedure_id, profile=query.profile)
    # Read apart from this request's transaction: patients go on answering meanwhile.
    with current().database.reading() as session:
        try:
            report = make_report(session, current().editions, query, thresholds(), today())
        except BadPeriod:
            error_field = "first"
            error = _(
                "Choose quarters of the lists, the earlier one first, and at most %(most)s of them.", most=MAX_QUARTERS
            )
            query = replace(query, first="", last="")
            report = make_report(session, current().editions, query, thresholds(), today())
    period = f"{report.first}..{report.last}" if report.quarters else ""
    note_export("report", query.procedure, query.profile, period, reason)
    return render_page(
        "staff/report.html",
        400 if error else 200,
        report=report,
        procedure_id=query.procedure,
        procedures=procedure_titles(),
        outcome_labels=OUTCOME_LABELS,
        reasons=reasons(),
        made_on=today(),
        is_internal=query.profile == "internal",
        may_see_exact=signed_in().is_lead,
        error=error,
        error_field=error_field,
    )

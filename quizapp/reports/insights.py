"""The insights page: what the counted answers say about the content. Is it the patient, or is it the text?"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import lead_required, signed_in, staff_required
from quizapp.aggregation import tallies
from quizapp.aggregation.release import waiting
from quizapp.content.editions import Editions, stored_editions
from quizapp.domain.gettext_marker import N_
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.domain.procedure import Lesson, Procedure
from quizapp.models import EditionRow
from quizapp.reports.comparisons import EditionComparison, Watch, compare_editions, compare_languages, watch_items
from quizapp.reports.exports import procedure_titles, usual_procedure
from quizapp.reports.figures import figures_of
from quizapp.reports.query import Query
from quizapp.reports.sentences import edition_name
from quizapp.stats.claims import Comparison
from quizapp.stats.classical_test_theory import TestFigures, whole_test
from quizapp.stats.concerns import AcrossItems, Evidence, Held, ItemConcern, across_items, beliefs_held, concerns
from quizapp.stats.item_figures import ItemFigures
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, Share
from quizapp.tally_models import SeenAlarm
from quizapp.web.context import commit, current, db, today
from quizapp.web.i18n import languages_of, page_language, set_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp, menu_entry

ALARM_ACTIONS = {
    "text-changed": N_("the text was changed"),
    "staff-told": N_("staff were told"),
    "no-action": N_("no action"),
}
QUARTER = re.compile(r"(\d{4}-Q[1-4])?", re.ASCII)


@menu_entry(N_("Insights"), 3, sections=("insights",))
@bp.get("/insights")
@staff_required
def insights_page() -> ResponseReturnValue:
    served = current().editions.catalogue.editions
    query = Query.from_fields(request.args.to_dict(), usual_procedure())
    if query.procedure not in served or not QUARTER.fullmatch(query.quarter):
        abort(404)
    try:
        insights = find_insights(db(), current().editions, query, page_language())
    except LookupError:
        abort(404)
    edition = served[query.procedure]
    set_content_language(edition.procedure_id, insights.procedure.language, languages_of(edition))
    return render_page(
        "staff/insights.html",
        query=query,
        insights=insights,
        outcome_labels=OUTCOME_LABELS,
        procedures=procedure_titles(),
        editions=[(row.id, edition_name(row, insights.attempts[row.id])) for row in insights.editions],
        min_group=current().settings.min_group,
        alarm_actions=ALARM_ACTIONS,
    )


@bp.post("/insights/alarm")
@lead_required
def see_alarm() -> ResponseReturnValue:
    """Note what was done about an alarm. Its level is what is usual then, and a further rise is a new alarm."""
    fields = ("procedure", "item", "language", "since", "action")
    procedure, *wanted, action = (request.form.get(name, "") for name in fields)
    if procedure not in current().editions.catalogue.editions or action not in ALARM_ACTIONS:
        abort(400)
    with current().database.reading() as session:  # no patient's answer waits for this
        watch = find_insights(session, current().editions, Query(procedure)).watch
    for one in watch.items if watch else ():
        if one.alarm and wanted == [one.item.id, one.language, one.since]:  # not another, which nobody has seen
            key = {"procedure": procedure, "item": one.item.id, "language": one.language}
            db().merge(SeenAlarm(**key, since=one.since, action=action, day=today()))
            audit.note(db(), current().clock(), signed_in().name, "alarm-seen", detail=" ".join((*wanted, action)))
    commit()
    return redirect(url_for("staff.insights_page", procedure=procedure), 303)


@dataclass(frozen=True)
class LessonFigures:
    """A lesson: `right` counts answers right at the first try, over all its items."""

    lesson: Lesson
    right: Share
    hardest: ItemFigures


@dataclass(frozen=True)
class Insights:
    """Everything the insights page shows about `edition`; `source` is its source language.

    `makes_claims`: only the view of all quarters and languages does, because the bound on the page's errors holds for
    one growing set of answers. `watch` is None in another view.
    `editions`, newest first, `quarters` and `languages` are those that the page can be asked for. `attempts`: how many
    are counted, by edition.
    """

    procedure: Procedure
    edition: EditionRow
    source: str
    editions: tuple[EditionRow, ...]
    attempts: Counter[str]
    quarters: tuple[str, ...]
    languages: tuple[str, ...]
    waiting: int
    makes_claims: bool
    whole: TestFigures
    items: tuple[ItemFigures, ...]
    held: tuple[Held, ...]
    concerns: tuple[ItemConcern, ...]
    beliefs: tuple[AcrossItems, ...]
    lessons: tuple[LessonFigures, ...]
    by_language: Mapping[str, Mapping[str, Comparison]]
    talks: tuple[Evidence, ...]
    compared: EditionComparison | None
    watch: Watch | None


def find_insights(session: Session, editions: Editions, query: Query, language: str = "") -> Insights:
    """Return the figures of one edition, in `language` if the edition has it, else in its source language.

    Raise LookupError for an edition that was never kept, or that does not have the language of the query. If no
    attempts were counted in the quarter, all figures are of 0 people.
    """
    rows = stored_editions(session, query.procedure)
    row = _row(rows, query.edition or editions.catalogue.editions[query.procedure].id)
    edition = editions.by_id(session, row.id)
    if query.language and query.language not in edition.languages:
        raise LookupError(f"edition {row.id} has no language {query.language}")
    procedure = edition.in_language(language or edition.source)
    places = tallies.cells(session, query.procedure, [row.id], query.quarter)
    counted = {place.language: cells for place, cells in places.items()}
    items = figures_of(procedure, *(counted[code] for code in counted if query.language in ("", code)))
    talks = _talks(session, replace(query, edition=row.id))
    evidence = tuple(Evidence(one, talks[one.item.id]) for one in items)
    groups = tallies.groups(session, query.procedure)
    attempts = Counter[str]()
    for group in groups:
        attempts[group.edition] += group.n
    quarters = {group.quarter for group in groups}
    # The language asked for too, so that the page can say that it has no answers.
    languages = {group.language for group in groups if group.edition == row.id} | {query.language} - {""}
    makes_claims = not (query.quarter or query.language)
    compared = watch = None
    if before := _before(rows, row, attempts, query.beside):
        claims = makes_claims and not query.beside
        compared = compare_editions(session, editions, before, row, query.language, claims=claims)
    if makes_claims:
        watch = watch_items(session, editions, rows, row, sorted(quarters), procedure.language)
    return Insights(
        procedure=procedure,
        edition=row,
        source=edition.source,
        editions=tuple(reversed(rows)),
        attempts=attempts,
        quarters=tuple(sorted(quarters | {query.quarter} - {""}, reverse=True)),
        languages=tuple(sorted(languages)),
        waiting=waiting(session, query.procedure),
        makes_claims=makes_claims,
        whole=_whole(items),
        items=items,
        held=beliefs_held(items),
        concerns=concerns(procedure, evidence),
        beliefs=across_items(items, procedure.misconceptions),
        lessons=tuple(_lesson_figures(lesson, items) for lesson in procedure.lessons),
        by_language=compare_languages(procedure, edition.source, edition.languages, counted, claims=makes_claims),
        talks=tuple(one for one in evidence if one.talks),
        compared=compared,
        watch=watch,
    )


def _row(rows: Sequence[EditionRow], edition: str) -> EditionRow:
    row = next((row for row in rows if row.id == edition), None)
    if row is None:
        raise LookupError(f"no edition {edition} was kept")
    return row


def _before(rows: Sequence[EditionRow], own: EditionRow, attempts: Counter[str], beside: str) -> EditionRow | None:
    """Return the edition asked for, or the last one before with answers, or just the last one before."""
    if beside:
        return _row([row for row in rows if row is not own], beside)
    earlier = rows[: rows.index(own)]
    return next((row for row in reversed(earlier) if attempts[row.id]), earlier[-1] if earlier else None)


def _talks(session: Session, query: Query) -> Mapping[str, Counter[str]]:
    """Return item -> outcome -> how many talks."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for place, ended in tallies.talks(session, query.procedure).items():
        if query.covers(place):
            for (item, outcome), n in ended.items():
                found[item][outcome] += n
    return found


def _whole(items: Sequence[ItemFigures]) -> TestFigures:
    """Return the figures of everyone's scores, without those that would be of too few people."""
    whole = whole_test([one.sums for one in items])
    if whole.n < ENOUGH_FOR_CORRELATIONS:
        whole = replace(whole, sd=None, alpha=None, sem=None)
    return whole if items[0].right.is_enough else replace(whole, mean=None)


def _lesson_figures(lesson: Lesson, items: Sequence[ItemFigures]) -> LessonFigures:
    own = [one for one in items if one.item in lesson.items]
    right = Share(sum(one.right.count for one in own), sum(one.n for one in own))
    return LessonFigures(lesson, right, max(own, key=lambda one: one.missed.count))

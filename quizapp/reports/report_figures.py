"""The report for a quality meeting: sums of published figures, and nothing that the tables do not publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.aggregation.release import waiting
from quizapp.content.editions import Editions
from quizapp.disclosure.partial_sums import Pooled, pooled
from quizapp.domain.procedure import Procedure
from quizapp.reports.export_query import choices
from quizapp.reports.export_rows import KeptEdition, Source
from quizapp.reports.export_service import Thresholds, kept_editions
from quizapp.reports.footnotes import rules_words, waiting_words
from quizapp.reports.published_figures import PROFILES, GroupFigures, group_figures
from quizapp.reports.report_changes import EditionChange, changes_in
from quizapp.reports.report_missed import BeliefChosen, MissedItem, beliefs_chosen, is_whole, missed_items
from quizapp.reports.report_talks import Talks, talks_in

USUAL_QUARTERS = 4
MOST_QUARTERS = 8  # more would not fit on the pages that a meeting reads


class BadPeriod(Exception):
    """Quarters that are not there, out of order, or too many."""


@dataclass(frozen=True)
class Period:
    """From one quarter to another, both included; "" where nothing was counted yet."""

    first: str
    last: str


@dataclass(frozen=True)
class QuarterCount:
    """How many attempts were counted in a quarter, as far as they are shown."""

    quarter: str
    attempts: Pooled


@dataclass(frozen=True)
class Report:
    """`groups`: attempts are counted by quarter, edition and language; `left_out` of them have too few people.

    `is_whole`: nothing of the first answers is left out, so what is not among `missed` and `beliefs` did not happen.
    `quarters`: those that the period can be chosen from. `procedure`: the last edition of the period, in its source
    language.
    """

    procedure: Procedure
    period: Period
    quarters: tuple[str, ...]
    attempts: Pooled
    groups: int
    left_out: int
    is_whole: bool
    languages: tuple[str, ...]
    by_quarter: tuple[QuarterCount, ...]
    missed: tuple[MissedItem, ...]
    beliefs: tuple[BeliefChosen, ...]
    talks: Talks
    changes: tuple[EditionChange, ...]
    notes: tuple[str, ...]


def report(
    session: Session,
    editions: Editions,
    procedure_id: str,
    period: Period | None,
    profile_id: str,
    thresholds: Thresholds,
    today: date,
) -> Report:
    """`period` None: the last quarters that can be shown. Raises BadPeriod."""
    profile = PROFILES[profile_id]
    quarters = choices(session, procedure_id, profile_id, today).quarters
    chosen = _checked(period, quarters)
    until = [
        group
        for group in group_figures(session, editions, procedure_id, profile, today)
        if group.place.quarter <= chosen.last
    ]
    groups = [group for group in until if group.place.quarter >= chosen.first]
    kept = kept_editions(session, editions, procedure_id)
    served = [edition for edition in kept if any(group.place.edition == edition.id for group in until)]
    source = Source(tuple(groups), thresholds.percent_base if profile.closed_quarters_only else 1, tuple(served))
    procedure = _words(served, editions, procedure_id)
    return Report(
        procedure=procedure,
        period=chosen,
        quarters=quarters,
        attempts=pooled(group.figures.attempts for group in groups),
        groups=len(groups),
        left_out=sum(group.figures.attempts is None for group in groups),
        is_whole=is_whole(groups),
        languages=tuple(sorted({group.place.language for group in groups})),
        by_quarter=_by_quarter(groups, chosen, quarters),
        missed=missed_items(procedure, source),
        beliefs=beliefs_chosen(procedure, source),
        talks=talks_in(procedure, source),
        changes=changes_in(source, until, chosen.first),
        notes=(
            waiting_words(waiting(session, procedure_id), profile, thresholds.min_group),
            *rules_words(groups, profile),
        ),
    )


def _checked(period: Period | None, quarters: Sequence[str]) -> Period:
    if period is None:
        usual = quarters[-USUAL_QUARTERS:]
        return Period(usual[0], usual[-1]) if usual else Period("", "")
    if period.first not in quarters or period.last not in quarters or period.first > period.last:
        raise BadPeriod
    if quarters.index(period.last) - quarters.index(period.first) >= MOST_QUARTERS:
        raise BadPeriod
    return period


def _words(served: Sequence[KeptEdition], editions: Editions, procedure_id: str) -> Procedure:
    if served:
        return served[-1].procedure
    current = editions.catalogue.editions[procedure_id]
    return current.in_language(current.source)


def _by_quarter(groups: Sequence[GroupFigures], period: Period, quarters: Sequence[str]) -> tuple[QuarterCount, ...]:
    return tuple(
        QuarterCount(quarter, pooled(group.figures.attempts for group in groups if group.place.quarter == quarter))
        for quarter in quarters
        if period.first <= quarter <= period.last
    )

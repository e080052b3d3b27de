"""What an export can be asked for, and what was asked."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.content import stored_editions
from quizapp.content.editions import Editions
from quizapp.reports.export_columns import EXPORTS
from quizapp.reports.published_figures import PROFILES, GroupFigures, is_over

ALL = "all"
# Why somebody needs exact counts; the choice is audited.
REASONS = ("quality-meeting", "check-a-question", "answer-an-audit")


@dataclass(frozen=True)
class Asked:
    """What an export is of. "" means all quarters, editions or languages; `table` is an id of EXPORTS, or ALL."""

    procedure: str
    table: str = "summary"
    profile: str = "publishable"
    quarter: str = ""
    edition: str = ""
    language: str = ""

    def covers(self, group: GroupFigures) -> bool:
        pairs = (
            (self.quarter, group.place.quarter),
            (self.edition, group.place.edition),
            (self.language, group.place.language),
        )
        return all(wanted in ("", has) for wanted, has in pairs)


@dataclass(frozen=True)
class Choices:
    """What there is to choose from for a procedure and a profile; `editions` with their first day, oldest first."""

    quarters: tuple[str, ...]
    editions: tuple[tuple[str, date], ...]
    languages: tuple[str, ...]


class NotOffered(Exception):
    """`choice` (a field of Asked) was `given` as something else than one of `offered`."""

    def __init__(self, choice: str, given: str, offered: tuple[str, ...]) -> None:
        super().__init__(f"{choice}: {given!r} is none of {offered}")
        self.choice, self.given, self.offered = choice, given, offered


def choices(session: Session, procedure_id: str, profile: str, today: date) -> Choices:
    """What has figures; for a publishable export only quarters that are over."""
    places = [
        place
        for place in tallies.places(session, procedure_id)
        if not PROFILES[profile].closed_quarters_only or is_over(place.quarter, today)
    ]
    counted = {place.edition for place in places}
    return Choices(
        tuple(sorted({place.quarter for place in places})),
        tuple((row.id, row.first_day) for row in stored_editions.all_of(session, procedure_id) if row.id in counted),
        tuple(sorted({place.language for place in places})),
    )


def check(session: Session, editions: Editions, asked: Asked, today: date) -> None:
    """Raises NotOffered for the first choice that cannot be had."""
    _must_be_offered("procedure", asked.procedure, tuple(editions.catalogue.editions))
    _must_be_offered("table", asked.table, (*EXPORTS, ALL))
    _must_be_offered("profile", asked.profile, tuple(PROFILES))
    there = choices(session, asked.procedure, asked.profile, today)
    _must_be_offered("quarter", asked.quarter, ("", *there.quarters))
    _must_be_offered("edition", asked.edition, ("", *(edition_id for edition_id, _ in there.editions)))
    _must_be_offered("language", asked.language, ("", *there.languages))


def _must_be_offered(choice: str, given: str, offered: tuple[str, ...]) -> None:
    if given not in offered:
        raise NotOffered(choice, given, tuple(filter(None, offered)))

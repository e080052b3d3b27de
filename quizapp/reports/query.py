"""What insights, report and exports can be asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import Place
from quizapp.content.editions import Editions, stored_editions
from quizapp.domain.gettext_marker import N_
from quizapp.reports.export_tables import EXPORTS
from quizapp.reports.figures import PROFILES, is_over

ALL = "all"
# Why a lead needs exact counts; the choice is audited.
REASONS = {
    "quality-meeting": N_("for a quality meeting"),
    "check-a-question": N_("to check a question"),
    "answer-an-audit": N_("to answer an audit"),
}


@dataclass(frozen=True)
class Query:
    """What a page or a file is about. "" means all, except: `edition` on the insights page is the one served now.

    `table` is an id of EXPORTS, or ALL. `beside`: the edition to compare with, "" is the last one before that has
    answers. `first` and `last`: the report's quarters, both "" for the last ones that can be shown.
    """

    procedure: str
    table: str = "summary"
    profile: str = "publishable"
    quarter: str = ""
    edition: str = ""
    language: str = ""
    beside: str = ""
    first: str = ""
    last: str = ""

    @classmethod
    def from_fields(cls, given: Mapping[str, str], procedure: str) -> "Query":
        """Read a query from an address or a form; `procedure` is the usual one."""
        known = {field.name for field in fields(cls)}
        return cls(**{"procedure": procedure} | {name: value for name, value in given.items() if name in known})

    def covers(self, place: Place) -> bool:
        pairs = ((self.quarter, place.quarter), (self.edition, place.edition), (self.language, place.language))
        return all(wanted in ("", value) for wanted, value in pairs)


@dataclass(frozen=True)
class Choices:
    """What there is to choose from for a procedure and a profile; `editions` with their first day, oldest first."""

    quarters: tuple[str, ...]
    editions: tuple[tuple[str, date], ...]
    languages: tuple[str, ...]


class NotOffered(Exception):
    """`choice` (a field of Query) was `given` as something else than one of `offered`."""

    def __init__(self, choice: str, given: str, offered: tuple[str, ...]) -> None:
        super().__init__(f"{choice}: {given!r} is none of {offered}")
        self.choice, self.given, self.offered = choice, given, offered


def choices(session: Session, procedure_id: str, profile: str, today: date) -> Choices:
    """Return what has figures; for a publishable export only quarters that are over."""
    places = [
        place
        for place in tallies.places(session, procedure_id)
        if not PROFILES[profile].is_public or is_over(place.quarter, today)
    ]
    counted = {place.edition for place in places}
    return Choices(
        tuple(sorted({place.quarter for place in places})),
        tuple((row.id, row.first_day) for row in stored_editions(session, procedure_id) if row.id in counted),
        tuple(sorted({place.language for place in places})),
    )


def check(session: Session, editions: Editions, query: Query, today: date) -> Choices:
    """Return what there is to choose from. Raise NotOffered for the first choice of an export that is not offered."""
    _must_be_offered("procedure", query.procedure, tuple(editions.catalogue.editions))
    _must_be_offered("table", query.table, (*EXPORTS, ALL))
    _must_be_offered("profile", query.profile, tuple(PROFILES))
    offered = choices(session, query.procedure, query.profile, today)
    _must_be_offered("quarter", query.quarter, ("", *offered.quarters))
    _must_be_offered("edition", query.edition, ("", *(edition_id for edition_id, _ in offered.editions)))
    _must_be_offered("language", query.language, ("", *offered.languages))
    return offered


def _must_be_offered(choice: str, given: str, offered: tuple[str, ...]) -> None:
    if given not in offered:
        raise NotOffered(choice, given, tuple(filter(None, offered)))

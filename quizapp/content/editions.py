"""All procedures that can be served, their editions, and those that earlier attempts began on."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from quizapp.content.checks.serving import why_not_served
from quizapp.content.loading import (
    Broken,
    BrokenContent,
    procedure_folders,
    read_model,
    read_source,
    read_toml,
    to_procedure,
)
from quizapp.content.readability import words_in
from quizapp.content.schema import BLANK, ApprovalsFile, ProcedureFile
from quizapp.content.translation import complete_translations, is_reviewed
from quizapp.db import insert_or_ignore
from quizapp.domain.approval import Approval, LessonApproval, lesson_hash
from quizapp.domain.gettext_marker import N_
from quizapp.domain.procedure import Edition, Procedure
from quizapp.models import Attempt, EditionRow

_edition_adapter = TypeAdapter(Edition)


@dataclass(frozen=True)
class Catalogue:
    """The current edition of each procedure, and where its images and local notes are.

    `broken` has what is wrong in each folder that cannot be served as it is now. Such a procedure is served from its
    last stored edition, or not at all.
    """

    editions: dict[str, Edition] = field(default_factory=dict)
    folders: dict[str, Path] = field(default_factory=dict)
    local_notes: dict[str, dict[str, str]] = field(default_factory=dict)
    allowed_words: dict[str, frozenset[str]] = field(default_factory=dict)
    draft_languages: dict[str, frozenset[str]] = field(default_factory=dict)
    approvals: dict[str, tuple[LessonApproval, ...]] = field(default_factory=dict)
    broken: dict[str, tuple[Broken, ...]] = field(default_factory=dict)

    @property
    def problems(self) -> list[Broken]:
        return [problem for problems in self.broken.values() for problem in problems]

    def problem_lines(self) -> list[tuple[str, str]]:
        """Return a line for each broken procedure: its folder's name, and what patients get instead."""
        return [
            (name, N_("served from its last stored edition") if name in self.editions else N_("not served"))
            for name in self.broken
        ]


def load_catalogue(
    questions: Path, stored: Callable[[str], Edition | None] = lambda _: None, *, allow_blanks: bool = False
) -> Catalogue:
    """Read every procedure below `questions`. A broken one is replaced by its `stored` edition, if there is one.

    A procedure with a blank of `quizapp new` counts as broken, unless `allow_blanks`. Raises BrokenContent with all
    that is broken, in all procedures, if nothing can be served.
    """
    catalogue = Catalogue()
    for folder in procedure_folders(questions):
        if problems := _add(catalogue, folder, allow_blanks=allow_blanks):
            catalogue.broken[folder.name] = tuple(problems)
            if edition := stored(folder.name):
                _serve(catalogue, folder, edition)
    if not catalogue.editions:
        missing = Broken(questions, "there is no procedure; each is a folder with a procedure.toml")
        raise BrokenContent(catalogue.problems or [missing])
    return catalogue


def _add(catalogue: Catalogue, folder: Path, *, allow_blanks: bool) -> list[Broken]:
    """Add a folder's procedure to the catalogue, or return what is broken in it."""
    problems: list[Broken] = []
    files = read_source(folder, problems)
    problems = problems or why_not_served(files)
    if problems:
        return problems
    source = to_procedure(files)
    if not allow_blanks and BLANK in json.dumps(asdict(source)):
        problems.append(Broken(folder, f'has blanks ("{BLANK}"); quizapp check names each of them'))
    translations = complete_translations(source, files, problems)
    read_approvals(folder, problems)
    if not problems:
        languages = {source.language: source, **translations}
        _serve(catalogue, folder, make_edition(Edition("", source.id, source.language, languages)))
    return problems


def _serve(catalogue: Catalogue, folder: Path, edition: Edition) -> None:
    """Add a folder's edition. What cannot be read of local notes, terms, reviews and approvals is missing."""
    file = read_model(folder / "procedure.toml", ProcedureFile, [])
    catalogue.editions[folder.name] = edition
    catalogue.folders[folder.name] = folder
    catalogue.local_notes[folder.name] = dict(file.local) if file else {}
    catalogue.allowed_words[folder.name] = words_in(file.allowed_terms if file else ())
    catalogue.draft_languages[folder.name] = frozenset(
        language
        for language in edition.languages
        if language != edition.source and not is_reviewed(read_toml(folder / language / "language.toml", []) or {})
    )
    approvals, lessons = read_approvals(folder, []), edition.in_language(edition.source).lessons
    catalogue.approvals[folder.name] = tuple(
        LessonApproval(lesson_hash(each), approvals.get(each.id)) for each in lessons
    )


def read_approvals(folder: Path, problems: list[Broken]) -> dict[str, Approval]:
    """Return the sign-offs of a procedure; none if there is no approvals.toml."""
    path = folder / "approvals.toml"
    file = read_model(path, ApprovalsFile, problems) if path.exists() else None
    if file is None:
        return {}
    return {lesson_id: Approval(**dict(table)) for lesson_id, table in file.lessons.items()}


def make_edition(edition: Edition) -> Edition:
    """Return the edition with its id: the first 16 hex digits of the SHA-256 of all that patients can see."""
    words = json.dumps([asdict(edition.languages[language]) for language in sorted(edition.languages)], sort_keys=True)
    return replace(edition, id=hashlib.sha256(words.encode()).hexdigest()[:16])


def to_snapshot(edition: Edition) -> str:
    """Return an edition as JSON, to be stored with the attempts that were made on it."""
    return _edition_adapter.dump_json(edition).decode()


def from_snapshot(snapshot: str) -> Edition:
    """Return the edition that `to_snapshot` wrote."""
    return _edition_adapter.validate_json(snapshot)


class Editions:
    """Editions by id, each read from the database at most once in a process: they never change."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._by_id = {edition.id: edition for edition in catalogue.editions.values()}

    def current(self, procedure_id: str) -> Edition | None:
        """Return the edition that a new attempt begins on."""
        return self.catalogue.editions.get(procedure_id)

    def by_id(self, session: Session, edition_id: str) -> Edition:
        """Return an edition that an attempt began on. Raise LookupError if it was never stored."""
        edition = self._by_id.get(edition_id)
        if edition is None:
            snapshot = session.scalar(select(EditionRow.snapshot).where(EditionRow.id == edition_id))
            if snapshot is None:
                raise LookupError(f"no edition {edition_id} was stored")
            edition = self._by_id[edition_id] = from_snapshot(snapshot)
        return edition

    def procedure_of(self, session: Session, attempt: Attempt) -> Procedure:
        """Return what this attempt's patient sees, in the attempt's language."""
        return self.by_id(session, attempt.edition).in_language(attempt.language)


def store_current(session: Session, editions: Editions, today: date) -> None:
    """Store each edition that is being served, at start."""
    for edition in editions.catalogue.editions.values():
        store_edition(session, edition, today)


def store_edition(session: Session, edition: Edition, today: date) -> None:
    """Store a snapshot of an edition, unless it is stored already."""
    insert_or_ignore(
        session,
        EditionRow,
        id=edition.id,
        procedure=edition.procedure_id,
        snapshot=to_snapshot(edition),
        first_day=today,
    )


def stored_editions(session: Session, procedure: str) -> list[EditionRow]:
    """Return every edition of a procedure, oldest first, without the large snapshots."""
    query = select(EditionRow).options(defer(EditionRow.snapshot)).where(EditionRow.procedure == procedure)
    return list(session.scalars(query.order_by(EditionRow.first_day, EditionRow.id)))


def last_stored(session: Session, procedure_id: str) -> Edition | None:
    """Return the edition that patients saw last, or None if there is none without blanks."""
    query = select(EditionRow.snapshot).where(EditionRow.procedure == procedure_id)
    snapshot = session.scalar(query.order_by(EditionRow.first_day.desc(), EditionRow.id).limit(1))
    return from_snapshot(snapshot) if snapshot and BLANK not in snapshot else None

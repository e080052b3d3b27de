"""All procedures that can be served, and their editions."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from quizapp.content.loading import (
    Broken,
    BrokenContent,
    read_model,
    read_source,
    to_procedure,
)
from quizapp.content.references import broken_references
from quizapp.content.schema import ApprovalsFile
from quizapp.content.translation import read_translations
from quizapp.domain.approval import Approval, LessonApproval, approvals_of
from quizapp.domain.procedure import Edition

_edition_adapter = TypeAdapter(Edition)


@dataclass(frozen=True)
class Catalogue:
    """The current edition of each procedure, and where its images and local notes are."""

    editions: dict[str, Edition]
    folders: dict[str, Path]
    local_notes: dict[str, dict[str, str]]
    draft_languages: dict[str, frozenset[str]]
    approvals: dict[str, tuple[LessonApproval, ...]]

    def edition(self, procedure_id: str) -> Edition | None:
        return self.editions.get(procedure_id)


def load_catalogue(questions: Path) -> Catalogue:
    """Read every procedure below `questions`. Raises BrokenContent with all that is broken, in all of them."""
    problems: list[Broken] = []
    editions: dict[str, Edition] = {}
    folders: dict[str, Path] = {}
    local_notes: dict[str, dict[str, str]] = {}
    drafts: dict[str, frozenset[str]] = {}
    approvals: dict[str, tuple[LessonApproval, ...]] = {}
    for folder in procedure_folders(questions):
        found: list[Broken] = []
        files = read_source(folder, found)
        if not found:
            found = broken_references(files)
        if not found and files.procedure:
            source = to_procedure(files)
            if source.id != folder.name:
                found.append(Broken(folder / "procedure.toml", "id", f'must be the folder\'s name, "{folder.name}"'))
            translations, draft = read_translations(folder, source, found)
            editions[source.id] = make_edition(
                Edition("", source.id, source.language, {source.language: source, **translations})
            )
            folders[source.id] = folder
            local_notes[source.id] = dict(files.procedure.local)
            drafts[source.id] = draft
            approvals[source.id] = approvals_of(source.lessons, read_approvals(folder, found))
        problems.extend(found)
    if not editions and not problems:
        problems.append(Broken(questions, "", "there is no procedure; each is a folder with a procedure.toml"))
    if problems:
        raise BrokenContent(problems)
    return Catalogue(editions, folders, local_notes, drafts, approvals)


def read_approvals(folder: Path, problems: list[Broken]) -> dict[str, Approval]:
    """The sign-offs of a procedure; none where there is no approvals.toml."""
    path = folder / "approvals.toml"
    file = read_model(path, ApprovalsFile, problems) if path.exists() else None
    if file is None:
        return {}
    return {
        lesson_id: Approval(table.approved_by, table.approved_on, table.of) for lesson_id, table in file.lessons.items()
    }


def procedure_folders(questions: Path) -> list[Path]:
    """Each folder below `questions` that holds a procedure.toml."""
    return sorted(path.parent for path in questions.glob("*/procedure.toml"))


def make_edition(edition: Edition) -> Edition:
    """The same edition with its id: the first 16 hex digits of the SHA-256 of all that patients can see."""
    words = json.dumps([asdict(edition.languages[language]) for language in sorted(edition.languages)], sort_keys=True)
    edition_id = hashlib.sha256(words.encode()).hexdigest()[:16]
    return Edition(edition_id, edition.procedure_id, edition.source, edition.languages)


def to_snapshot(edition: Edition) -> str:
    """An edition as JSON, to be kept with the attempts that were made on it."""
    return _edition_adapter.dump_json(edition).decode()


def from_snapshot(snapshot: str) -> Edition:
    """The edition that `to_snapshot` wrote."""
    return _edition_adapter.validate_json(snapshot)

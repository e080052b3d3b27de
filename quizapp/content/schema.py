"""The shape of every file in questions/, as models that report all their errors at once."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

BLANK = "___"  # what `quizapp new` leaves for the author to fill in
# Ids are in addresses, in the database and in exports: plain, short, and never reused.
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Mark = Annotated[str, StringConstraints(max_length=2000, strip_whitespace=True)]
FileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*\.svg$")]


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Table(Model):
    """A file or an entry of one that has an id."""

    id: Id


class Suppression(Model):
    """A checker's rule switched off for one id, with the reason."""

    rule: Id
    id: Words
    reason: Words


class ProcedureFile(Table):
    """procedure.toml: what holds for the procedure in every language."""

    source: Id = "en"
    leaflet: Words
    allowed_terms: list[Words] = []
    local: dict[Id, Words] = {}
    suppress: list[Suppression] = []


class ProcedureWords(Model):
    """en/procedure.toml: the words around the lessons."""

    title: Words
    short: Words
    about: list[Words] = Field(min_length=1)
    limits: Mark = ""  # what these lessons do not tell, for pages that somebody may stop at


class FactTable(Table):
    text: Words
    section: Words
    paragraph: int = Field(ge=0)
    varies: Mark = ""
    varies_by: Literal["clinic", "person"] = "clinic"
    quiz: bool = True
    quiz_reason: Mark = ""
    critical: bool = False  # for authors: the checker wants a critical item on it
    kind: Literal["statement", "gap"] = "statement"


class FactsFile(Model):
    """en/facts.toml: every statement that the leaflet makes."""

    facts: list[FactTable] = Field(min_length=1)


class MisconceptionTable(Table):
    name: Words


class MisconceptionsFile(Model):
    """en/misconceptions.toml: the wrong beliefs behind distractors."""

    misconceptions: list[MisconceptionTable] = Field(min_length=1)


class PromptTable(Table):
    text: Words


class ThemeTable(Table):
    title: Words
    prompts: list[PromptTable] = Field(min_length=1)


class PromptsFile(Model):
    """en/prompts.toml: questions that the leaflet leaves open."""

    themes: list[ThemeTable] = Field(min_length=1)


class TermTable(Table):
    term: Words
    also: list[Words] = []
    meaning: Words


class GlossaryFile(Model):
    """en/glossary.toml: the words that lessons explain."""

    terms: list[TermTable] = []


class BlockTable(Table):
    heading: Words
    facts: list[Id] = Field(min_length=1)
    text: Words
    image: FileName | None = None
    alt: Mark = ""
    caption: Mark = ""


class OptionTable(Table):
    text: Words
    key: bool = False
    misconception: Id | None = None
    feedback: Words


class FormTable(Table):
    stem: Words
    options: list[OptionTable] = Field(min_length=2, max_length=8)


class ItemTable(Table):
    fact: Id
    block: Id
    critical: bool = False
    order: Literal["shuffle", "fixed"] = "shuffle"
    teach_back: Words
    dont_know: Words
    forms: list[FormTable] = Field(min_length=1)


class ApprovalTable(Model):
    """Who approved a lesson: a role or initials, the day, and the lesson's hash as `quizapp preview` shows it."""

    approved_by: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    approved_on: date
    of: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class ApprovalsFile(Model):
    """approvals.toml: sign-off, a table for each lesson's id."""

    lessons: dict[Id, ApprovalTable] = {}


class LessonFile(Table):
    """en/lessons/N-NAME.toml: one lesson and its items; N gives the order."""

    title: Words
    main: Words
    blocks: list[BlockTable] = Field(min_length=1)
    items: list[ItemTable] = Field(min_length=1)


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each kind of file, for editors that complete and check TOML while somebody writes."""
    files: dict[str, type[Model]] = {
        "procedure": ProcedureFile,
        "words": ProcedureWords,
        "facts": FactsFile,
        "misconceptions": MisconceptionsFile,
        "prompts": PromptsFile,
        "glossary": GlossaryFile,
        "lesson": LessonFile,
        "approvals": ApprovalsFile,
    }
    return {name: model.model_json_schema() for name, model in files.items()}

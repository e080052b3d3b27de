"""Read one procedure's folder into values, and report everything that is broken at once."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from markdown_it import MarkdownIt
from pydantic import TypeAdapter, ValidationError

from quizapp.content import schema
from quizapp.content.toml_positions import Place
from quizapp.domain.procedure import Procedure

MAX_FILE_BYTES = 400_000  # the longest lesson is under 20 KB; more is a mistake or an attack
MAX_PROBLEMS = 100  # of one file; 90,000 take seconds to print
# a.a.a.a...: tomllib takes the square of its length to read it
_LONG_NAME = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")
LESSON_FILE = re.compile(r"^(\d+)-[a-z0-9-]+\.toml$")

_TYPOGRAPHIC = re.compile("[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]")
# What tomllib says, and what an author can do about it; the first that applies.
_CURES = (
    ("Illegal character '\\n'", 'the " that ends these words is missing'),
    ("Unterminated string", 'the """ that ends these words is missing'),
    ("Unescaped '\\'", "write a backslash twice"),
    ("Cannot overwrite a value", "this name is already in the same table; remove one of the two"),
    ("Expected '='", 'a line must be NAME = "words"; comments begin with #'),
    ("Invalid value", 'words must be between quotation marks: "words"'),
    ("at the end of a table", "close the brackets: [name] or [[name]]"),
    ("at the end of an array", "close the brackets: [name] or [[name]]"),
    ("Expected newline or end of document", 'write one entry a line, and no " inside words; write \\" for it'),
)

M = TypeVar("M", bound=schema.Model)

procedure_adapter = TypeAdapter(Procedure)
_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "link", "autolink", "html_inline"])


@dataclass(frozen=True)
class Broken:
    """Something that keeps a procedure from loading: where, and what to do about it. `line` if TOML names one."""

    file: Path
    message: str
    place: Place = ()
    line: int | None = None

    @property
    def placed_message(self) -> str:
        """The message after its place, as an author counts: "items 2, forms 1, stem: Field required"."""
        place = re.sub(r", (\d+)", r" \1", ", ".join(self.place))
        return f"{place}: {self.message}" if place else self.message

    def __str__(self) -> str:
        return f"{self.file}: {self.placed_message}"


class BrokenContent(Exception):
    """A folder that cannot be served; holds every reason."""

    def __init__(self, problems: list[Broken]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


_NO_PROCEDURE = schema.ProcedureFile.model_construct(id="", leaflet="")
_NO_WORDS = schema.ProcedureWords.model_construct(title="", short="", about=[])


@dataclass
class SourceFiles:
    """What is in the files of a procedure in its source language. One that did not validate counts as empty."""

    folder: Path
    procedure: schema.ProcedureFile = _NO_PROCEDURE
    words: schema.ProcedureWords = _NO_WORDS
    facts: list[schema.FactTable] = field(default_factory=list)
    misconceptions: list[schema.MisconceptionTable] = field(default_factory=list)
    themes: list[schema.ThemeTable] = field(default_factory=list)
    terms: list[schema.TermTable] = field(default_factory=list)
    lessons: list[tuple[Path, schema.LessonFile]] = field(default_factory=list)

    @property
    def language(self) -> str:
        return self.procedure.source


def procedure_folders(path: Path) -> list[Path]:
    """Return the path itself if it holds a procedure.toml, or each folder below it that does."""
    if (path / "procedure.toml").exists():
        return [path]
    return sorted(file.parent for file in path.glob("*/procedure.toml"))


def read_text(path: Path, problems: list[Broken]) -> str | None:
    """Return a file's text, or None with the reason added to `problems`."""
    try:
        if path.exists() and not path.is_file():
            problems.append(Broken(path, "is not a plain file"))  # reading a pipe would never end
        elif path.stat().st_size > MAX_FILE_BYTES:
            problems.append(Broken(path, f"larger than {MAX_FILE_BYTES:,} bytes; split it"))
        else:
            return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Broken(path, "the file is missing; every procedure needs it"))
    except UnicodeDecodeError as error:
        problems.append(Broken(path, "is not UTF-8; save the file as UTF-8", ("byte", str(error.start))))
    except OSError as error:
        problems.append(Broken(path, f"cannot be read: {error.strerror}"))
    return None


def read_toml(path: Path, problems: list[Broken]) -> dict[str, Any] | None:
    """Return one file's tables, or None with the reason added to `problems`."""
    text = read_text(path, problems)
    if text is None:
        return None
    try:
        if _LONG_NAME.search(text):
            raise RecursionError
        return tomllib.loads(text)
    except RecursionError:
        problems.append(Broken(path, "tables nested deeper than can be read; flatten it"))
    except ValueError as error:
        at = re.search(r"\(at line (\d+), column \d+\)", str(error))
        line = int(at[1]) if at else None
        problems.append(Broken(path, f"not readable as TOML: {_cure(text, line, str(error))}", line=line))
    return None


def read_model(path: Path, model: type[M], problems: list[Broken]) -> M | None:
    """Return one file as a validated model, or None with every reason added to `problems`."""
    tables = read_toml(path, problems)
    if tables is None:
        return None
    try:
        return model.model_validate(tables)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        problems.extend(Broken(path, e["msg"], _place(e["loc"])) for e in found[:MAX_PROBLEMS])
        if len(found) > MAX_PROBLEMS:
            problems.append(Broken(path, f"and {len(found) - MAX_PROBLEMS:,} more problems in this file"))
    return None


def read_source(folder: Path, problems: list[Broken]) -> SourceFiles:
    """Return the files of a procedure in its source language; problems are added to `problems`."""
    files = SourceFiles(folder)
    files.procedure = read_model(folder / "procedure.toml", schema.ProcedureFile, problems) or files.procedure
    source = folder / files.language
    files.words = read_model(source / "procedure.toml", schema.ProcedureWords, problems) or files.words
    if facts := read_model(source / "facts.toml", schema.FactsFile, problems):
        files.facts = facts.facts
    if misconceptions := read_model(source / "misconceptions.toml", schema.MisconceptionsFile, problems):
        files.misconceptions = misconceptions.misconceptions
    if prompts := read_model(source / "prompts.toml", schema.PromptsFile, problems):
        files.themes = prompts.themes
    if glossary := read_model(source / "glossary.toml", schema.GlossaryFile, problems):
        files.terms = glossary.terms
    for path in lesson_paths(source, problems):
        if lesson := read_model(path, schema.LessonFile, problems):
            files.lessons.append((path, lesson))
    return files


def lesson_paths(source: Path, problems: list[Broken]) -> list[Path]:
    """Return the lesson files in the order that their numbers give."""
    paths = {path: LESSON_FILE.match(path.name) for path in sorted((source / "lessons").glob("*.toml"))}
    misnamed = 'the name must be a number, "-" and words: 3-why-a-pump.toml'
    problems.extend(Broken(path, misnamed) for path, match in paths.items() if not match)
    numbered = sorted((int(match[1]), path) for path, match in paths.items() if match)
    if not numbered:
        problems.append(Broken(source / "lessons", "there is no lesson; add 1-NAME.toml"))
    return [path for _, path in numbered]


def to_procedure(files: SourceFiles) -> Procedure:
    """Return the values of a procedure whose files all validated and whose references hold."""
    tables = {
        **files.words.model_dump(),
        "id": files.procedure.id,
        "language": files.language,
        "leaflet": files.procedure.leaflet,
        "facts": [fact.model_dump() for fact in files.facts],
        "misconceptions": [misconception.model_dump() for misconception in files.misconceptions],
        "lessons": [_lesson(lesson) for _, lesson in files.lessons],
        "themes": [theme.model_dump() for theme in files.themes],
        "terms": [term.model_dump() for term in files.terms],
    }
    return procedure_adapter.validate_python(tables)


def _lesson(lesson: schema.LessonFile) -> dict[str, Any]:
    """Return the fields of a Lesson. What an author left out is missing, so that the domain's defaults apply."""
    tables = lesson.model_dump(exclude_none=True)
    for block in tables["blocks"]:
        block["html"] = render(block["text"])
    for item in tables["items"]:
        item["shuffle"] = item["order"] == "shuffle"
    return tables


def render(text: str) -> str:
    """Return an author's Markdown as HTML; HTML, links and images in it are shown as text."""
    return str(_markdown.render(text))


def _place(location: tuple[int | str, ...]) -> Place:
    """Return ("items", 1, "stem") as ("items", "2", "stem"): counted as an author counts."""
    return tuple(str(step + 1) if isinstance(step, int) else step for step in location)


def _cure(text: str, line: int | None, error: str) -> str:
    """Return the line and what to do about it, or tomllib's own words if no cure is known."""
    if line and _TYPOGRAPHIC.search(text.splitlines()[line - 1]):
        return f'line {line}: this quotation mark is a typographic one; use "'
    cure = next((cure for said, cure in _CURES if said in error), None)
    return f"line {line}: {cure} ({error})" if line and cure else error

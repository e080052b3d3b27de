"""The rules of `quizapp check`: what they look at, what they find, and the decorator that adds one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from quizapp.content import schema
from quizapp.content.checks.texts import Text, source_texts, translated_texts
from quizapp.content.loading import MAX_FILE_BYTES, Broken, SourceFiles, read_source, read_toml
from quizapp.content.readability import WORD
from quizapp.content.references import broken_references
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Lines, Place, scan


@dataclass(frozen=True)
class Finding:
    """One thing to fix. `line` is None if only the file is known; `id` is what a suppression names."""

    path: Path
    line: int | None
    rule: str
    id: str
    message: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: [{self.rule}] {self.message}. {self.fix}"


@dataclass(frozen=True)
class ItemAt:
    """An item and its place. `number` is the lesson's, from 0."""

    path: Path
    number: int
    lesson: schema.LessonFile
    item: schema.ItemTable

    @property
    def place(self) -> Place:
        return ("items", self.item.id)


@dataclass(frozen=True)
class FormAt:
    """One form of an item. `id` is "item/form"."""

    of: ItemAt
    form: schema.FormTable

    @property
    def path(self) -> Path:
        return self.of.path

    @property
    def id(self) -> str:
        return f"{self.of.item.id}/{self.form.id}"

    @property
    def place(self) -> Place:
        return (*self.of.place, "forms", self.form.id)

    @property
    def key(self) -> schema.OptionTable:
        return next(option for option in self.form.options if option.key)

    @property
    def distractors(self) -> list[schema.OptionTable]:
        return [option for option in self.form.options if not option.key]

    @property
    def all_words(self) -> str:
        return "\n".join((self.form.stem, *(option.text for option in self.form.options)))

    @property
    def is_finished(self) -> bool:
        """Whether no blank is left and it has one key, so that its options can be compared."""
        return sum(option.key for option in self.form.options) == 1 and BLANK not in self.all_words


@dataclass(frozen=True)
class CheckedProcedure:
    """A procedure's folder as the rules see it.

    Files that do not load are missing from `files` and listed in `problems`. `translations` holds the tables of each
    translation's files: language, then the file's path within the language's folder.
    """

    folder: Path
    files: SourceFiles
    problems: tuple[Broken, ...]
    translations: dict[str, dict[str, dict[str, Any]]]
    _lines: dict[Path, Lines] = field(default_factory=dict, compare=False)

    @property
    def source(self) -> str:
        return self.files.procedure.source if self.files.procedure else "en"

    @cached_property
    def facts(self) -> dict[str, schema.FactTable]:
        return {fact.id: fact for fact in self.files.facts.facts} if self.files.facts else {}

    @cached_property
    def allowed_terms(self) -> frozenset[str]:
        terms = self.files.procedure.allowed_terms if self.files.procedure else []
        return frozenset(word.lower() for term in terms for word in WORD.findall(term))

    @property
    def suppressions(self) -> list[schema.Suppression]:
        return self.files.procedure.suppress if self.files.procedure else []

    def source_file(self, name: str) -> Path:
        return self.folder / self.source / name

    def items(self) -> Iterator[ItemAt]:
        for number, (path, lesson) in enumerate(self.files.lessons):
            for item in lesson.items:
                yield ItemAt(path, number, lesson, item)

    def forms(self) -> Iterator[FormAt]:
        """Every form whose options can be compared."""
        for placed in self.items():
            for form in placed.item.forms:
                if (found := FormAt(placed, form)).is_finished:
                    yield found

    def translated_forms(self, language: str) -> Iterator[FormAt]:
        """The same forms with a translation's words, without those in which a word is missing."""
        words = {(text.path.name, text.place): text.words for text in self.texts if text.language == language}
        for form in self.forms():
            path = self.folder / language / "lessons" / form.path.name
            stem = words.get((path.name, (*form.place, "stem")))
            options = [words.get((path.name, (*form.place, "options", o.id, "text"))) for o in form.form.options]
            if stem is None or None in options:
                continue
            translated = form.form.model_copy(
                update={
                    "stem": stem,
                    "options": [
                        option.model_copy(update={"text": text})
                        for option, text in zip(form.form.options, options, strict=True)
                    ],
                }
            )
            yield FormAt(replace(form.of, path=path), translated)

    def forms_in_each_language(self) -> Iterator[list[FormAt]]:
        yield list(self.forms())
        for language in self.translations:
            yield list(self.translated_forms(language))

    @cached_property
    def source_texts(self) -> tuple[Text, ...]:
        return tuple(source_texts(self.folder / self.source, self.files))

    @cached_property
    def texts(self) -> tuple[Text, ...]:
        """All words of the source language and of each translation."""
        translated = (
            text
            for language, tables in self.translations.items()
            for text in translated_texts(self.folder / language, self.source_texts, tables)
        )
        return (*self.source_texts, *translated)

    def line(self, path: Path, place: Place) -> int | None:
        if path not in self._lines:
            self._lines[path] = scan(_readable(path))
        return self._lines[path].of(place)

    def finding(self, rule: str, path: Path, place: Place, about: str, message: str, fix: str) -> Finding:
        return Finding(path, self.line(path, place), rule, about, message, fix)


def read_checked_procedure(folder: Path) -> CheckedProcedure:
    """Read all that is in a procedure's folder, with every reason why it would not be served."""
    problems: list[Broken] = []
    files = read_source(folder, problems)
    if not problems:
        problems += broken_references(files)
        if files.procedure and files.procedure.id != folder.resolve().name:
            message = f'must be the folder\'s name, "{folder.resolve().name}"'
            problems.append(Broken(folder / "procedure.toml", "id", message))
    source = files.procedure.source if files.procedure else "en"
    translations: dict[str, dict[str, dict[str, Any]]] = {}
    for mark in sorted(folder.glob("*/language.toml")):
        if mark.parent.name != source:
            translations[mark.parent.name] = {
                path.relative_to(mark.parent).as_posix(): tables
                for path in sorted(mark.parent.rglob("*.toml"))
                if (tables := read_toml(path, problems)) is not None
            }
    return CheckedProcedure(folder, files, tuple(problems), translations)


def _readable(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


Find = Callable[[CheckedProcedure], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule. `why` is for authors who ask; `whole`: it needs every file to be readable; `always`: no suppression
    switches it off, because nothing can be served without it.
    """

    id: str
    title: str
    why: str
    find: Find
    whole: bool
    always: bool


RULES: dict[str, Rule] = {}  # in the order in which they are defined


def rule(rule_id: str, title: str, why: str, *, whole: bool = False, always: bool = False) -> Callable[[Find], Find]:
    """Add a rule. The function yields a finding for each thing to fix."""

    def add(find: Find) -> Find:
        RULES[rule_id] = Rule(rule_id, title, why, find, whole, always)
        return find

    return add

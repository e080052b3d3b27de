"""The rules of `quizapp check`: what they look at, what they find, and the decorator that adds one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from pathlib import Path

from quizapp.content import schema
from quizapp.content.checks.texts import Text, source_texts, translated_texts
from quizapp.content.loading import Broken, SourceFiles, read_source, read_text
from quizapp.content.readability import words_in
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Location, Place, line_of, scan
from quizapp.content.translation import Tables, read_translations


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
class FormAt(Location):
    """One form of an item, in one language. `id` is "item/form"."""

    language: str
    item: schema.ItemTable
    stem: str
    options: list[schema.OptionTable]

    @property
    def key(self) -> schema.OptionTable:
        return next(option for option in self.options if option.key)

    @property
    def distractors(self) -> list[schema.OptionTable]:
        return [option for option in self.options if not option.key]

    @property
    def text_of_key(self) -> Location:
        return self.below("options", self.key.id, "text")

    @property
    def all_words(self) -> str:
        return "\n".join((self.stem, *(option.text for option in self.options)))

    @property
    def called(self) -> str:
        return f"item {self.item.id}, form {self.place[-1]}"

    @property
    def is_finished(self) -> bool:
        """Whether no blank is left and it has one key, so that its options can be compared."""
        return sum(option.key for option in self.options) == 1 and BLANK not in self.all_words


@dataclass(frozen=True)
class ItemAt(Location):
    """An item with all its forms, finished or not, in the source language."""

    item: schema.ItemTable
    forms: list[FormAt]


@dataclass(frozen=True)
class CheckedProcedure:
    """A procedure's folder as the rules see it.

    Files that do not load are missing from `files` and `translations`, and listed in `problems`.
    """

    files: SourceFiles
    problems: tuple[Broken, ...]
    translations: dict[str, Tables]
    findings: list[Finding] = field(default_factory=list)  # what the rules have found so far
    _lines: dict[Path, dict[Place, int]] = field(default_factory=dict)

    @property
    def source(self) -> str:
        return self.files.language

    @property
    def languages(self) -> tuple[str, ...]:
        return (self.source, *self.translations)

    @cached_property
    def allowed_terms(self) -> frozenset[str]:
        return words_in(self.files.procedure.allowed_terms)

    def at(self, name: str, *place: str, id: str = "", language: str = "") -> Location:
        """Return a place in a language's file, the source's if none is named. `id` is the last step if not given."""
        return Location(self.files.folder / (language or self.source) / name, place, id or place[-1])

    @cached_property
    def items(self) -> list[ItemAt]:
        found = []
        for path, lesson in self.files.lessons:
            for item in lesson.items:
                forms = []
                for form in item.forms:
                    place = ("items", item.id, "forms", form.id)
                    about = f"{item.id}/{form.id}"
                    forms.append(FormAt(path, place, about, self.source, item, form.stem, form.options))
                found.append(ItemAt(path, ("items", item.id), item.id, item, forms))
        return found

    def written_forms(self) -> Iterator[FormAt]:
        """Return every form of the source language, finished or not."""
        return (form for item in self.items for form in item.forms)

    @cached_property
    def forms(self) -> dict[str, list[FormAt]]:
        """Of each language the forms whose options can be compared: finished, with every word translated."""
        finished = [form for form in self.written_forms() if form.is_finished]
        found = {}
        for language, texts in self.texts.items():
            words = {(text.name, text.place): text.words for text in texts}
            worded = (_with_words(form, self.files.folder / language, words) for form in finished)
            found[language] = [form for form in worded if form]
        return found

    def every_form(self) -> Iterator[FormAt]:
        return chain.from_iterable(self.forms.values())

    @cached_property
    def texts(self) -> dict[str, list[Text]]:
        """All words of the source language and of each translation, in the order of the files."""
        source = list(source_texts(self.files.folder / self.source, self.files))
        found = {self.source: source}
        for language, tables in self.translations.items():
            found[language] = list(translated_texts(self.files.folder / language, source, tables))
        return found

    def every_text(self) -> Iterator[Text]:
        return chain.from_iterable(self.texts.values())

    def line_of(self, location: Location) -> int | None:
        path = location.path
        if path not in self._lines:
            self._lines[path] = scan(read_text(path, []) or "")
        return location.line or line_of(location.place, self._lines[path])


def _with_words(form: FormAt, folder: Path, words: dict[tuple[str, Place], str]) -> FormAt | None:
    """Return a form with a language's words, or None if one is missing."""
    name = f"lessons/{form.path.name}"
    stem = words.get((name, (*form.place, "stem")))
    texts = [words.get((name, (*form.place, "options", option.id, "text"))) for option in form.options]
    if stem is None or None in texts:
        return None
    options = [option.model_copy(update={"text": text}) for option, text in zip(form.options, texts, strict=True)]
    return replace(form, path=folder / name, language=folder.name, stem=stem, options=options)


def read_checked_procedure(folder: Path) -> CheckedProcedure:
    """Read all that is in a procedure's folder, with every reason why a file does not load."""
    problems: list[Broken] = []
    files = read_source(folder, problems)
    translations = read_translations(files, problems)
    return CheckedProcedure(files, tuple(problems), translations)


Found = Iterator[tuple[Location, str, str]]  # where, what is to fix, and how
Check = Callable[[CheckedProcedure], Found]


@dataclass(frozen=True)
class Rule:
    """One rule. `why` is for authors who ask; `whole`: it needs every file to be readable; `always`: no suppression
    switches it off; `serving`: a procedure that breaks it is not served.
    """

    id: str
    title: str
    why: str
    find: Callable[[CheckedProcedure], Iterator[Finding]]
    whole: bool = False
    always: bool = False
    serving: bool = False


RULES: dict[str, Rule] = {}  # in the order in which they are defined


def rule(
    rule_id: str, title: str, *, whole: bool = False, always: bool = False, serving: bool = False
) -> Callable[[Check], Check]:
    """Add a rule, for the reason in the function's docstring. The function yields what `Found` says."""

    def add(check: Check) -> Check:
        def find(procedure: CheckedProcedure) -> Iterator[Finding]:
            for at, message, fix in check(procedure):
                yield Finding(at.path, procedure.line_of(at), rule_id, at.id, message, fix)

        why = " ".join((check.__doc__ or "").split())
        RULES[rule_id] = Rule(rule_id, title, why, find, whole, always, serving)
        return check

    return add

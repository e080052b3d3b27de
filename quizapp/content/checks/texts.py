"""All words of a procedure that somebody reads, in the source language and in each translation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quizapp.content import schema
from quizapp.content.loading import SourceFiles
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Location, Place, at


@dataclass(frozen=True)
class Text(Location):
    """Words at one place of a file (`name`, within the language's folder).

    `kind` is lesson, item, feedback, other, or label (titles, names, words for staff: no sentences to grade). `id` is
    that of what they belong to: a lesson, "item/form", "item/form/option", a fact.
    """

    language: str
    kind: str
    name: str
    words: str

    @property
    def field(self) -> str:
        return self.place[-1]

    @property
    def is_blank(self) -> bool:
        return BLANK in self.words


def source_texts(folder: Path, files: SourceFiles) -> Iterator[Text]:
    """Return every text of the source language, in the order of the files. `folder` is the language's."""
    for name, kind, place, about, words in _everything(files):
        if words:
            yield Text(folder / name, place, about, folder.name, kind, name, words)


def translated_texts(folder: Path, source: Iterable[Text], tables: dict[str, dict[str, Any]]) -> Iterator[Text]:
    """Return the translation of every text of the source that has one. `tables` holds the parsed files by name."""
    for text in source:
        place = translated_place(text.place)
        words = at(tables.get(text.name, {}), place)
        if words and isinstance(words, str):
            yield replace(text, language=folder.name, path=folder / text.name, place=place, words=words)


def translated_place(place: Place) -> Place:
    """Return the place of a text in a translation, in which prompts are next to themes, not in them."""
    return place[2:] if place[:1] == ("themes",) and len(place) > 3 else place


# The file's name, the kind, the place, the id and the words; "" if the author left them out.
_Row = tuple[str, str, Place, str, str]


def _everything(files: SourceFiles) -> Iterator[_Row]:
    yield "procedure.toml", "other", ("title",), "title", files.words.title
    yield "procedure.toml", "other", ("short",), "short", files.words.short
    for number, words in enumerate(files.words.about):
        yield "procedure.toml", "other", ("about", str(number)), "about", words
    yield "procedure.toml", "other", ("limits",), "limits", files.words.limits
    for fact in files.facts:
        yield "facts.toml", "other", ("facts", fact.id, "text"), fact.id, fact.text
        yield "facts.toml", "other", ("facts", fact.id, "varies"), fact.id, fact.varies
    for belief in files.misconceptions:
        yield "misconceptions.toml", "label", ("misconceptions", belief.id, "name"), belief.id, belief.name
    for theme in files.themes:
        yield "prompts.toml", "label", ("themes", theme.id, "title"), theme.id, theme.title
        for prompt in theme.prompts:
            yield "prompts.toml", "other", ("themes", theme.id, "prompts", prompt.id, "text"), prompt.id, prompt.text
    for term in files.terms:
        yield "glossary.toml", "label", ("terms", term.id, "term"), term.id, term.term
        for number, words in enumerate(term.also):
            yield "glossary.toml", "label", ("terms", term.id, "also", str(number)), term.id, words
        yield "glossary.toml", "other", ("terms", term.id, "meaning"), term.id, term.meaning
    for path, lesson in files.lessons:
        yield from _lesson(f"lessons/{path.name}", lesson)


def _lesson(name: str, lesson: schema.LessonFile) -> Iterator[_Row]:
    yield name, "label", ("title",), lesson.id, lesson.title
    yield name, "lesson", ("main",), lesson.id, lesson.main
    for block in lesson.blocks:
        yield name, "label", ("blocks", block.id, "heading"), lesson.id, block.heading
        yield name, "lesson", ("blocks", block.id, "text"), lesson.id, block.text
        yield name, "other", ("blocks", block.id, "alt"), f"{lesson.id}/{block.id}", block.alt
        yield name, "other", ("blocks", block.id, "caption"), f"{lesson.id}/{block.id}", block.caption
    for item in lesson.items:
        place: Place = ("items", item.id)
        yield name, "label", (*place, "teach_back"), item.id, item.teach_back
        yield name, "feedback", (*place, "dont_know"), item.id, item.dont_know
        for form in item.forms:
            about, in_form = f"{item.id}/{form.id}", (*place, "forms", form.id)
            yield name, "item", (*in_form, "stem"), about, form.stem
            for option in form.options:
                in_option = (*in_form, "options", option.id)
                yield name, "item", (*in_option, "text"), about, option.text
                yield name, "feedback", (*in_option, "feedback"), f"{about}/{option.id}", option.feedback

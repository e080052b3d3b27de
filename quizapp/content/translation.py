"""Put a translator's words into the source language's structure, so that a translator cannot move the right answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from quizapp.content.loading import Broken, lesson_paths, read_toml, render
from quizapp.content.schema import BLANK
from quizapp.domain.procedure import Block, Fact, Form, Item, Lesson, Option, Procedure

Tables = Mapping[str, Any]


class Blank(Exception):
    """A word is not translated yet, so the language cannot be offered; `quizapp check` lists each one."""


def read_translations(
    folder: Path, source: Procedure, problems: list[Broken]
) -> tuple[dict[str, Procedure], frozenset[str]]:
    """Return every complete translation by language, and which of them are not reviewed yet.

    A language with blanks is left out: patients never see half a translation. What cannot be read is added to
    `problems`.
    """
    found: dict[str, Procedure] = {}
    drafts: set[str] = set()
    for language_file in sorted(folder.glob("*/language.toml")):
        own, before = language_file.parent, len(problems)
        reviewed = read_toml(language_file, problems) or {}
        # A file that is not there leaves its words blank; a source without terms needs no glossary.
        files = {
            name: (read_toml(own / name, problems) or {}) if (own / name).exists() else {}
            for name in _file_names(folder, source)
        }
        if len(problems) > before:
            continue
        try:
            found[own.name] = translated(source, own.name, files)
        except Blank:
            continue
        if not is_reviewed(reviewed):
            drafts.add(own.name)
    return found, frozenset(drafts)


def is_reviewed(tables: Tables) -> bool:
    """Return whether a language.toml says who reviewed the translation, and when."""
    return bool(tables.get("reviewed_by")) and isinstance(tables.get("reviewed_on"), (str, date))


def translated(source: Procedure, language: str, files: Mapping[str, Tables]) -> Procedure:
    """The source with a translation's words, from its files by name. Raises Blank where a word is missing."""
    lessons = [name for name in files if name.startswith("lessons/")]
    words, facts = files["procedure.toml"], files["facts.toml"]
    beliefs, prompts, terms = files["misconceptions.toml"], files["prompts.toml"], files["glossary.toml"]
    return replace(
        source,
        language=language,
        title=_word(words, "title"),
        short=_word(words, "short"),
        about=_words(words, "about"),
        limits=_word_or(source.limits, words, "limits"),
        facts=tuple(_fact(fact, facts) for fact in source.facts),
        misconceptions=tuple(
            replace(m, name=_word(beliefs, "misconceptions", m.id, "name")) for m in source.misconceptions
        ),
        themes=tuple(
            replace(
                theme,
                title=_word(prompts, "themes", theme.id, "title"),
                prompts=tuple(
                    replace(prompt, text=_word(prompts, "prompts", prompt.id, "text")) for prompt in theme.prompts
                ),
            )
            for theme in source.themes
        ),
        terms=tuple(
            replace(
                term,
                term=_word(terms, "terms", term.id, "term"),
                meaning=_word(terms, "terms", term.id, "meaning"),
                also=_words(terms, "terms", term.id, "also") if term.also else (),
            )
            for term in source.terms
        ),
        lessons=tuple(_lesson(lesson, files[name]) for lesson, name in zip(source.lessons, lessons, strict=True)),
    )


def _file_names(folder: Path, source: Procedure) -> list[str]:
    """The files that a translation has, lessons in their order."""
    lessons = [f"lessons/{path.name}" for path in lesson_paths(folder / source.language, [])]
    return ["procedure.toml", "facts.toml", "misconceptions.toml", "prompts.toml", "glossary.toml", *lessons]


def _fact(fact: Fact, words: Tables) -> Fact:
    return replace(
        fact,
        text=_word(words, "facts", fact.id, "text"),
        varies=_word_or(fact.varies, words, "facts", fact.id, "varies"),
    )


def _lesson(lesson: Lesson, words: Tables) -> Lesson:
    return replace(
        lesson,
        title=_word(words, "title"),
        main=_word(words, "main"),
        blocks=tuple(_block(block, words) for block in lesson.blocks),
        items=tuple(_item(item, words) for item in lesson.items),
    )


def _block(block: Block, words: Tables) -> Block:
    text = _word(words, "blocks", block.id, "text")
    return replace(
        block,
        heading=_word(words, "blocks", block.id, "heading"),
        text=text,
        html=render(text),
        alt=_word(words, "blocks", block.id, "alt") if block.alt else "",
        caption=_word_or("", words, "blocks", block.id, "caption"),
    )


def _item(item: Item, words: Tables) -> Item:
    place = ("items", item.id)
    return replace(
        item,
        teach_back=_word(words, *place, "teach_back"),
        dont_know=_word(words, *place, "dont_know"),
        forms=tuple(_form(form, words, (*place, "forms", form.id)) for form in item.forms),
    )


def _form(form: Form, words: Tables, place: tuple[str, ...]) -> Form:
    return replace(
        form,
        stem=_word(words, *place, "stem"),
        options=tuple(_option(option, words, (*place, "options", option.id)) for option in form.options),
    )


def _option(option: Option, words: Tables, place: tuple[str, ...]) -> Option:
    return replace(option, text=_word(words, *place, "text"), feedback=_word(words, *place, "feedback"))


def _word(tables: Tables, *place: str) -> str:
    found = _at(tables, place)
    if not isinstance(found, str) or not found.strip() or BLANK in found:
        raise Blank(".".join(place))
    return found.strip()


def _word_or(source: str, tables: Tables, *place: str) -> str:
    """Like `_word`, but the source's word if there is none: translations made before the word existed still load."""
    try:
        return _word(tables, *place)
    except Blank:
        return source


def _words(tables: Tables, *place: str) -> tuple[str, ...]:
    found = _at(tables, place)
    if not isinstance(found, list) or not all(isinstance(word, str) and word.strip() for word in found):
        raise Blank(".".join(place))
    return tuple(found)


def _at(tables: Tables, place: tuple[str, ...]) -> object:
    found: object = tables
    for step in place:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found

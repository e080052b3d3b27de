"""Put a translator's words into the source language's structure, so that a translator cannot move the right answer."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from quizapp.content.loading import Broken, lesson_paths, procedure_adapter, read_toml, render
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import at
from quizapp.domain.procedure import Procedure

FILES = ("procedure.toml", "facts.toml", "misconceptions.toml", "prompts.toml", "glossary.toml")
LISTS = {"about", "also"}  # the fields that hold several words
WORDS = {"title", "short", "main", "heading", "text", "alt", "stem", "feedback", "teach_back", "dont_know"}
WORDS |= {"name", "term", "meaning"}
ADDED_LATER = {"limits", "varies", "caption"}  # translations that were made before the source had them still load


class Blank(Exception):
    """A word is not translated yet, so the language cannot be offered; `quizapp check` lists each one."""


def read_translations(folder: Path, source: Procedure, problems: list[Broken]) -> dict[str, Procedure]:
    """Return every complete translation by language. What cannot be read is added to `problems`.

    A language with blanks is left out: patients never see half a translation.
    """
    found: dict[str, Procedure] = {}
    lessons = [f"lessons/{path.name}" for path in lesson_paths(folder / source.language, [])]
    for language_file in sorted(folder.glob("*/language.toml")):
        own, before = language_file.parent, len(problems)
        read_toml(language_file, problems)
        # A file that is not there leaves its words blank; a source without terms needs no glossary.
        files = {
            name: (read_toml(own / name, problems) or {}) if (own / name).exists() else {}
            for name in (*FILES, *lessons)
        }
        if len(problems) == before:
            with suppress(Blank):
                found[own.name] = _translated(source, own.name, files, lessons)
    return found


def is_reviewed(tables: Mapping[str, Any]) -> bool:
    """Return whether a language.toml says who reviewed the translation, and when."""
    return bool(tables.get("reviewed_by")) and isinstance(tables.get("reviewed_on"), (str, date))


def _translated(source: Procedure, language: str, files: dict[str, dict[str, Any]], lessons: list[str]) -> Procedure:
    """Return the source with a translation's words, from its files by name. Raise Blank if a word is missing."""
    prompts = files["prompts.toml"]
    words = {
        **files["procedure.toml"],
        "facts": files["facts.toml"].get("facts"),
        "misconceptions": files["misconceptions.toml"].get("misconceptions"),
        "themes": {
            theme.id: {"title": at(prompts, ("themes", theme.id, "title")), "prompts": prompts.get("prompts")}
            for theme in source.themes
        },
        "terms": files["glossary.toml"].get("terms"),
        "lessons": {lesson.id: files[name] for lesson, name in zip(source.lessons, lessons, strict=True)},
    }
    tables = asdict(source) | {"language": language}
    _translate(tables, words)
    return procedure_adapter.validate_python(tables)


def _translate(table: dict[str, Any], words: Any) -> None:
    """Put a translator's words into a table and the tables below it. What the source leaves out stays empty."""
    own = words if isinstance(words, dict) else {}
    for field, value in table.items():
        given = own.get(field)
        if field in LISTS and value:
            table[field] = [_word(word) for word in (given if isinstance(given, list) else [None])]
        elif field in WORDS and value:
            table[field] = _word(given)
        elif field in ADDED_LATER and value:
            table[field] = _word(given, otherwise="" if field == "caption" else value)
        elif isinstance(value, tuple):
            for entry in value:
                if isinstance(entry, dict):
                    _translate(entry, at(own, (field, entry["id"])))
    if "html" in table:
        table["html"] = render(table["text"])


def _word(given: object, otherwise: str | None = None) -> str:
    """Return a translator's word, or the other one if it is missing. Raise Blank if there is neither."""
    if isinstance(given, str) and given.strip() and BLANK not in given:
        return given.strip()
    if otherwise is None:
        raise Blank
    return otherwise

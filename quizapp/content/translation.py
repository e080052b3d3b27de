"""Put a translator's words into the source language's structure, so that a translator cannot move the right answer."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from typing import Any

from quizapp.content.loading import Broken, SourceFiles, procedure_adapter, read_toml, render
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import at
from quizapp.domain.procedure import Procedure

Tables = dict[str, dict[str, Any]]  # of a translation's files, by their path within the language's folder
LISTS = {"about", "also"}  # the fields that hold several words
WORDS = {"title", "short", "main", "heading", "text", "alt", "stem", "feedback", "teach_back", "dont_know"}
WORDS |= {"name", "term", "meaning"}
ADDED_LATER = {"limits", "varies", "caption"}  # translations that were made before the source had them still load


class Blank(Exception):
    """A word is not translated yet, so the language cannot be offered; `quizapp check` lists each one."""


def read_translations(files: SourceFiles, problems: list[Broken]) -> dict[str, Tables]:
    """Return the files of each translation, by language. What cannot be read is added to `problems`."""
    return {
        mark.parent.name: {
            path.relative_to(mark.parent).as_posix(): tables
            for path in sorted(mark.parent.rglob("*.toml"))
            if (tables := read_toml(path, problems)) is not None
        }
        for mark in sorted(files.folder.glob("*/language.toml"))
        if mark.parent.name != files.language
    }


def complete_translations(source: Procedure, files: SourceFiles, problems: list[Broken]) -> dict[str, Procedure]:
    """Return every translation by language, but those with blanks: patients never see half a translation."""
    found: dict[str, Procedure] = {}
    broken: list[Broken] = []
    lessons = [f"lessons/{path.name}" for path, _ in files.lessons]
    for language, tables in read_translations(files, broken).items():
        with suppress(Blank):
            found[language] = _translated(source, language, tables, lessons)
    # What an editor left there stops nothing.
    names = {"language.toml", *(path.name for path in (files.folder / files.language).rglob("*.toml"))}
    problems += [problem for problem in broken if problem.file.name in names]
    return found


def is_reviewed(tables: Mapping[str, Any]) -> bool:
    """Return whether a language.toml says who reviewed the translation, and when."""
    return bool(tables.get("reviewed_by")) and isinstance(tables.get("reviewed_on"), (str, date))


def _translated(source: Procedure, language: str, files: Tables, lessons: list[str]) -> Procedure:
    """Return the source with a translation's words. Raise Blank if one is missing."""
    prompts = files.get("prompts.toml", {})
    words = {
        **files.get("procedure.toml", {}),
        "facts": at(files, ("facts.toml", "facts")),
        "misconceptions": at(files, ("misconceptions.toml", "misconceptions")),
        "themes": {
            theme.id: {"title": at(prompts, ("themes", theme.id, "title")), "prompts": prompts.get("prompts")}
            for theme in source.themes
        },
        "terms": at(files, ("glossary.toml", "terms")),
        "lessons": {lesson.id: files.get(name) for lesson, name in zip(source.lessons, lessons, strict=True)},
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

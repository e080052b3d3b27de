"""Rules on translations: every id, words only, and made from the current source text."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from quizapp.content.checks.rules import CheckedProcedure, Finding, rule
from quizapp.content.checks.texts import translated_place
from quizapp.content.loading import MAX_PROBLEMS
from quizapp.content.toml_positions import Place

Words = dict[str, list[str]]  # of one table: each field's words; several for a list
LANGUAGE_FIELDS = {"reviewed_by", "reviewed_on"}


@rule(
    "translation-complete",
    "A translation has every id",
    "A half-translated page is hard for everyone.",
    whole=True,
)
def complete(procedure: CheckedProcedure) -> Iterator[Finding]:
    for language, files in procedure.translations.items():
        for name, tables in source_tables(procedure).items():
            path = procedure.folder / language / name
            if name not in files:
                message = f"the {language} translation has no {name}"
                yield Finding(path, None, "translation-complete", name, message, "Run: quizapp new language")
                continue
            for place, words in tables.items():
                found = _table(files[name], place)
                for field, source in words.items():
                    given = found.get(field)
                    if not _has_words(given, len(source)):
                        about = "/".join((language, *place, field))
                        message = f"{'.'.join((*place, field))} is not translated"
                        fix = "Translate: " + " / ".join(source)[:120]
                        yield procedure.finding("translation-complete", path, (*place, field), about, message, fix)


@rule(
    "translation-structure",
    "A translation contains words only",
    "A translator must not be able to change the right answer.",
    whole=True,
)
def no_structure(procedure: CheckedProcedure) -> Iterator[Finding]:
    tables_of = source_tables(procedure)
    for language, files in procedure.translations.items():
        for name, tables in files.items():
            path = procedure.folder / language / name
            if name == "language.toml":
                unknown: list[Place] = [(field,) for field in tables if field not in LANGUAGE_FIELDS]
            elif name in tables_of:
                unknown = list(islice(_unknown(tables, tables_of[name]), MAX_PROBLEMS))
            else:
                message, fix = f"the source has no file {name}", "Delete it, or name it as in the source language"
                yield Finding(path, None, "translation-structure", f"{language}/{name}", message, fix)
                continue
            for place in unknown:
                about = "/".join((language, *place))
                message = f"{'.'.join(place)} has no counterpart in the source"
                fix = "Remove it: a translation contains words only, under the source's ids"
                yield procedure.finding("translation-structure", path, place, about, message, fix)


@rule(
    "translation-stale",
    "A translation was made from the current source text",
    "Otherwise two patients are told two different things.",
    whole=True,
)
def current(procedure: CheckedProcedure) -> Iterator[Finding]:
    for language, files in procedure.translations.items():
        for name, tables in source_tables(procedure).items():
            path = procedure.folder / language / name
            for place, words in tables.items():
                found = _table(files.get(name, {}), place)
                if found and found.get("of") != source_hash(words):
                    about = "/".join((language, *place))
                    said = "is stale: the source has changed" if "of" in found else "does not say what it translates"
                    message = f"{'.'.join(place) or name} {said}"
                    fix = f'Compare it with the source, then write of = "{source_hash(words)}"'
                    yield procedure.finding("translation-stale", path, (*place, "of"), about, message, fix)


def source_hash(words: Words) -> str:
    """The first 12 hex digits of the SHA-256 of a table's source words, one a line."""
    joined = "\n".join(word for field in words.values() for word in field)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


def source_tables(procedure: CheckedProcedure) -> dict[str, dict[Place, Words]]:
    """For each file that a translation has: its tables, and the source's words in them."""
    files: dict[str, dict[Place, Words]] = {}
    for text in procedure.source_texts:
        place = translated_place(text.place)
        if place[-1].isdigit():
            place = place[:-1]
        table = files.setdefault(text.name, {}).setdefault(place[:-1], {})
        table.setdefault(place[-1], []).append(text.words)
    return files


def _table(tables: dict[str, Any], place: Place) -> dict[str, Any]:
    """The table at a place, or an empty one."""
    found: Any = tables
    for step in place:
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _has_words(given: object, entries: int) -> bool:
    """Whether a field has words: a string, or a list of at least one (a translation may need fewer forms)."""
    if isinstance(given, list):
        return bool(given) and all(isinstance(word, str) and word.strip() for word in given)
    return entries >= 1 and isinstance(given, str) and bool(given.strip())


def _unknown(tables: dict[str, Any], expected: dict[Place, Words]) -> Iterator[Place]:
    """The places of a translation's file that the source does not have. No recursion: a file may be deep."""
    known = {place[:end] for place in expected for end in range(len(place) + 1)}
    waiting: list[tuple[Place, dict[str, Any]]] = [((), tables)]
    while waiting:
        place, table = waiting.pop()
        for name, value in table.items():
            below = (*place, name)
            if isinstance(value, dict) and below in known:
                waiting.append((below, value))
            elif isinstance(value, dict) or name not in (*expected.get(place, {}), "of"):
                yield below

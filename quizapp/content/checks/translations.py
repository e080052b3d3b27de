"""Rules on translations: every id, words only, and made from the current source text."""

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

from quizapp.content.checks.rules import CheckedProcedure, Found, rule
from quizapp.content.checks.texts import translated_place
from quizapp.content.loading import MAX_PROBLEMS
from quizapp.content.toml_positions import Location, Place, at

Words = dict[str, list[str]]  # of one table: each field's words; several for a list
LANGUAGE_FIELDS = {"reviewed_by", "reviewed_on"}


@rule("translation-complete", "A translation has every id", whole=True)
def complete(procedure: CheckedProcedure) -> Found:
    """A half-translated page is hard for everyone."""
    for language, files in procedure.translations.items():
        for name in source_tables(procedure):
            if name not in files:
                message = f"the {language} translation has no {name}"
                yield procedure.at(name, id=name, language=language), message, "Run: quizapp new language"
    for language, name, place, words, given in _tables(procedure):
        for field, source in words.items():
            if not _has_words(given.get(field)):
                at_field = _at(procedure, language, name, *place, field)
                message = f"{'.'.join(at_field.place)} is not translated"
                yield at_field, message, f"Translate: {' / '.join(source)[:120]}"


@rule("translation-structure", "A translation contains words only", whole=True)
def no_structure(procedure: CheckedProcedure) -> Found:
    """A translator must not be able to change the right answer."""
    expected = source_tables(procedure)
    for language, files in procedure.translations.items():
        for name, tables in files.items():
            if name == "language.toml":
                unknown: list[Place] = [(field,) for field in tables if field not in LANGUAGE_FIELDS]
            elif name in expected:
                unknown = list(islice(_unknown((), tables, expected[name]), MAX_PROBLEMS))
            else:
                unknown = []
                at_file = procedure.at(name, id=f"{language}/{name}", language=language)
                yield at_file, f"the source has no file {name}", "Delete it, or name it as in the source language"
            for place in unknown:
                message = f"{'.'.join(place)} has no counterpart in the source"
                fix = "Remove it: a translation contains words only, under the source's ids"
                yield _at(procedure, language, name, *place), message, fix


@rule("translation-stale", "A translation was made from the current source text", whole=True)
def current(procedure: CheckedProcedure) -> Found:
    """Otherwise two patients are told two different things."""
    for language, name, place, words, given in _tables(procedure):
        if given and given.get("of") != source_hash(words):
            said = "is stale: the source has changed" if "of" in given else "does not say what it translates"
            fix = f'Compare it with the source, then write of = "{source_hash(words)}"'
            yield _at(procedure, language, name, *place).below("of"), f"{'.'.join(place) or name} {said}", fix


def _tables(procedure: CheckedProcedure) -> Iterator[tuple[str, str, Place, Words, dict[str, Any]]]:
    """Return each table of a translation's files: language, file, place, the source's words, what the table has."""
    for language, files in procedure.translations.items():
        for name, tables in source_tables(procedure).items():
            for place, words in tables.items() if name in files else ():
                given = at(files[name], place)
                yield language, name, place, words, given if isinstance(given, dict) else {}


def _at(procedure: CheckedProcedure, language: str, name: str, *place: str) -> Location:
    return procedure.at(name, *place, id="/".join((language, *place)), language=language)


def source_hash(words: Words) -> str:
    """Return the first 12 hex digits of the SHA-256 of a table's source words, one a line."""
    joined = "\n".join(word for field in words.values() for word in field)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


def source_tables(procedure: CheckedProcedure) -> dict[str, dict[Place, Words]]:
    """Return the tables of each file that a translation has, with the source's words in them."""
    files: dict[str, dict[Place, Words]] = {}
    for text in procedure.texts[procedure.source]:
        *table, field = translated_place(text.place)
        if field.isdigit():  # an entry of a list
            *table, field = table
        fields = files.setdefault(text.name, {}).setdefault(tuple(table), {})
        fields.setdefault(field, []).append(text.words)
    return files


def _has_words(given: object) -> bool:
    """Return whether a field has words: a string, or a list of at least one (a translation may need fewer forms)."""
    words = given if isinstance(given, list) else [given]
    return bool(words) and all(isinstance(word, str) and word.strip() for word in words)


def _unknown(place: Place, table: dict[str, Any], expected: dict[Place, Words]) -> Iterator[Place]:
    """Return the places of a table of a translation's file, and of those in it, that the source does not have."""
    for name, value in table.items():
        below = (*place, name)
        if not isinstance(value, dict):
            if name not in (*expected.get(place, ()), "of"):
                yield below
        elif any(known[: len(below)] == below for known in expected):
            yield from _unknown(below, value, expected)
        else:
            yield below

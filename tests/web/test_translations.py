"""The interface's catalogues: complete, current, and compiled."""

import ast
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from quizapp import config

ROOT = Path(__file__).parents[2]
CATALOGUES = sorted((config.PACKAGE / "translations").glob("*/LC_MESSAGES/messages.po"))
EXTRACT = ["extract", "-F", "pyproject.toml", "-k", "N_", "-o"]
MARKS = {"_", "N_", "gettext", "ngettext"}
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")

for_each_language = pytest.mark.parametrize("path", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES])


@pytest.fixture(scope="module")
def in_code(tmp_path_factory) -> dict[object, Message]:
    """Every message of code and templates, taken out as docs/architecture.md says."""
    found = tmp_path_factory.mktemp("words") / "words.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", *EXTRACT, str(found), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {message.id: message for message in _read(found) if message.id}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _all_forms(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


@for_each_language
def test_it_translates_every_word_of_the_interface_and_no_other(path: Path, in_code: dict[object, Message]) -> None:
    catalogue = _read(path)
    translated = {message.id for message in catalogue if message.id and all(_all_forms(message.string))}
    assert translated == in_code.keys()
    assert len(in_code) > 500
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert not catalogue.obsolete


def test_it_has_no_message_in_an_f_string_which_extraction_misses() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted(config.PACKAGE.rglob("*.py"))
        for part in ast.walk(ast.parse(path.read_text()))
        if isinstance(part, ast.FormattedValue)
        for call in ast.walk(part.value)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKS
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


@for_each_language
def test_it_keeps_the_placeholders_of_every_message(path: Path) -> None:
    for message in _read(path):
        if not message.id:
            continue
        wanted = set(PLACEHOLDER.findall(_all_forms(message.id)[-1]))
        *others, last = _all_forms(message.string)
        assert set(PLACEHOLDER.findall(last)) == wanted, message.id
        assert all(set(PLACEHOLDER.findall(form)) <= wanted for form in others), message.id  # "the one row"


@for_each_language
def test_it_ships_what_the_catalogue_compiles_to(path: Path) -> None:
    """Message by message: the header names the version of Babel that wrote it."""
    compiled = io.BytesIO()
    write_mo(compiled, _read(path))
    compiled.seek(0)
    with path.with_suffix(".mo").open("rb") as shipped:
        assert _words(read_mo(shipped)) == _words(read_mo(compiled))


def _words(catalogue: Catalog) -> list[tuple[object, object]]:
    """Return the translations without the header, which names the version of Babel."""
    return sorted((_all_forms(message.id), _all_forms(message.string)) for message in catalogue if message.id)


def test_it_has_interface_words_for_every_language_of_the_content() -> None:
    interface = {"en", *(path.parts[-3] for path in CATALOGUES)}
    for procedure in (ROOT / "questions").glob("*/procedure.toml"):
        assert {file.parent.name for file in procedure.parent.glob("*/language.toml")} <= interface

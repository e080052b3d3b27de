"""Drawings: an SVG file can hold scripts, links and whole other files; only a plain drawing is published."""

import os
import shutil

import pytest

from quizapp import config
from quizapp.content.checking import check_procedure
from quizapp.content.drawings import BadDrawing, read_drawing
from quizapp.web.static_files import read_all
from tests.conftest import PROCEDURES
from tests.content.hostile_content import drawn

START = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
PLAIN = f'{START}<defs><linearGradient id="a"/></defs><path id="b" fill="url(#a)" d="M0 0h9"/><use href="#b"/></svg>'
REFUSED = {
    "a script": (f"{START}<script>1</script></svg>", "has a <script>"),
    "an event": (f'{START}<path onload="1"/></svg>', "has a script"),
    "another page": (f"{START}<foreignObject/></svg>", "has a <foreignObject>"),
    "a picture": (f'{START}<image href="https://example.org/a.png"/></svg>', "has a <image>"),
    "a link outside": (f'{START}<use href="https://example.org/a.svg#b"/></svg>', "refers to something outside"),
    "paint from outside": (f'{START}<path fill="url(https://example.org/a#b)"/></svg>', "refers to something outside"),
    "a style from outside": (f"{START}<style>@import 'a.css';</style></svg>", "refers to something outside"),
    "a style after a child": (f"{START}<style>a{{}}<g/>@import 'a.css';</style></svg>", "refers to something outside"),
    "an escaped style": (f"{START}<style>@\\69mport 'a.css';</style></svg>", "refers to something outside"),
    "an image in a style": (f'{START}<path style="fill:image-set(a)"/></svg>', "refers to something outside"),
    "another style sheet": (f'<?xml-stylesheet href="a.css"?>{START}</svg>', "style sheet of another file"),
    "a document type": (f"<!DOCTYPE svg>{START}</svg>", "has a DOCTYPE"),
    "no namespace": ('<svg viewBox="0 0 9 9"/>', "needs <svg xmlns="),
    "a huge view box": (START.replace("9 9", f"{10**9} 9") + "</svg>", "needs <svg xmlns="),
    "half a file": (START, "is not SVG"),
    "much": (PLAIN + " " * 100_000, "has more than 100,000 bytes"),
}


def test_it_publishes_a_plain_drawing_as_it_is(tmp_path):
    file = tmp_path / "bell.svg"
    file.write_text(PLAIN)
    assert read_drawing(file) == PLAIN.encode()


@pytest.mark.parametrize("kind", REFUSED)
def test_it_refuses_what_is_more_than_a_drawing(tmp_path, kind):
    file, (text, why) = tmp_path / "bell.svg", REFUSED[kind]
    file.write_text(text)
    with pytest.raises(BadDrawing, match=why):
        read_drawing(file)


def test_it_knows_the_size_of_a_drawing_however_it_is_quoted(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "bell.svg").write_text(PLAIN.replace('"0 0 9 9"', "'0 0 12 9'"))
    assert read_all(config.PACKAGE / "static", {"pump": tmp_path})["pump/bell.svg"].size == (12, 9)


def make_link(file, folder):
    (folder / "elsewhere.svg").write_text(PLAIN)
    file.symlink_to(folder / "elsewhere.svg")


@pytest.mark.parametrize("make", [make_link, lambda file, _folder: os.mkfifo(file)], ids=["a link", "a pipe"])
def test_it_neither_publishes_nor_waits_for_what_is_no_plain_file(tmp_path, make):
    procedure = tmp_path / "left-right"
    shutil.copytree(PROCEDURES / "left-right", procedure)
    drawn(procedure)
    (procedure / "images" / "bell.svg").unlink()
    make(procedure / "images" / "bell.svg", tmp_path)
    assert "left-right/bell.svg" not in read_all(config.PACKAGE / "static", {"left-right": procedure})
    messages = [finding.message for finding in check_procedure(procedure).findings]
    assert any("images/bell.svg is not a plain file" in message for message in messages)

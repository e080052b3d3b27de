"""Every format, read back by somebody else's program."""

import csv
import io
import json
import shutil
import subprocess

import jsonschema
import openpyxl
import pytest

from quizapp.reports.formats import EXPORTERS, SCHEMA
from quizapp.reports.tables import Book, Column, Table

NASTY = (
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "\t=1+1",
    "\r=1",
    "a\x00b\x1bc",
    "＝1+1",
    "＠x",
    'a "quoted", line\nbreak',
    "http://example.org",
    "ñandú 1/300",
)
COLUMNS = (Column("text", "Words."), Column("n", "How many.", "attempts"), Column("left_out", "Nothing."))


def book(*texts):
    rows = tuple((text, number, None) for number, text in enumerate(texts))
    table = Table("dictionary", "Options", COLUMNS, rows, ("=a note", "another"))
    return Book("=title", (("Made on", "=now"),), table.notes, (table,))


def test_it_gives_the_same_numbers_in_every_format():
    made = book("one", "two", "three")
    in_csv = EXPORTERS["csv"].write(made).decode("utf-8-sig")
    lines = [line for line in io.StringIO(in_csv, newline="") if not line.lstrip('"').startswith("# ")]
    rows = list(csv.DictReader(lines))
    assert [(row["text"], int(row["n"]), row["left_out"]) for row in rows] == [
        ("one", 0, ""),
        ("two", 1, ""),
        ("three", 2, ""),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(made)))["Options"]
    assert list(sheet.values) == [
        ("text", "n", "left_out"),
        ("one", 0, None),
        ("two", 1, None),
        ("three", 2, None),
    ]
    data = json.loads(EXPORTERS["json"].write(made))
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    assert [tuple(row.values()) for row in data["tables"][0]["rows"]] == [
        ("one", 0, None),
        ("two", 1, None),
        ("three", 2, None),
    ]


@pytest.mark.parametrize("text", NASTY)
def test_it_never_writes_a_formula_or_a_broken_file(text):
    made = book(text)
    sheets = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(made)))
    kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    cells = [cell for row in csv.reader(io.StringIO(EXPORTERS["csv"].write(made).decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＠"))]
    assert all(character.isprintable() for cell in cells for character in cell)
    json.loads(EXPORTERS["json"].write(made))


def test_it_is_text_for_libreoffice_too(tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here")
    for name, how in (("csv", ["--infilter=CSV:44,34,76"]), ("xlsx", [])):
        (tmp_path / f"export.{name}").write_bytes(EXPORTERS[name].write(book(*NASTY)))
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        target = tmp_path / f"read-{name}"
        command = [office, profile, "--headless", *how, "--convert-to", "fods", "--outdir", str(target)]
        subprocess.run([*command, str(tmp_path / f"export.{name}")], check=True, capture_output=True, timeout=120)
        read = (target / "export.fods").read_text()
        assert "ñandú 1/300" in read
        assert "table:formula" not in read


def test_it_begins_as_excel_wants_and_ends_lines_as_the_standard_says():
    made = EXPORTERS["csv"].write(book("one"))
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\r\n") == made.count(b"\n")

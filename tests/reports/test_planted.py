"""Words that spreadsheets could take for something else, planted in every text of every content file."""

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from quizapp import migrate
from quizapp.content.editions import Editions, load_catalogue, store_edition
from quizapp.content.schema import json_schemas
from quizapp.db import Database
from quizapp.reports.export_book import make_book
from quizapp.reports.export_tables import EXPORTS
from quizapp.reports.figures import Thresholds
from quizapp.reports.formats import EXPORTERS
from quizapp.reports.query import Query
from tests.conftest import PROCEDURES
from tests.content.hostile_content import write_translation
from tests.fake_tallies import count_attempts, count_talks

NASTY = (
    "=1+1",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "\t=1+1",
    "a\tb\x00c\x1bd\x7fe\ufffe",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "one\r\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "a;=1+1;b",
    "a,=1+1",
    "a|=1+1",
    '"=1+1"',
    '";=1+1;"',
    "'=1+1",
    "# not a comment",
    '=HYPERLINK("http://example.org","x")',
    "http://example.org/",
    "mailto:a@example.org",
    "=" + "1+" * 990 + "1",
    "{=1+1}",
    "&L&\"Arial\"&amp;<b>x</b>]]>",
    "ñandú 1/300 \u202bאב\u202c",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
IDS = {"id", "fact", "facts", "block", "misconception", "order", "kind", "image", "source", "rule", "of", "varies_by"}


def plant(folder: Path, text: str) -> set[str]:
    """Put the text in place of every text of every file; which fields were planted, as FILE.FIELD."""
    planted = set()
    for file in sorted(folder.rglob("*.toml")):
        lines = []
        for line in file.read_text().splitlines():
            match = re.match(r'(\w+) = (?:"|\[")', line)
            if match and match[1] not in IDS:
                words = json.dumps(text, ensure_ascii=True).replace("\x7f", "\\u007f")
                line = f"{match[1]} = [{words}]" if line.endswith("]") else f"{match[1]} = {words}"
                planted.add(f"{_kind(file)}.{match[1]}")
            lines.append(line)
        file.write_text("\n".join(lines) + "\n")
    return planted


def _kind(file: Path) -> str:
    if file.parent.name == "lessons":
        return "lesson"
    return "words" if (file.stem, file.parent.name) == ("procedure", "en") else file.stem


def texts_of_the_schema() -> set[str]:
    """Every field that authors write words in."""
    found = set()
    for kind, schema in json_schemas().items():
        for table in [schema, *schema.get("$defs", {}).values()]:
            for name, shape in table.get("properties", {}).items():
                if name not in IDS and "string" in json.dumps(shape) and "$ref" not in json.dumps(shape):
                    found.add(f"{kind}.{name}")
    return found


# Rules switched off and approvals are for authors and leads; a clinic's own notes are read on the nurse's sheet only.
NEVER_EXPORTED = {
    "procedure.allowed_terms",
    "procedure.local",
    "procedure.reason",
    "approvals.approved_by",
    "approvals.approved_on",
    "approvals.lessons",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    """Text -> file name -> bytes, of every table in every format, in the source language and a translation."""
    return {text: _files(tmp_path_factory.mktemp("planted"), text) for text in NASTY}


def _files(place: Path, text: str) -> dict[str, bytes]:
    shutil.copytree(PROCEDURES / "left-right", place / "content" / "left-right")
    write_translation(place / "content" / "left-right", "xx", "words")
    plant(place / "content", text)
    catalogue = load_catalogue(place / "content")
    editions, edition = Editions(catalogue), catalogue.editions["left-right"]
    database = Database(f"sqlite:///{place / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    with database.writing() as session:
        store_edition(session, edition, date(2026, 1, 2))
        for language in ("en", "xx"):
            count_attempts(session, edition, "2026-Q1", 60, language=language, right=0.5)
        count_talks(session, edition, "2026-Q1", {next(edition.in_language("en").items()).id: {"understood": 40}})
        made = {
            f"{table}.{exporter.id}": exporter.write(
                make_book(session, editions, Query("left-right", table), Thresholds(11, 11), date(2026, 8, 1))
            )
            for exporter in EXPORTERS.values()
            for table in (["all"] if exporter.whole_books else EXPORTS)
        }
    database.dispose()
    return made


def test_it_plants_in_every_field_that_holds_words(tmp_path):
    shutil.copytree(PROCEDURES / "left-right", tmp_path / "left-right")
    files = [path.read_text() for path in sorted((tmp_path / "left-right").rglob("*.toml"))]
    optional = {"facts.varies", "facts.quiz_reason", "lesson.alt", "lesson.caption", "glossary.also", "words.limits"}
    assert texts_of_the_schema() - NEVER_EXPORTED - optional <= plant(tmp_path, "x"), files


def test_it_does_carry_planted_words(files):
    words = NASTY[-1]
    lines = files[words]["options.csv"].decode("utf-8-sig").split("\r\n")
    rows = list(csv.DictReader([line for line in lines if not line.startswith("#")]))
    assert {(row["language"], row["stem"], row["text"]) for row in rows} == {(x, words, words) for x in ("en", "xx")}
    assert {row["misconception"] for row in rows} == {"", words}


@pytest.mark.parametrize("text", NASTY)
def test_it_stays_text_in_a_workbook(files, text):
    data = files[text]["all.xlsx"]
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert len(book.sheetnames) == len(EXPORTS) + 2  # a cover, and the charts
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert parts.testzip() is None
        assert not [name for name in parts.namelist() if "externalLink" in name or "hyperlink" in name.lower()]
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name) and "worksheets" in name]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("text", NASTY)
def test_it_stays_text_in_a_csv_however_a_spreadsheet_parts_it(files, text, separator):
    for table in EXPORTS:
        read = files[text][f"{table}.csv"].decode("utf-8-sig")
        assert all(character.isprintable() or character in "\r\n\u00a0\u202b\u202c" for character in read)
        for row in csv.reader(io.StringIO(read, newline=""), delimiter=separator):
            assert not [cell for cell in row if cell.strip(' "\u00a0').startswith(FORMULA_STARTS)], table


@pytest.mark.parametrize("text", NASTY)
def test_it_has_as_many_rows_and_columns_in_every_format(files, text):
    in_json = json.loads(files[text]["all.json"])
    book = openpyxl.load_workbook(io.BytesIO(files[text]["all.xlsx"]))
    for table in in_json["tables"]:
        shape = (len(table["rows"]) + 1, len(table["columns"]))
        sheet = book[table["title"][:31]]
        assert (sheet.max_row, sheet.max_column) == shape
        lines = files[text][f"{table['id']}.csv"].decode("utf-8-sig").split("\r\n")
        rows = list(csv.reader([line for line in lines if line and not line.startswith("#")], strict=True))
        assert (len(rows), {len(row) for row in rows}) == (shape[0], {shape[1]})


@pytest.mark.full
@pytest.mark.parametrize("how", ["xlsx", "csv, parted by commas", "csv, parted by semicolons"])
def test_it_stays_text_for_libreoffice(files, tmp_path, how):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice: install Debian's package libreoffice-calc")
    kind = how[:4].strip(",")
    names = []
    for number, text in enumerate(NASTY):
        for name, data in files[text].items():
            if name.endswith(kind):
                names.append(f"{number}-{name}")
                (tmp_path / names[-1]).write_bytes(data)
    separator = "59" if "semicolons" in how else "44"
    options = [f"--infilter=CSV:{separator},34,76"] if kind == "csv" else []
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, profile, "--headless", *options, "--convert-to", "fods", "--outdir", str(tmp_path / "read")]
    subprocess.run([*command, *(str(tmp_path / name) for name in names)], check=True, capture_output=True, timeout=900)
    for name in names:
        read = (tmp_path / "read" / name).with_suffix(".fods").read_text()
        assert "table:formula" not in read, name
        assert "xlink:href" not in read.split("<office:body>")[1].split("<draw:")[0], name
        assert "left-right" in read or "dictionary" in name, name
    print(f"LibreOffice: {len(names)} files, no formula, no link")

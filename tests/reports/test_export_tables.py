"""The tables that are handed on: what is in them, for whom, and that every format says the same."""

import csv
import io
import json
import random
from dataclasses import replace
from datetime import date

import jsonschema
import openpyxl
import pytest

from quizapp.content.editions import Editions, load_catalogue
from quizapp.reports.export_book import make_book
from quizapp.reports.export_tables import EXPORTS
from quizapp.reports.figures import Thresholds
from quizapp.reports.formats import EXPORTERS, SCHEMA
from quizapp.reports.query import NotOffered, Query, choices
from tests.builders import keep_edition as keep
from tests.builders import make_item, make_procedure, make_test_edition, walk
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks

TODAY = date(2026, 8, 10)
FIRST = make_test_edition()
ITEMS = ((make_item("one", critical=True), make_item("two")), (make_item("three", critical=True), make_item("five")))
CHANGED = make_procedure(ITEMS)
SECOND = make_test_edition(
    replace(CHANGED, lessons=(CHANGED.lessons[0], replace(CHANGED.lessons[1], main="It really is on the right.")))
)
USUAL = Thresholds(min_group=11, percent_base=11)


@pytest.fixture
def editions(session):
    """Two editions: the second has an item "five" in place of "four"."""
    keep(session, FIRST, date(2026, 1, 2))
    keep(session, SECOND, date(2026, 4, 3))
    return Editions(replace(load_catalogue(PROCEDURES), editions={SECOND.procedure_id: SECOND}))


@pytest.fixture
def _counted(session, editions):
    """Two quarters that are over, each with an edition of its own, and one that is going on."""
    count_attempts(session, FIRST, "2026-Q1", 120, right={"one": 0.6, "two": 0.7, "three": 0.98, "four": 0.5})
    count_attempts(session, SECOND, "2026-Q2", 150)
    count_attempts(session, SECOND, "2026-Q3", 40)
    count_talks(session, FIRST, "2026-Q1", {"one": {"understood": 30, "physician": 3}})


def made(session, editions, table="all", thresholds=USUAL, **asked):
    return make_book(session, editions, Query("made-up", table, **asked), thresholds, TODAY)


def rows(session, editions, table, **asked):
    one = made(session, editions, table, **asked).tables[0]
    return [dict(zip((column.id for column in one.columns), row, strict=True)) for row in one.rows]


@pytest.mark.usefixtures("_counted")
def test_it_publishes_quarters_that_are_over_and_gives_leads_the_one_that_is_going_on(session, editions):
    assert {row["quarter"] for row in rows(session, editions, "summary")} == {"2026-Q1", "2026-Q2"}
    exact = rows(session, editions, "summary", profile="internal")
    assert {row["quarter"] for row in exact} == {"2026-Q1", "2026-Q2", "2026-Q3"}
    assert [row["n"] for row in exact if row["measure"] == "attempts" and not row["item"]] == [120, 150, 40]


@pytest.mark.usefixtures("_counted")
def test_it_cuts_out_what_was_asked_for_from_the_same_release(session, editions):
    everything = rows(session, editions, "options")
    for column, value in (("quarter", "2026-Q2"), ("edition", FIRST.id), ("language", "en")):
        cut = rows(session, editions, "options", **{column: value})
        assert cut == [row for row in everything if row[column] == value]
        assert cut


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize(
    ("asked", "choice"),
    [
        ({"quarter": "2026-Q3"}, "quarter"),  # still going on
        ({"quarter": "1999-Q1"}, "quarter"),
        ({"edition": "no-such"}, "edition"),
        ({"language": "xx"}, "language"),
        ({"profile": "everyone"}, "profile"),
        ({"table": "rows"}, "table"),
    ],
)
def test_it_refuses_what_is_not_on_offer_and_says_what_is(session, editions, asked, choice):
    with pytest.raises(NotOffered) as refused:
        made(session, editions, **asked)
    assert refused.value.choice == choice
    assert refused.value.offered


@pytest.mark.usefixtures("_counted")
def test_it_offers_places_where_only_talks_were_counted(session, editions):
    count_talks(session, SECOND, "2025-Q4", {"one": {"understood": 40}})
    assert choices(session, "made-up", "publishable", TODAY).quarters == ("2025-Q4", "2026-Q1", "2026-Q2")
    talked = rows(session, editions, "outcomes", quarter="2025-Q4")
    assert [row["n"] for row in talked if row["item"] == "one" and row["outcome"] == "understood"] == [40]


def test_it_makes_every_table_where_nothing_was_counted_yet(session, editions):
    book = made(session, editions)
    assert [table.id for table in book.tables] == list(EXPORTS)
    assert {table.id for table in book.tables if table.rows} == {"editions", "dictionary"}
    for exporter in EXPORTERS.values():
        assert exporter.write(book)


def test_it_counts_what_eleven_patients_answered(session, editions):
    """By hand: eleven attempts in one batch; four chose left at "one", right after the retry."""
    for number in range(11):
        walk(session, SECOND, {"one": ("left", "right")} if number < 4 else None, today=date(2026, 8, 3))
    counts = {
        (row["item"], row["measure"], row["value"]): row["n"]
        for row in rows(session, editions, "summary", profile="internal")
    }
    assert counts["", "attempts", ""] == 11
    assert counts["one", "right at first try", ""] == 7
    assert counts["one", "option", "left"] == 4
    assert counts["one", "right after the retry", ""] == 4
    assert counts["one", "still wrong", ""] == 0
    assert (counts["", "score", "3"], counts["", "score", "4"]) == (4, 7)
    beliefs = {row["misconception"]: row["n"] for row in rows(session, editions, "misconceptions", profile="internal")}
    assert beliefs == {"is-left": 4, "is-middle": 0}


@pytest.mark.usefixtures("_counted")
def test_it_tells_what_each_edition_changed(session, editions):
    first, second = rows(session, editions, "editions")
    assert (first["first_day"], first["items"], first["added"], first["removed"]) == ("2026-01-02", 4, "", "")
    assert (second["items"], second["added"], second["changed"], second["removed"]) == (4, "five", "", "four")
    assert second["lessons"] == "lesson-2"


@pytest.mark.usefixtures("_counted")
def test_it_explains_every_column_of_every_table(session, editions):
    explained = {(row["table"], row["column"]) for row in rows(session, editions, "dictionary")}
    assert explained == {(table.id, column.id) for table in EXPORTS.values() for column in table.columns}
    formulas = {row["table"] for row in rows(session, editions, "dictionary") if row["formula"]}
    assert formulas == {"summary", "options", "misconceptions", "scores", "outcomes"}


@pytest.mark.usefixtures("_counted")
def test_it_gives_percentages_from_the_base_that_is_set(session, editions):
    few = rows(session, editions, "options", thresholds=Thresholds(11, 121))
    quarters = {row["quarter"] for row in few if row["percent"] is not None}
    assert quarters == {"2026-Q2"}  # 150 answered then, 120 the quarter before


@pytest.mark.parametrize(
    ("waiting", "publishable", "internal"),
    [
        (0, "No finished attempts wait to be counted.", "No finished attempts wait to be counted."),
        (4, "Fewer than 13 finished attempts still wait to be counted.", "4 finished attempts still wait"),
        (13, "About 15 finished attempts still wait to be counted.", "13 finished attempts still wait"),
    ],
)
def test_it_says_how_many_wait_and_to_the_public_no_small_number(session, editions, waiting, publishable, internal):
    for _ in range(waiting):
        walk(session, SECOND, today=TODAY, min_group=99)
    assert publishable in made(session, editions).notes
    assert any(note.startswith(internal) for note in made(session, editions, profile="internal").notes)


@pytest.mark.usefixtures("_counted")
def test_it_marks_exact_counts_in_every_file(session, editions):
    book = made(session, editions, profile="internal")
    assert "NOT FOR PUBLICATION" in json.loads(EXPORTERS["json"].write(book))["about"]["Profile"]
    workbook = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(book)))
    assert any("NOT FOR PUBLICATION" in str(cell.value) for cell in workbook["Cover"]["B"])
    assert all("NOT FOR PUBLICATION" in sheet.oddFooter.left.text for sheet in workbook.worksheets[1:-1])
    for table in EXPORTS:
        text = EXPORTERS["csv"].write(made(session, editions, table, profile="internal")).decode("utf-8-sig")
        assert text.startswith("# Internal: exact counts, NOT FOR PUBLICATION")


@pytest.mark.usefixtures("_counted")
def test_it_gives_the_same_bytes_for_the_same_tables(session, editions):
    for exporter in EXPORTERS.values():
        assert exporter.write(made(session, editions)) == exporter.write(made(session, editions))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("profile", ["publishable", "internal"])
def test_it_gives_the_same_numbers_in_every_format(session, editions, seed, profile):
    """Each cell of each table of a made-up database, read back by three other programs."""
    rng = random.Random(seed)
    for quarter in ("2025-Q4", "2026-Q1", "2026-Q2"):
        edition, n = rng.choice((FIRST, SECOND)), rng.choice((12, 30, 90, 200))
        count_attempts(session, edition, quarter, n, right=rng.random(), seed=seed)
        talks = {"understood": rng.randrange(60), "physician": rng.randrange(9)}
        count_talks(session, edition, quarter, {"one": talks})
    book = made(session, editions, profile=profile)
    data = json.loads(EXPORTERS["json"].write(book))
    jsonschema.validate(data, json.loads(SCHEMA.read_text()))
    workbook = openpyxl.load_workbook(io.BytesIO(EXPORTERS["xlsx"].write(book)))
    for table, in_json in zip(book.tables, data["tables"], strict=True):
        wanted = [[cell if cell != "" else None for cell in row] for row in table.rows]
        assert [[cell if cell != "" else None for cell in row.values()] for row in in_json["rows"]] == wanted
        sheet = list(workbook[table.title[:31]].values)
        assert list(sheet[0]) == [column.id for column in table.columns]
        assert [list(row) for row in sheet[1:]] == wanted
        text = EXPORTERS["csv"].write(made(session, editions, table.id, profile=profile)).decode("utf-8-sig")
        lines = [line for line in text.split("\r\n") if line and not line.startswith("#")]
        read = list(csv.reader(lines, strict=True))
        assert read[0] == [column.id for column in table.columns]
        assert read[1:] == [["" if cell is None else str(cell) for cell in row] for row in table.rows]


def test_it_draws_the_last_quarter_that_can_be_shown(session, editions):
    count_attempts(session, FIRST, "2026-Q1", 120)
    count_attempts(session, SECOND, "2026-Q2", 12)
    charts = made(session, editions).charts
    assert [chart.title for chart in charts] == [
        f"Right at the first try: 2026-Q1, en, edition {FIRST.id[:6]}",
        f"Beliefs chosen at the first try: 2026-Q1, en, edition {FIRST.id[:6]}",
    ]
    shown = {row["item"]: row["percent"] for row in rows(session, editions, "summary", quarter="2026-Q1")
             if row["measure"] == "right at first try"}  # fmt: skip
    assert [n for _, n in charts[0].bars] == list(shown.values())

"""The exports page: what it offers, shows and gives along, and to whom."""

import csv
import json
import shutil
from datetime import datetime

import pytest
from sqlalchemy import select

from quizapp.accounts import accounts
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.models import Audit
from quizapp.reports.query import REASONS
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks
from tests.nurses.sheets import words
from tests.staff import HASH, Clock, Person
from tests.walking import csrf_token

PAGE = "/staff/exports"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 8, 10, 9, 0))


@pytest.fixture
def _counted(app):
    """Two quarters that are over, and one that is going on."""
    context = app.extensions["quizapp"]
    edition = context.editions.current("left-right")
    with context.database.writing() as session:
        for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
            count_attempts(session, edition, quarter, 90, right=0.6)
        count_talks(session, edition, "2026-Q2", {"bell-place": {"understood": 30, "physician": 3}})
        session.commit()


def take(person, format_id="csv", **fields):
    return person.post(PAGE, PAGE, format=format_id, **fields)


def audit_rows(app, action):
    with app.extensions["quizapp"].database.reading() as session:
        return [(row.staff_name, row.detail) for row in session.scalars(select(Audit).where(Audit.action == action))]


def table_of(response):
    lines = response.text.removeprefix("\ufeff").split("\r\n")
    return list(csv.DictReader([line for line in lines if not line.startswith("#")]))


@pytest.mark.usefixtures("_counted")
def test_it_shows_the_first_rows_as_they_will_leave(nurse):
    page = nurse.client.get(f"{PAGE}?table=options&quarter=2026-Q2")
    rows = table_of(take(nurse, table="options", quarter="2026-Q2"))
    assert page.headers["Cache-Control"] == "no-store"
    assert f"The first {min(12, len(rows))} of {len(rows)} rows, as exported:" in words(page.text)
    shown = page.text.split("<tbody>")[1].split("</tbody>")[0]
    assert shown.count("<tr>") == min(12, len(rows))
    for row in rows[:12]:
        assert all(cell in words(shown) for cell in row.values())
    assert not [row["n"] for row in rows if row["n"] and int(row["n"]) % 5]


@pytest.mark.usefixtures("_counted")
def test_it_offers_quarters_that_are_over_and_to_leads_all_of_them(lead):
    assert "2026-Q3" not in lead.client.get(PAGE).text
    assert "2026-Q3" in lead.client.get(f"{PAGE}?profile=internal").text


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize(
    ("format_id", "media_type"),
    [
        ("csv", "text/csv"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("json", "application/json"),
    ],
)
def test_it_gives_a_file_that_is_named_for_what_it_is(app, nurse, format_id, media_type):
    response = take(nurse, format_id, table="scores", quarter="2026-Q1", language="en")
    assert response.mimetype == media_type
    assert response.headers["Cache-Control"] == "no-store"
    name = f"quizapp-scores-left-right-publishable-2026-Q1-en-2026-08-10.{format_id}"
    assert response.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert audit_rows(app, "exported") == [("Nurse One", f"scores left-right publishable {format_id}")]


@pytest.mark.usefixtures("_counted")
def test_it_refuses_exact_counts_to_nurses_and_notes_that(app, nurse):
    assert nurse.client.get(f"{PAGE}?profile=internal").status_code == 403
    assert take(nurse, profile="internal", reason=next(iter(REASONS))).status_code == 403
    assert audit_rows(app, "refused") == [("Nurse One", "staff.exports_page"), ("Nurse One", "staff.export")]
    assert audit_rows(app, "exported") == []


@pytest.mark.usefixtures("_counted")
def test_it_shows_nothing_of_exact_counts_before_a_lead_says_why(app, lead):
    page = lead.client.get(f"{PAGE}?profile=internal&table=scores")
    assert "<tbody>" not in page.text
    assert "Exact counts are shown once you say why" in page.text
    for reason in ("", "because", "quality-meeting "):
        refused = take(lead, profile="internal", reason=reason)
        assert refused.status_code == 400
        assert "Choose why you need exact counts" in refused.text
        assert "<tbody>" not in refused.text
    assert audit_rows(app, "exported") == []
    looked = take(lead, "look", profile="internal", table="scores", reason="quality-meeting")
    assert looked.text.count("<tbody>") == 1
    assert '<option value="quality-meeting" selected>' in looked.text
    assert audit_rows(app, "exported") == [("Lead One", "scores left-right internal look quality-meeting")]


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize("format_id", ["csv", "json"])
def test_it_marks_exact_counts_as_not_for_publication(app, lead, format_id):
    response = take(lead, format_id, profile="internal", reason="answer-an-audit")
    assert "NOT FOR PUBLICATION" in response.text
    assert "-internal-" in response.headers["Content-Disposition"]
    assert audit_rows(app, "exported") == [("Lead One", f"summary left-right internal {format_id} answer-an-audit")]


@pytest.mark.usefixtures("_counted")
@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"quarter": "2026-Q3"}, "That quarter has no figures, or it is not over yet."),
        ({"quarter": "=1+1"}, "That quarter has no figures, or it is not over yet."),
        ({"edition": "<script>"}, "That edition has no figures"),
        ({"language": "xx"}, "That language has no figures"),
        ({"table": "rows"}, "There is no such table."),
        ({"profile": "everyone"}, "Choose for whom it is"),
        ({"procedure": "nowhere"}, "That procedure is not here."),
        ({"table": "all"}, "CSV holds one table."),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_rest(app, nurse, choices, message):
    asked = {"table": "options", **choices}
    refused = take(nurse, **asked)
    assert refused.status_code == 400
    assert message in words(refused.text)
    assert "<script>" not in refused.text
    assert audit_rows(app, "exported") == []
    if "table" not in choices and "procedure" not in choices:
        assert '<option value="options" selected>' in refused.text
    if "all" not in choices.values():
        assert message in words(nurse.client.get(PAGE, query_string=asked).text)


@pytest.mark.usefixtures("_counted")
def test_it_takes_nothing_along_without_the_forms_own_token(app, nurse):
    assert nurse.client.post(PAGE, data={"format": "csv"}).status_code == 400
    token = csrf_token(nurse.client.get(PAGE).text)
    other = nurse.client.post(
        PAGE, data={"csrf_token": token, "format": "csv"}, headers={"Origin": "http://evil.example"}
    )
    assert other.status_code == 400
    assert audit_rows(app, "exported") == []


def test_it_says_so_where_there_is_nothing_to_show_yet(nurse):
    assert "There is nothing to show yet" in nurse.client.get(PAGE).text
    assert table_of(take(nurse)) == []


def test_it_exports_one_procedure_of_several(tmp_path, clock):
    for name in ("left-right", "up-down"):
        shutil.copytree(PROCEDURES / "left-right", tmp_path / "content" / name)
        for file in (tmp_path / "content" / name).rglob("procedure.toml"):
            file.write_text(file.read_text().replace('id = "left-right"', f'id = "{name}"').replace("Left and", name))
    app = create_app(
        Settings(instance_path=tmp_path / "instance", questions_path=tmp_path / "content", secret_key="x"), clock
    )
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        for name, n in (("left-right", 60), ("up-down", 200)):
            count_attempts(session, context.editions.current(name), "2026-Q1", n)
        accounts.add(session, "Nurse One", "nurse").password_hash = HASH
        session.commit()
    nurse = Person(app.test_client(), "Nurse One")
    nurse.sign_in()
    assert "up-down right" in nurse.client.get(PAGE).text
    for name, n in (("left-right", "60"), ("up-down", "200")):
        data = json.loads(take(nurse, "json", procedure=name, table="all").data)
        assert data["about"]["Attempts"] == n
        assert {row["procedure"] for row in data["tables"][0]["rows"]} == {name}
    context.database.dispose()

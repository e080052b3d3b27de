"""Reading, filtering and downloading the audit."""

import csv
from datetime import timedelta

import pytest
from sqlalchemy import event, insert

from quizapp.accounts import audit
from quizapp.models import Audit
from tests.html import parse


def add_rows(app, rows):
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        session.execute(insert(Audit), rows)
        session.commit()


def made_up(count, start):
    actions = sorted(audit.ACTIONS.keys() - {"account-changed"})
    return [
        {
            "at": start + timedelta(seconds=number),
            "staff_name": f"Nurse {number % 20}",
            "action": "account-changed" if number == 5 else actions[number % len(actions)],
            "sheet": None,
            "detail": f"row {number}",
        }
        for number in range(count)
    ]


def test_it_shows_the_newest_first_and_fifty_at_a_time(app, lead, clock):
    add_rows(app, made_up(120, clock.now))
    page = lead.client.get("/staff/audit").text
    assert page.index("row 119<") < page.index("row 118<")
    assert page.count("<td>row ") == 50
    older = parse(page).one("a[href*=before]")["href"]
    assert "row 69<" in lead.client.get(older).text


def test_it_filters_by_what_was_done_and_by_whom(app, lead, clock):
    add_rows(app, made_up(40, clock.now))
    lead.post("/staff/accounts", "/staff/accounts", name="Nurse 3", role="nurse")
    page = lead.client.get("/staff/audit?name=Nurse+3").text
    assert "row 3<" in page
    assert "row 23<" in page
    assert page.count("<td>row ") == 2
    page = lead.client.get("/staff/audit?action=account-added").text
    assert "Nurse 3 (nurse)" in page
    assert "<td>row 1<" not in page


def test_it_notes_signing_in_and_out_and_wrong_tries_without_what_was_typed(lead, nurse):
    nurse.client.delete_cookie("staff")
    nurse.sign_in("my secret password")
    nurse.name = "my secret password"
    nurse.sign_in("x")
    page = lead.client.get("/staff/audit").text
    assert "Signed in" in page
    assert "<td>unknown name</td><td>Sign-in refused</td>" in page
    assert "<td>Nurse One</td><td>Sign-in refused</td>" in page
    assert "my secret password" not in page


def test_it_takes_everything_along_with_no_formula_and_notes_that(lead):
    lead.post("/staff/accounts", "/staff/accounts", name='=HYPERLINK("http://evil.example")', role="nurse")
    table = lead.post("/staff/audit.csv", "/staff/audit")
    assert table.mimetype == "text/csv"
    rows = list(csv.reader(table.text.removeprefix("\ufeff").splitlines()))
    assert rows[0] == ["at", "who", "action", "sheet", "detail"]
    assert any("'=HYPERLINK" in cell for row in rows for cell in row)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "Exported" in lead.client.get("/staff/audit").text


def test_it_takes_along_what_the_filter_shows(app, lead, clock):
    add_rows(app, made_up(30, clock.now))
    table = lead.post("/staff/audit.csv", "/staff/audit", action="account-changed")
    assert [row["detail"] for row in csv.DictReader(table.text.splitlines())] == ["row 5"]


@pytest.mark.parametrize(
    "query",
    [
        "before=1e400",
        "before=99999999999999999999",
        "before=-1",
        "before=%00",
        "before=1&before=2",
        "action='--",
        "name=%00",
        "name=%ff",
        "name=" + "x" * 5000,
        "action[]=x",
    ],
)
def test_it_takes_any_filter_without_breaking(lead, query):
    assert lead.client.get(f"/staff/audit?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "?action=outcome", "?name=Nurse+7", "?action=account-changed&name=Nurse+7", "?before=10000"],
)
def test_it_does_not_read_the_whole_audit_to_list_fifty_rows(app, lead, clock, query):
    """SQLite counts its steps: reading all 20,000 rows takes more than 100,000."""
    add_rows(app, made_up(20_000, clock.now))
    lead.post("/staff/accounts", "/staff/accounts", name="Nurse 7", role="nurse")
    thousands_of_steps = []
    engine = app.extensions["quizapp"].database.engine

    @event.listens_for(engine, "checkout")
    def count_steps(connection, *_):
        connection.set_progress_handler(lambda: thousands_of_steps.append(1) or 0, 1000)

    assert lead.client.get(f"/staff/audit{query}").status_code == 200
    assert len(thousands_of_steps) < 20

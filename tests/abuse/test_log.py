"""The log of a real server: what it says of errors, and all that it never says."""

import json
import os
import re
import subprocess
import sys

from sqlalchemy import create_engine, text

from tests.abuse.conftest import WALK, first_lead, visit_code
from tests.html import parse
from tests.http_patient import HttpPatient

AGENT = "Browser of one patient"


def log_lines(server) -> tuple[str, list[dict[str, object]]]:
    """Everything that the server wrote; and its log, line by line."""
    everything = (server.instance / "server.log").read_text()
    return everything, [json.loads(line) for line in everything.splitlines() if line.startswith("{")]


def break_table(database_url: str, table: str) -> None:
    """Take a table away, as a disk that breaks might: whatever needs it fails from now on."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    engine.dispose()


def error_id(page: str) -> str:
    return re.findall(r"number[a-z ]*: ([0-9a-f]{8})", parse(page).text)[0]


def test_it_says_nothing_of_anybody_whatever_goes_wrong(server, database_url):
    lead = first_lead(server)
    patient = HttpPatient(server.address, agent=AGENT)
    patient.open("/")
    for _ in range(3):
        patient.step()
    code = visit_code(patient)
    slips = lead.post("/staff/invitations", "/staff/invitations", procedure="left-right", language="en", count="1")
    patient.open(f"{WALK}/question/bell-place")
    path, fields = patient.next_form()
    secrets = {code, code.replace("-", " "), *patient.cookies.values(), *lead.browser.cookies.values(), AGENT}
    secrets |= {fields["csrf_token"], "bell-place", parse(slips.body).one(".slip-code strong").text}

    assert lead.post("/staff/find", "/staff/find", code=code).status == 303
    break_table(database_url, "response")
    answered = patient.request("POST", path, fields)
    assert answered.status in (500, 503)
    break_table(database_url, "attempt")
    failed = [
        answered,
        patient.request("GET", f"{WALK}/question/bell-place"),
        patient.request("GET", "/i/" + "A" * 27),
        lead.post("/staff/find", "/staff/account", code=code),
        lead.get(f"/staff/sheet/{code}"),
    ]
    for reply in failed:
        assert reply.status in (500, 503)
    for hostile in (f"/{code}", f"/staff/nothing?code={code}", f"{WALK}/{code}", f"/i/{code}"):
        patient.request("GET", hostile)
    break_table(database_url, "staff_session")
    failed.append(lead.get("/staff/"))
    assert lead.get("/staff/nowhere").status == 404  # it does not need to know who asks
    shown = [error_id(reply.body) for reply in failed]
    everything, lines = log_lines(server)

    ids = [line["id"] for line in lines if line["event"] == "error"]
    assert set(shown) <= set(ids)
    assert len(set(ids)) == len(ids)
    for secret in secrets:
        assert secret not in everything.replace(server.said, ""), secret
    after_start = everything.replace(server.said, "")
    assert [line for line in after_start.splitlines() if not line.startswith("{")] == []
    assert "127.0.0.1" not in after_start
    patients = [line for line in lines if str(line.get("route", "/staff")).startswith(("/p/", "/i/"))]
    assert {"/p/<procedure_id>/question/<item_id>", "/i/<token>"} <= {line["route"] for line in patients}
    for line in patients:
        assert set(line) == {"day", "level", "event", "id", "method", "route", "status", "error"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", line["day"])


def test_it_says_where_in_the_code_an_error_was_and_what_caused_it(server, database_url):
    lead = first_lead(server)
    break_table(database_url, "audit")
    reply = lead.get("/staff/audit")
    assert reply.status in (500, 503)
    _, lines = log_lines(server)
    line = next(line for line in lines if line.get("id") == error_id(reply.body))
    assert line["route"] == "/staff/audit"
    kinds = [each["kind"] for each in line["error"]]
    assert kinds[0].startswith("sqlalchemy.exc.")
    assert kinds[1].startswith(("sqlite3.", "psycopg."))
    assert any("quizapp/accounts/audit_log.py" in place for place in line["error"][0]["places"])


UNDER_ANOTHER_SERVER = """
import re
import subprocess
import sys
from quizapp.app import create_app
app = create_app()
with app.extensions["quizapp"].database.engine.begin() as connection:
    connection.exec_driver_sql("ALTER TABLE attempt RENAME TO attempt_away")
page = app.test_client().get("/i/A-secret-token-of-a-patient").text
print(re.findall("[0-9a-f]{8}", page.split("<main")[1])[0])
"""


def test_it_writes_the_same_lines_under_any_other_server(tmp_path):
    environment = {**os.environ, "QUIZAPP_INSTANCE_PATH": str(tmp_path / "instance")}
    command = [sys.executable, "-c", UNDER_ANOTHER_SERVER]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    (line,) = [json.loads(one) for one in ran.stderr.splitlines()]
    assert line["id"] == ran.stdout.strip()
    assert "no such table" not in ran.stderr
    assert "A-secret-token" not in ran.stderr

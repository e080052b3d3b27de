"""Every write of one full walk of a patient and a nurse fails once, in each way that disks and databases fail.

As SQLite's own tests do: the n-th write of a step fails, for n = 1, 2, 3 ..., until the step gets through.
"""

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import psycopg.errors
import pytest
from sqlalchemy import event

from quizapp.accounts import accounts, password_hashing
from quizapp.app import create_app
from quizapp.models import Base
from tests.html import parse
from tests.walking import WALK, csrf_token

PASSWORD = "seven green boats on a lake"
WAYS = {
    "sqlite": [
        sqlite3.OperationalError("disk I/O error"),
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("database is locked"),
    ],
    "postgresql": [
        psycopg.errors.DiskFull("could not extend file"),
        psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
        psycopg.errors.DeadlockDetected("deadlock detected"),
    ],
}


@dataclass
class Fault:
    """Armed with n, it makes the n-th write from now on fail, be it a statement or the commit."""

    error: Exception
    left: int = 0
    failed: int = 0

    def arm(self, n: int) -> None:
        self.left = n

    def is_next(self) -> bool:
        if self.left == 0:
            return False
        self.left -= 1
        self.failed += self.left == 0
        return self.left == 0

    def install(self, engine: Any) -> None:
        @event.listens_for(engine, "do_execute")
        def execute(_cursor, statement, _parameters, _context):
            if statement.startswith(("INSERT", "UPDATE", "DELETE")) and self.is_next():
                raise self.error

        really_commit = engine.dialect.do_commit

        def commit(connection):
            if self.is_next():
                raise self.error
            really_commit(connection)

        engine.dialect.do_commit = commit


@dataclass
class Person:
    """A browser that sends each form until it gets through, failing one write later each time."""

    app: Any
    fault: Fault
    client: Any
    url: str = "/"
    page: str = ""
    tries: int = 0

    def open(self, url: str) -> None:
        reply = self.client.get(url)
        while reply.status_code in (302, 303):
            url = reply.location
            reply = self.client.get(url)
        assert reply.status_code == 200, (url, reply.status_code)
        self.url, self.page = url, reply.text

    def send(self, url: str, marked: tuple[str, ...] = (), **fields: Any) -> None:
        """Send until it gets through. After each failure: 503, nothing stored, and `marked` (CSS) still there."""
        sent = {"csrf_token": csrf_token(self.page), **fields}
        before = self.rows()
        n = 0
        while True:
            n += 1
            self.fault.arm(n)
            reply = self.client.post(url, data=sent)
            if self.fault.left:  # fewer writes than n: it got through
                self.fault.arm(0)
                break
            assert reply.status_code == 503, (url, n, reply.status_code)
            assert "Please try again" in reply.text, url
            assert self.rows() == before, (url, n)
            assert "give them this number" in reply.text, url
            for selector in marked:
                assert parse(reply.text).has(selector), (url, n, selector)
            self.tries += 1
        assert reply.status_code == 303, (url, reply.status_code, reply.text)
        self.open(reply.location)

    def rows(self) -> dict[str, list[Any]]:
        """All that is stored, except that a nurse was seen."""
        with self.app.extensions["quizapp"].database.reading() as session:
            return {
                table.name: sorted(map(repr, session.execute(table.select()).all()))
                for table in Base.metadata.sorted_tables
                if table.name not in ("staff_session", "throttle")
            }

    def next(self) -> None:
        self.open(parse(self.page).one("a[rel=next]")["href"])

    def question(self, option: str) -> None:
        fields = self.fields("form:has([name=option])")
        self.send(self.url, (f'[value="{option}"][checked]',), **fields, option=option, certainty="sure")

    def fields(self, form: str) -> dict[str, str]:
        """What a form would send as it is, without its token."""
        return {name: value for name, value in parse(self.page).one(form).fields().items() if name != "csrf_token"}


def walk(patient: Person) -> str:
    """The made-up walk, with both items missed; the visit code."""
    patient.open(f"{WALK}/")
    patient.send(f"{WALK}/", (f'form[action="{WALK}/"] button',))
    code = parse(patient.page).one(".code strong").text
    patient.send(f"{WALK}/stop", (f'main form[method=post][action="{WALK}/stop"] button',))
    patient.open(f"{WALK}/next")
    patient.send(patient.url, ("main article + form button",))
    patient.question("left")
    patient.next()
    patient.question("dont-know")
    patient.open(f"{WALK}/next")
    patient.send(patient.url)
    patient.question("middle")
    patient.open(f"{WALK}/prompts")
    patient.send(f"{WALK}/prompts", ("[value=why-there][checked]",), prompts=["why-there"])
    assert 'id="journey-done"' in patient.page
    return code


def talk(nurse: Person, code: str) -> None:
    """Sign in, find the sheet, ask again in the room, record an outcome, close and delete."""
    nurse.open("/staff/login")
    nurse.send("/staff/login", name="Nurse One", password=PASSWORD, next="/staff/")
    nurse.send("/staff/find", ("main form[action='/staff/find'] button", f"[name=code][value='{code}']"), code=code)
    sheet = nurse.url
    fields = parse(nurse.page).names("outcome.")
    assert fields
    nurse.send(f"{sheet}/recheck")
    while "/recheck" in nurse.url:
        fields_of_item = nurse.fields("form:has([name=option])")
        nurse.send("/staff/recheck", ("[value=dont-know][checked]",), **fields_of_item, option="dont-know")
    nurse.send("/staff/hand-back", password=PASSWORD)
    outcomes = dict.fromkeys(fields, "understood")
    nurse.send(sheet, ("[value=understood]:is([checked], [selected])",), then="save", **outcomes)
    nurse.send(sheet, then="unlink")


@pytest.mark.parametrize("way", [0, *(pytest.param(way, marks=pytest.mark.faults) for way in (1, 2))])
def test_it_does_each_step_whole_or_not_at_all_and_keeps_what_was_chosen(settings, database_url, way):
    app = create_app(replace(settings, database_url=database_url))
    database = app.extensions["quizapp"].database
    with database.writing() as session:
        account = accounts.add(session, "Nurse One", "nurse")
        account.password_hash = password_hashing.hash_password(PASSWORD, "somebody")
        session.commit()
    fault = Fault(WAYS[database.url.get_backend_name()][way])
    fault.install(database.engine)
    patient, nurse = Person(app, fault, app.test_client()), Person(app, fault, app.test_client())
    code = walk(patient)
    assert len(patient.rows()["response"]) == 3
    talk(nurse, code)
    left = nurse.rows()
    assert left["attempt"] == left["response"] == left["flag"] == left["review"] == []
    assert (len(left["waiting_attempt"]), len(left["waiting_response"])) == (1, 3)
    print(f"\n{database.url.get_backend_name()}, {fault.error}: {fault.failed} writes failed, 0 steps done by half")
    assert fault.failed == patient.tries + nurse.tries > 30
    database.dispose()

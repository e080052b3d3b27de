"""Accounts to sign in with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from quizapp.accounts import accounts
from quizapp.web.context import utc_now
from tests.walking import csrf_token

PASSWORD = "seven green boats on a lake"
# A hash holds its own parameters, and these make it cheap to verify. quizapp makes its own with OWASP's.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass
class Person:
    """A browser and the account that it signs in with."""

    client: FlaskClient
    name: str

    def sign_in(self, password: str = PASSWORD, next_path: str = "/staff/"):
        page = self.client.get("/staff/login").text
        return self.client.post(
            "/staff/login",
            data={"csrf_token": csrf_token(page), "name": self.name, "password": password, "next": next_path},
        )

    def post(self, url: str, on_page: str, **fields: str):
        """Send a form with the CSRF token of the page that it stands on."""
        token = csrf_token(self.client.get(on_page).text)
        return self.client.post(url, data={"csrf_token": token, **fields})


@dataclass
class Clock:
    """Stands still until it is moved forward. `meanwhile`: what happens while it is looked at, one after the other."""

    now: datetime = field(default_factory=utc_now)
    meanwhile: list[Callable[[], None] | None] = field(default_factory=list)

    def __call__(self) -> datetime:
        happening = self.meanwhile.pop(0) if self.meanwhile else None
        if happening:
            happening()
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_person(app: Flask) -> Callable[[str, str], Person]:
    """Adds an account with PASSWORD and gives a browser for it, not yet signed in."""

    def make(name: str, role: str) -> Person:
        context = app.extensions["quizapp"]
        with context.database.writing() as session:
            account = accounts.add(session, name, role)
            account.password_hash = HASH
            session.commit()
        return Person(app.test_client(), name)

    return make


@pytest.fixture
def lead(make_person) -> Person:
    person = make_person("Lead One", "lead")
    assert person.sign_in().status_code == 303
    return person


@pytest.fixture
def nurse(make_person) -> Person:
    person = make_person("Nurse One", "nurse")
    assert person.sign_in().status_code == 303
    return person

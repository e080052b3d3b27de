"""Made-up sheets in a running application's database."""

from dataclasses import dataclass

from flask import Flask

from tests.builders import KEYS, keep_edition, make_test_edition, walk
from tests.html import parse
from tests.staff import Person
from tests.walking import csrf_token

EDITION = make_test_edition()
MISSED = {"one": ("left", "left"), "two": ("middle",), "three": (None, "right")}


@dataclass(frozen=True)
class MadeSheet:
    """A sheet's address and its visit code."""

    id: str
    code: str

    @property
    def url(self) -> str:
        return f"/staff/sheet/{self.id}"


def make_sheet(app: Flask, choices=None, edition=EDITION, **how) -> MadeSheet:
    """A sheet of a patient who answered like this; by default one flag of each priority."""
    context = app.extensions["quizapp"]
    today = how.pop("today", context.clock().date())
    with context.database.writing() as session:
        keep_edition(session, edition, today)
        attempt, secret = walk(session, edition, MISSED if choices is None else choices, today=today, **how)
        session.commit()
    return MadeSheet(attempt.id, KEYS.code(secret, attempt.code_hmac))


def opened(nurse: Person, sheet: MadeSheet) -> str:
    """The sheet's page, once the nurse has entered its code."""
    response = nurse.post("/staff/find", "/staff/", code=sheet.code)
    assert response.location == sheet.url
    return nurse.client.get(sheet.url).text


def send(nurse: Person, sheet: MadeSheet, page: str, then: str = "save", **fields: str):
    return nurse.client.post(sheet.url, data={"csrf_token": csrf_token(page), "then": then, **fields})


def outcome_fields(page: str) -> list[str]:
    """Return the name of each card's outcome, in the page's order."""
    return parse(page).names("outcome.")


def words(page: str) -> str:
    """Return what the page says, without markup."""
    return parse(page).text

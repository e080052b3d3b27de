"""The menu of the staff pages: which section it marks."""

import pytest

from tests.html import parse
from tests.nurses.sheets import make_sheet


def marked(page: str) -> list[tuple[str, str]]:
    """What each marked link of the menu says, and how it is marked."""
    return [(link.text, link["aria-current"]) for link in parse(page).all("header.staff-head [aria-current]")]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/staff/", "Sheets"),
        ("/staff/?list=talk", "Sheets"),
        ("/staff/invitations", "Invitations"),
        ("/staff/insights", "Insights"),
        ("/staff/exports", "Exports"),
        ("/staff/content", "Content"),
        ("/staff/accounts", "Accounts"),
        ("/staff/audit", "Audit"),
        ("/staff/account", "My account"),
    ],
)
def test_it_marks_the_page_that_is_open(lead, path, section):
    assert marked(lead.client.get(path).text) == [(section, "page")]


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/staff/find", "Sheets"),
        ("/staff/poster/left-right", "Invitations"),
        ("/staff/exports/report", "Exports"),
        ("/staff/content/left-right/1", "Content"),
        ("/staff/account/second-factor", "My account"),
    ],
)
def test_it_marks_the_section_of_a_page_within_it(lead, path, section):
    assert marked(lead.client.get(path).text) == [(section, "true")]


@pytest.mark.parametrize("below", ["", "/print", "/record"])
def test_it_marks_the_sheets_on_a_sheet(app, nurse, below):
    sheet = make_sheet(app)
    nurse.post("/staff/find", "/staff/", code=sheet.code)
    assert marked(nurse.client.get(sheet.url + below).text) == [("Sheets", "true")]


def test_it_marks_the_section_after_a_form_was_sent(lead):
    added = lead.post("/staff/accounts", "/staff/accounts", name="Nurse Two", role="nurse")
    assert marked(added.text) == [("Accounts", "page")]
    slips = lead.post("/staff/invitations", "/staff/invitations", procedure="left-right", language="en", count="1")
    assert marked(slips.text) == [("Invitations", "page")]
    refused = lead.post("/staff/account/password", "/staff/account", current="no", password="x", again="y")
    assert marked(refused.text) == [("My account", "true")]


def test_it_marks_nothing_on_a_page_of_no_section(lead):
    assert marked(lead.client.get("/staff/idle").text) == []

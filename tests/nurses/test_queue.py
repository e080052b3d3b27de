"""The staff start page: finding a sheet by its code, and the queue."""

from datetime import timedelta

import pytest

from quizapp.models import Attempt
from tests.builders import keep_edition, make_test_edition
from tests.html import parse
from tests.nurses.sheets import make_sheet, words


def test_it_leads_from_the_code_to_the_sheet_however_it_is_typed(app, nurse):
    sheet = make_sheet(app)
    for typed in (sheet.code, sheet.code.upper(), sheet.code.replace("-", " "), sheet.code.replace("-", "")):
        response = nurse.post("/staff/find", "/staff/", code=typed)
        assert (response.status_code, response.location) == (303, sheet.url)


def test_it_puts_the_cursor_into_the_code_field(nurse):
    page = parse(nurse.client.get("/staff/").text)
    assert page.one("[autofocus]")["id"] == "visit-code"


def test_it_says_the_same_for_a_wrong_code_and_a_deleted_sheet(app, nurse):
    ended = make_sheet(app)
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        session.delete(session.get(Attempt, ended.id))
        session.commit()
    pages = []
    for typed in ("amber-kettle-407", ended.code, "nonsense", ""):
        response = nurse.post("/staff/find", "/staff/", code=typed)
        assert response.status_code == 303
        assert typed == "" or typed not in response.location
        pages.append(words(nurse.client.get(response.location).text))
    assert len(set(pages)) == 1
    assert "No sheet has this visit code." in pages[0]


def test_it_asks_to_wait_after_ten_wrong_codes_and_leaves_other_nurses_alone(app, nurse, make_person):
    sheet = make_sheet(app)
    for _ in range(10):
        nurse.post("/staff/find", "/staff/", code="amber-kettle-407")
    response = nurse.post("/staff/find", "/staff/", code=sheet.code)
    assert "Please wait a minute" in nurse.client.get(response.location).text
    other = make_person("Nurse Two", "nurse")
    other.sign_in()
    assert other.post("/staff/find", "/staff/", code=sheet.code).location == sheet.url


def test_it_lists_sheets_with_what_they_are_about(app, nurse):
    today = app.extensions["quizapp"].clock().date()
    sheet = make_sheet(app, today=today - timedelta(days=12))
    page = nurse.client.get("/staff/").text
    line = parse(page).one("ol.lines li")
    assert line.link("Where it is") == sheet.url
    for part in ("1 talk first", "1 talk", "1 check", "A made-up procedure", "English", "12 days ago", "2 days left"):
        assert part in line
    assert sheet.code not in page


def test_it_lists_no_sheet_if_everything_was_right(app, nurse):
    make_sheet(app, {})
    assert "There is no sheet in this list." in nurse.client.get("/staff/").text


def test_it_filters_by_list(app, nurse):
    sheet = make_sheet(app, {"two": ("left",)})
    for chosen, is_there in (("open", True), ("talk", True), ("talk-first", False), ("physician", False)):
        assert (sheet.url in nurse.client.get(f"/staff/?list={chosen}").text) is is_there
    assert sheet.url in nurse.client.get("/staff/?list=open&procedure=&language=&page=1").text


@pytest.mark.parametrize(
    "query", ["list=everything", "procedure=another", "language=xx", "page=0", "page=1e400", f"page={2**63}"]
)
def test_it_refuses_a_filter_that_it_does_not_have(nurse, query):
    assert nurse.client.get(f"/staff/?{query}").status_code == 400


def test_it_shows_fifty_at_a_time(app, nurse):
    for _ in range(51):
        make_sheet(app, {"two": ("left",)})
    first = nurse.client.get("/staff/").text
    second = nurse.client.get("/staff/?page=2").text
    assert (first.count("/staff/sheet/"), second.count("/staff/sheet/")) == (50, 1)
    assert "page=2" in first
    assert "51 sheets, 1 to 50 shown" in words(first)
    assert "51 sheets, 51 to 51 shown" in words(second)


def test_it_gives_no_range_for_a_list_on_one_page(app, nurse):
    make_sheet(app, {"two": ("left",)})
    page = words(nurse.client.get("/staff/").text)
    assert "1 sheet " in page
    assert " shown" not in page


def test_it_shows_a_sheet_of_an_edition_that_is_not_served_any_more(app, nurse):
    old = make_test_edition()
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        keep_edition(session, old)
        session.commit()
    sheet = make_sheet(app, edition=old)
    assert nurse.client.get(sheet.url).status_code == 200

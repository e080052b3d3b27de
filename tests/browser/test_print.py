"""What is printed: a patient's summary, invitation slips to cut, a poster for the waiting room."""

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import follow
from tests.browser.test_journey import set_password, walk_in_the_browser
from tests.serving import Server

for_each_paper = pytest.mark.parametrize("paper", ["A4", "Letter"])


def printed(page: Page, paper: str) -> bytes:
    return page.pdf(format=paper, margin=dict.fromkeys(("top", "right", "bottom", "left"), "1.5cm"), tagged=True)


def sheets_of_paper(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@for_each_paper
def test_it_prints_the_summary_on_one_page(browser: Browser, server: Server, paper: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    walk_in_the_browser(page, server)
    pdf = printed(page, paper)
    assert sheets_of_paper(pdf) == 1
    assert b"/H1" in pdf  # headings are tagged, for those who listen to the document
    assert b"/H2" in pdf
    page.emulate_media(media="print")
    assert page.get_by_text("Your answers are deleted after").is_visible()
    assert not page.get_by_text("You can print this page").is_visible()  # for the screen only
    context.close()


@for_each_paper
def test_it_prints_four_slips_to_a_sheet_and_the_poster_on_one(browser: Browser, server: Server, paper: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    set_password(page, server.first_lead_link, "Lead One")
    page.goto(f"{server.address}/staff/poster/it-pump")
    assert sheets_of_paper(printed(page, paper)) == 1
    for count, sheets in ((4, 1), (9, 3)):
        page.goto(f"{server.address}/staff/invitations")
        page.fill("#count", str(count))
        follow(page, "main form button")
        assert page.locator(".slip").count() == count
        assert sheets_of_paper(printed(page, paper)) == sheets
    context.close()

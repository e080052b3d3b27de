"""What is printed: a patient's summary, invitation slips to cut, a poster for the waiting room."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.bench.visitor import shipped_keys
from tests.browser.conftest import follow
from tests.browser.test_journey import set_password, walk_in_the_browser
from tests.html import parse
from tests.http_patient import HttpPatient
from tests.serving import Server, start_server

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


@dataclass
class MissesMost(HttpPatient):
    """Clears up the first question, knows the next three, misses the others, ticks every prompt."""

    asked: list[str] = field(default_factory=list)

    def next_form(self) -> tuple[str, dict[str, str]] | None:
        form = super().next_form()
        if form is None:
            return None
        action, fields = form
        if "option" in fields:
            item = action.rsplit("/", 1)[1]
            self.asked += [item] if item not in self.asked else []
            number = self.asked.index(item) + 1
            misses = number > 4 or (number == 1 and fields["try"] == "1")
            key = shipped_keys()[item, fields["form"]]
            offered = [option for option in parse(self.page).values("option") if option != "dont-know"]
            fields["option"] = next(option for option in offered if (option != key) is misses)
        if action.endswith("/prompts"):
            fields |= {"prompts": parse(self.page).values("prompts")}  # type: ignore[dict-item]  # one field of many values
        return action, fields


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_prints_the_fullest_summary_on_one_page(browser: Browser, tmp_path: Path, language: str) -> None:
    server = start_server(tmp_path / "instance", draft_languages="1")
    patient = MissesMost(server.address, cookies={"language": language})
    patient.walk()
    context = browser.new_context()
    for name, value in patient.cookies.items():
        context.add_cookies([{"name": name, "value": value, "url": server.address}])
    page = context.new_page()
    page.goto(f"{server.address}{patient.url}")
    assert page.locator("#journey-done li").count() >= 30
    assert [sheets_of_paper(printed(page, paper)) for paper in ("A4", "Letter")] == [1, 1]
    context.close()
    server.stop()


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

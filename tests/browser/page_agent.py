"""A tour's agent in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Page

from tests.browser.conftest import follow
from tests.serving import Server
from tests.tour import Tour


@dataclass
class PageAgent:
    page: Page
    address: str

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address)

    def open(self, address: str) -> None:
        self.page.goto(urljoin(self.address, address))

    def has(self, selector: str) -> bool:
        return self.page.query_selector(selector) is not None

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def choose(self, selector: str) -> None:
        self.page.check(f"{selector} >> nth=0")

    def fill(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)
        self.page.eval_on_selector(selector, "(field) => { field.form.noValidate = true }")

    def forge(self, name: str, value: str) -> None:
        change = "(fields, value) => fields.forEach((field) => { field.value = value })"
        self.page.eval_on_selector_all(f"[name={name}]", change, value)

    def follow(self, selector: str) -> None:
        follow(self.page, selector)


def tour_in(page: Page, server: Server, procedure: str = "left-right", visit_code: str = "") -> Tour:
    return Tour(PageAgent(page, server.address), procedure, visit_code)


def whole_staff(tour: Tour, server: Server) -> Iterator[str]:
    """Sign in as the first lead of a server and walk the staff's part."""
    yield from tour.first_lead(server.first_lead_link)
    yield from tour.staff()

"""A tour of every page and state that patients and staff meet, one after the other, in a real browser."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from quizapp import paths
from tests.browser.conftest import follow
from tests.serving import LEFT_RIGHT, Server

PASSWORD = "seven green boats on a lake"
STAFF_PAGES = (
    "/staff/",
    "/staff/?list=open",
    "/staff/find",
    "/staff/find?notice=no-such-code",
    "/staff/invitations",
    "/staff/poster/{procedure}",
    "/staff/insights",
    "/staff/exports?quarter=1999-Q1",
    "/staff/exports/report",
    "/staff/exports",
    "/staff/exports?table=dictionary",
    "/staff/exports?profile=internal",
    "/staff/content",
    "/staff/content/{procedure}/1",
    "/staff/accounts",
    "/staff/audit",
    "/staff/account",
    "/staff/account/second-factor",
    "/staff/idle",
    "/staff/nope",
)


def two_procedures(folder: Path) -> Path:
    """A questions folder with the real procedure and the little one of the tests, so that there is a choice."""
    shutil.copytree(LEFT_RIGHT / "left-right", folder / "left-right")
    shutil.copytree(paths.questions_folder() / "it-pump", folder / "it-pump")
    return folder


@dataclass
class Tour:
    """Yields a name at each page or state; the caller looks at `page` there. The staff's part needs a sheet.

    `visit_code` is filled in by the patient's part, `new_link` by the staff's.
    """

    page: Page
    server: Server
    procedure: str = "left-right"
    visit_code: str = ""
    new_link: str = ""

    def open(self, address: str) -> None:
        self.page.goto(self.server.address + address)

    def patient(self) -> Iterator[str]:
        """The start to the end of the walk, with every state on the way, and the pages around it."""
        page = self.page
        self.open("/")
        yield "start"
        if not page.url.endswith(f"/{self.procedure}/") and page.query_selector(".choices"):
            self.open(f"/p/{self.procedure}/")
            yield "start of one of several"
        follow(page, "main form button")
        self.visit_code = page.inner_text(".code strong")
        yield "code"
        follow(page, "main a[rel=next]")
        yield from self.steps()
        follow(page, "main form button")
        yield "done"
        yield from self.around()

    def steps(self) -> Iterator[str]:
        """From the first lesson to the summary."""
        page, asked, stopped = self.page, 0, False
        for _ in range(100):
            yield page.url.split(f"/p/{self.procedure}/")[-1].replace("/", " ")
            if page.query_selector("#journey-done"):
                return
            if "/question/" in page.url:
                asked += 1
                if asked == 1:
                    follow(page, "button[value=think]")
                    yield "question with nothing chosen"
                if asked == 2:
                    page.check("#option-dont-know")
                    yield "question with “I don’t know yet”"
                choice = "dont-know" if asked <= 2 else str(asked % 2 + 1)  # so that there is something to ask again
                page.check(f"#option-{choice}")
                follow(page, f"button[value={'think' if choice == 'dont-know' else 'sure'}]")
            elif page.query_selector("main a[rel=next]"):
                follow(page, "main a[rel=next]")
            elif "/lesson/2" in page.url and not stopped:
                stopped = True
                self.open(f"/p/{self.procedure}/")
                yield "start, to go on"
                page.go_back()
                follow(page, ".stop button")
            else:
                if page.url.endswith("/prompts"):
                    page.check("main input[type=checkbox] >> nth=0")
                follow(page, "main form button")
        raise AssertionError("the walk does not end")

    def around(self) -> Iterator[str]:
        """The pages that belong to nobody's walk, and the errors that a patient can meet."""
        for address in ("/privacy", "/methods", "/still-there", "/nope"):
            self.open(address)
            yield address
        self.open(f"/p/{self.procedure}/")
        self.page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(each => each.value = 'old')")
        follow(self.page, "main form button")
        yield "error 400"
        self.open(f"/p/{self.procedure}/")
        self.page.evaluate(
            """const box = document.querySelector('main form [name=csrf_token]');
            box.value = 'x'.repeat(2_000_000)"""
        )
        follow(self.page, "main form button")
        yield "error 413"

    def too_many_starts(self) -> Iterator[str]:
        """On a server that takes one start a minute."""
        for _ in range(2):
            self.open(f"/p/{self.procedure}/")
            follow(self.page, "main form:last-of-type button")
        yield "error 429"

    def staff(self) -> Iterator[str]:
        """Signing in, every page for staff, a talk about the patient's sheet, slips, and errors."""
        page = self.page
        self.open("/staff/login")
        yield "sign in"
        page.fill("#name", "nobody")
        page.fill("#password", "nothing")
        follow(page, "main form button")
        yield "sign in with an error"
        page.goto(self.server.first_lead_link)
        yield "first lead"
        page.fill("#name", "Lead One")
        self.fill_passwords(PASSWORD, "another one altogether")
        yield "first lead with an error"
        page.fill("#name", "Lead One")
        self.fill_passwords(PASSWORD, PASSWORD)
        for address in STAFF_PAGES:
            self.open(address.format(procedure=self.procedure))
            yield address
        yield from self.talk()
        self.open("/staff/invitations")
        page.fill("#count", "101")
        page.evaluate("document.querySelector('#count').removeAttribute('max')")
        follow(page, "main form button")
        yield "invitations with an error"
        page.fill("#count", "5")
        follow(page, "main form button")
        yield "slips"
        self.open("/staff/accounts")
        page.fill("main form:has(#role) input[name=name]", "Nurse One")
        follow(page, "main form:has(#role) button")
        link = re.search(r"http\S+/staff/link/\S+", page.inner_text("main"))
        assert link
        self.new_link = link[0]
        yield "accounts with a new link"
        follow(page, ".staff-head button")
        page.goto(self.new_link)
        yield "set a password"
        self.fill_passwords(PASSWORD, PASSWORD)
        self.open("/staff/accounts")
        yield "error 403"

    def fill_passwords(self, password: str, again: str) -> None:
        self.page.fill("#password", password)
        self.page.fill("#again", again)
        follow(self.page, "main form button")

    def talk(self) -> Iterator[str]:
        """The sheet of the patient's part: to prepare, then with its code, asked again, and closed."""
        page = self.page
        self.open("/staff/")
        follow(page, ".lines a")
        sheet = page.url
        yield "sheet to prepare"
        page.fill("#visit-code", self.visit_code)
        with page.expect_navigation():
            page.press("#visit-code", "Enter")
        yield "sheet"
        for name in ("print", "record"):
            page.goto(f"{sheet}/{name}")
            yield f"sheet, {name}"
        page.goto(sheet)
        follow(page, "button[value=close]")
        yield "sheet with an outcome missing"
        follow(page, ".again button")
        yield "asked again"
        follow(page, "main form button")
        yield "asked again, nothing chosen"
        follow(page, ".hand-back a")
        yield "hand back"
        page.fill("#password", "nothing")
        follow(page, "main form button")
        yield "hand back with an error"
        page.fill("#password", PASSWORD)
        follow(page, "main form button")
        yield "sheet after asking again"

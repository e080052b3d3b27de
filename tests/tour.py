"""The list of all pages and states that patients and staff meet, and how to get to each of them.

The fast test walks it with Flask's test client (`test_tour.py`), the browser tests walk it with Chromium.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pyotp

from quizapp import config
from tests.agents import Agent
from tests.serving import LEFT_RIGHT, PUBLIC_URL

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
    """Make a questions folder with the real procedure and the little one of the tests, so that there is a choice."""
    shutil.copytree(LEFT_RIGHT / "left-right", folder / "left-right")
    shutil.copytree(config.questions_folder() / "it-pump", folder / "it-pump")
    return folder


@dataclass
class Tour:
    """Yields the name of each page or state that it has opened; the caller looks at it there.

    `patient` fills in `visit_code`, which `staff` needs. `staff` and `figures` go on after `first_lead`.
    """

    agent: Agent
    procedure: str = "left-right"
    visit_code: str = ""

    def patient(self) -> Iterator[str]:
        """The start to the end of the walk, with every state on the way, and the pages around it."""
        agent = self.agent
        agent.open("/")
        yield "start"
        if agent.has(".choices"):
            agent.open(f"/p/{self.procedure}/")
            yield "start of one of several"
        agent.follow("main form button")
        self.visit_code = agent.text(".code strong")
        yield "code"
        agent.follow("main a[rel=next]")
        yield from self.steps()
        agent.follow("main form button")
        yield "done"
        yield from self.around()

    def steps(self) -> Iterator[str]:
        """From the first lesson to the summary."""
        agent, asked, stopped = self.agent, 0, False
        for _ in range(100):
            yield agent.path.removeprefix(f"/p/{self.procedure}/").replace("/", " ")
            if agent.has("#journey-done"):
                return
            if "/question/" in agent.path:
                asked += 1
                if asked == 1:
                    agent.follow("button[value=think]")
                    yield "question with nothing chosen"
                if asked == 2:
                    agent.choose("#option-dont-know")
                    yield "question with “I don’t know yet”"
                choice = "dont-know" if asked <= 2 else str(asked % 2 + 1)  # so that there is something to ask again
                self.answer(choice, "think" if choice == "dont-know" else "sure")
            elif agent.has("main a[rel=next]"):
                agent.follow("main a[rel=next]")
            elif "/lesson/2" in agent.path and not stopped:
                stopped, lesson = True, agent.path
                agent.open(f"/p/{self.procedure}/")
                yield "start, to go on"
                agent.open(f"/p/{self.procedure}/again")
                yield "start again?"
                agent.open(lesson)
                agent.follow(".stop button")
            else:
                if agent.path.endswith("/prompts"):
                    agent.choose("main input[type=checkbox]")
                agent.follow("main form button")
        raise AssertionError("the walk does not end")

    def answer(self, option: str, certainty: str) -> None:
        self.agent.choose(f"#option-{option}")
        self.agent.follow(f"button[value={certainty}]")

    def around(self) -> Iterator[str]:
        """The pages around the walk, and the errors that a patient can meet."""
        self.agent.open(f"/p/{self.procedure}/?notice=no-such-slip")
        yield "start, with a code that no slip has"
        for address in ("/privacy", "/methods", "/still-there", "/nope"):
            self.agent.open(address)
            yield address
        for status, token in ((400, "old"), (413, "x" * 2_000_000)):
            self.agent.open(f"/p/{self.procedure}/")
            self.agent.forge("csrf_token", token)
            self.agent.follow("main form button")
            yield f"error {status}"

    def too_many_starts(self) -> Iterator[str]:
        """On a server that takes at most three starts a minute."""
        for _ in range(5):
            self.agent.open(f"/p/{self.procedure}/again")
            self.agent.follow("main form button")
        yield "error 429"

    def invited(self, link: str) -> Iterator[str]:
        """An invitation's link before and after its patient has finished."""
        self.agent.open(link)
        yield "invitation"
        self.agent.follow("main form button")
        yield "invitation, code"
        self.agent.follow("main a[rel=next]")
        for _ in self.steps():
            pass
        self.agent.open(link)
        yield "invitation, finished"

    def not_stored(self, failing: Callable[[], AbstractContextManager[None]]) -> Iterator[str]:
        """Every form of the walk while the server cannot store, inside `failing`, and the same form once it can."""
        agent = self.agent
        agent.open(f"/p/{self.procedure}/")
        with failing():
            agent.follow("main form:last-of-type button")
        yield "start, not stored"
        agent.follow("main form button")
        agent.open(f"/p/{self.procedure}/next")
        with failing():
            agent.follow(".stop button")
        yield "stop, not stored: sent again by the error page"
        agent.open(f"/p/{self.procedure}/next")
        for _ in range(100):
            if agent.has("#journey-done"):
                return
            if agent.has("main a[rel=next]"):
                agent.follow("main a[rel=next]")
                continue
            if "/question/" in agent.path:
                agent.choose("#option-1")
            with failing():
                agent.follow("main form button")
            yield f"{agent.path.removeprefix(f'/p/{self.procedure}/')}, not stored"
            agent.follow("main form button")

    def first_lead(self, link: str) -> Iterator[str]:
        """Signing in, and the one-time link with which the first lead sets a password."""
        agent = self.agent
        agent.open("/staff/login")
        yield "sign in"
        agent.fill("#name", "nobody")
        agent.fill("#password", "nothing")
        agent.follow("main form button")
        yield "sign in with an error"
        agent.open(link)
        yield "first lead"
        agent.fill("#name", "Lead One")
        self.fill_passwords(PASSWORD, "another one altogether")
        yield "first lead with an error"
        agent.fill("#name", "Lead One")
        self.fill_passwords(PASSWORD, PASSWORD)

    def staff(self) -> Iterator[str]:
        """Every page for staff, a talk about the patient's sheet, slips, accounts, and errors; at last a nurse's."""
        agent = self.agent
        for address in STAFF_PAGES:
            agent.open(address.format(procedure=self.procedure))
            yield address
        yield from self.talk()
        agent.open("/staff/invitations")
        agent.fill("#count", "101")
        agent.follow("main form button")
        yield "invitations with an error"
        agent.fill("#count", "5")
        agent.follow("main form button")
        yield "slips"
        agent.open("/staff/exports?profile=internal")
        agent.follow("button[value=look]")
        yield "exports with an error"
        yield from self.own_account()
        agent.open("/staff/accounts")
        agent.fill("main form:has(#role) input[name=name]", "Lead One")
        agent.follow("main form:has(#role) button")
        yield "accounts with an error"
        agent.fill("main form:has(#role) input[name=name]", "Nurse One")
        agent.follow("main form:has(#role) button")
        new_link = agent.text("main code").removeprefix(PUBLIC_URL)
        yield "accounts with a new link"
        agent.follow(".staff-head button")
        agent.open(new_link)
        yield "set a password"
        self.fill_passwords(PASSWORD, PASSWORD)
        agent.open("/staff/accounts")
        yield "error 403"
        agent.open("/staff/link/used")
        yield "a link that is gone"

    def own_account(self) -> Iterator[str]:
        agent = self.agent
        agent.open("/staff/account")
        agent.fill("#current", "nothing")
        self.fill_passwords(PASSWORD, PASSWORD, "main form:has(#again) button")
        yield "account with an error"
        agent.open("/staff/account/second-factor")
        agent.fill("#code", "000000")
        agent.fill("#current", "nothing")
        agent.follow("main form button")
        yield "second factor with an error"
        agent.fill("#code", pyotp.TOTP(agent.text("main code")).now())
        agent.fill("#current", PASSWORD)
        agent.follow("main form button")
        yield "recovery codes"
        recovery_code = agent.text(".codes code")
        agent.open("/staff/account")
        yield "account with a second factor"
        agent.fill("#current-for-factor", PASSWORD)
        agent.fill("#code", recovery_code)
        agent.follow("main form:has(#code) button")
        yield "account without it again"

    def fill_passwords(self, password: str, again: str, button: str = "main form button") -> None:
        self.agent.fill("#password", password)
        self.agent.fill("#again", again)
        self.agent.follow(button)

    def talk(self) -> Iterator[str]:
        """The sheet of the patient's part: to prepare, then with its code, asked again, and closed."""
        agent = self.agent
        agent.open("/staff/")
        agent.follow(".lines a")
        sheet = agent.path
        yield "sheet to prepare"
        agent.fill("#visit-code", self.visit_code)
        agent.follow("form:has(#visit-code) button")
        yield "sheet"
        for name in ("print", "record"):
            agent.open(f"{sheet}/{name}")
            yield f"sheet, {name}"
        agent.open(sheet)
        agent.follow("button[value=close]")
        yield "sheet with an outcome missing"
        agent.follow(".again button")
        yield "asked again"
        agent.follow("main form button")
        yield "asked again, nothing chosen"
        agent.choose("#option-dont-know")
        agent.follow("main form button")
        agent.open("/staff/hand-back")
        yield "hand back"
        agent.fill("#password", "nothing")
        agent.follow("main form button")
        yield "hand back with an error"
        agent.fill("#password", PASSWORD)
        agent.follow("main form button")
        yield "sheet after asking again"
        agent.open("/staff/?list=follow-ups")
        yield "follow-ups"
        yield from self.under_way()

    def under_way(self) -> Iterator[str]:
        """The sheet of another patient, who reads one lesson and leaves without a word."""
        agent = self.agent
        agent.open(f"/p/{self.procedure}/again")
        agent.follow(f"main form[action='/p/{self.procedure}/'] button")
        code = agent.text(".code strong")
        yield from self.found(code, "not begun")
        agent.open(f"/p/{self.procedure}/next")
        agent.follow("main form button")
        yield from self.found(code, "sheet, still answering")
        agent.follow(".under-way button")
        yield "sheet of a patient who has left"

    def found(self, code: str, name: str) -> Iterator[str]:
        self.agent.open("/staff/")
        self.agent.fill("#visit-code", code)
        self.agent.follow("form:has(#visit-code) button")
        yield name

    def figures(self) -> Iterator[str]:
        """The pages with figures, for the lead of `first_lead`, on a server that has counted attempts and talks."""
        agent = self.agent
        agent.open("/staff/account")
        agent.follow(".staff-head button")
        agent.fill("#name", "Lead One")
        agent.fill("#password", PASSWORD)
        agent.follow("main form button")
        agent.open(f"/staff/insights?procedure={self.procedure}")
        yield "insights with figures"
        agent.open(f"/staff/exports?procedure={self.procedure}")
        yield "exports with figures"
        agent.follow("main p a[href*='/exports/report']")
        agent.follow("main form.filters button")
        yield "report with figures"

"""Three minutes before the patient comes in: from the code to a closed sheet, in a real browser."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy.orm import Session

from quizapp.accounts import accounts, password_hashing
from quizapp.db import Database
from quizapp.domain.procedure import Edition
from quizapp.web.context import utc_now
from tests.builders import KEYS, keep_edition, make_item, make_procedure, make_test_edition, walk
from tests.conftest import PROCEDURES
from tests.serving import Server, start_server

PASSWORD = "seven green boats on a lake"
EDITION = make_test_edition()
TEN = make_test_edition(
    make_procedure(tuple((make_item(f"item-{number}", critical=True),) for number in range(10)), "ten-topics")
)


@dataclass
class Counted:
    """A page on which every click and key is counted; typing or scanning the code is one."""

    page: Page
    actions: list[str] = field(default_factory=list)

    def click(self, selector: str) -> None:
        self.actions.append(f"click {selector}")
        self.page.click(selector)

    def key(self, key: str) -> None:
        self.actions.append(f"key {key}")
        self.page.keyboard.press(key)

    def scan(self, code: str) -> None:
        """A scanner types the code and Enter into whatever has the focus."""
        self.actions.append("scan")
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/staff/sheet/*")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with the made-up procedure, and the key that the builders' visit codes are made with."""
    running = start_server(tmp_path / "instance", questions_path=str(PROCEDURES), secret_key="a key for tests")
    yield running
    running.stop()


@contextmanager
def writing(server: Server) -> Iterator[Session]:
    database = Database(f"sqlite:///{server.instance / 'quizapp.sqlite3'}")
    with database.transaction() as session:
        yield session
    database.dispose()


def walked(session: Session, edition: Edition, choices, **more) -> str:
    """The visit code of a finished walk."""
    today = utc_now().date()
    keep_edition(session, edition, today)
    attempt, secret = walk(session, edition, choices, today=today, **more)
    return KEYS.code(secret, attempt.code_hmac)


@pytest.fixture
def code(server: Server) -> str:
    """The visit code of a sheet with three flags, each on a card of its own; and a nurse to sign in."""
    with writing(server) as session:
        account = accounts.add(session, "Nurse One", "nurse")
        account.password_hash = password_hashing.hash_password(PASSWORD, "Nurse One")
        choices = {"one": ("left", "left"), "two": (None,), "three": ("middle", "right")}
        return walked(session, EDITION, choices, prompts=("my-risks",))


@pytest.fixture
def code_of_ten(server: Server) -> str:
    """The visit code of a sheet with ten flags: five on cards, five on a line each."""
    with writing(server) as session:
        return walked(session, TEN, {item.id: (None, None) for item in TEN.in_language("en").items()})


def signed_in(browser: Browser, server: Server, **options) -> Page:
    page = browser.new_context(**options).new_page()
    page.goto(f"{server.address}/staff/login")
    page.fill("#name", "Nurse One")
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_selector("#visit-code:focus")
    return page


def violations(page: Page) -> list[str]:
    return [f"{found['id']}: {found['help']}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("way", ["mouse", "keys", "mouse without JavaScript"])
@pytest.mark.parametrize(("topics", "most"), [(3, 8), (10, 16)])
def test_it_takes_few_actions_from_the_code_to_the_closed_sheet(
    browser: Browser, server: Server, code: str, code_of_ten: str, topics: int, most: int, way: str
) -> None:
    counted = Counted(signed_in(browser, server, java_script_enabled="without" not in way))
    counted.scan(code if topics == 3 else code_of_ten)
    assert counted.page.locator(".talk fieldset").count() == topics
    for number in range(1, topics + 1):
        if way == "keys":
            counted.key("1")
        else:
            counted.click(f"label[for=card-{number}-understood]")
    if way == "keys":
        counted.key("Enter")
    else:
        counted.click("button[value=close]")
    counted.page.wait_for_url("**/staff/?notice=closed")
    print(f"{topics} topics by {way}: {len(counted.actions)} actions from the code to the closed sheet")
    assert len(counted.actions) <= most, counted.actions


def test_it_goes_back_to_a_card_to_mark_another_outcome(browser: Browser, server: Server, code: str) -> None:
    page = signed_in(browser, server)
    Counted(page).scan(code)
    for key in ("1", "1", "k", "3", "1"):
        page.keyboard.press(key)
    assert marked(page) == ["understood", "physician", "understood"]


def test_its_keys_rest_while_switched_off(browser: Browser, server: Server, code: str) -> None:
    page = signed_in(browser, server)
    Counted(page).scan(code)
    page.uncheck("#keys")
    page.keyboard.press("1")
    assert page.locator(".outcomes input:checked").count() == 0
    page.check("#keys")
    page.keyboard.press("j")
    page.keyboard.press("3")
    assert page.locator(".outcomes input:checked").get_attribute("id") == "card-1-physician"


@pytest.mark.usefixtures("code")
def test_it_completes_the_words_of_a_code_from_the_fixed_list(browser: Browser, server: Server) -> None:
    page = signed_in(browser, server)
    page.keyboard.type("ketc")
    assert page.input_value("#visit-code") == "ketc"
    page.fill("#visit-code", "")
    page.keyboard.type("kett")
    assert page.input_value("#visit-code") == "kettle"
    page.keyboard.type("le-acorn-407")
    assert page.input_value("#visit-code") == "kettle-acorn-407"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_has_no_accessibility_violation_on_any_page_of_the_talk(
    browser: Browser, server: Server, code: str, width: int, scheme: str
) -> None:
    page = signed_in(browser, server, viewport={"width": width, "height": 844}, color_scheme=scheme)
    found = {"queue": violations(page)}
    page.click(".lines a")
    sheet = page.url
    found["to prepare"] = violations(page)
    page.fill("#visit-code", code)
    page.press("#visit-code", "Enter")
    page.wait_for_selector(".outcomes")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found["sheet"] = violations(page)
    for name in ("print", "record"):
        page.goto(f"{sheet}/{name}")
        found[name] = violations(page)
    page.goto(f"{server.address}/staff/find?notice=no-such-code")
    found["wrong code"] = violations(page)
    page.goto(sheet)
    page.click(".again button")
    found["recheck"] = violations(page)
    page.click("main button")
    found["nothing chosen"] = violations(page)
    page.click(".hand-back a")
    found["hand back"] = violations(page)
    assert {name: each for name, each in found.items() if each} == {}


def mark_two_outcomes(page: Page, code: str) -> str:
    Counted(page).scan(code)
    for number, outcome in ((1, "understood"), (2, "physician")):
        page.click(f"label[for=card-{number}-{outcome}]")
    return page.url


def marked(page: Page) -> list[str]:
    return [box.get_attribute("value") or "" for box in page.locator(".outcomes input:checked").all()]


def test_it_counts_touches_and_reports_at_most_one_a_minute(browser: Browser, server: Server, code: str) -> None:
    page = signed_in(browser, server)
    page.clock.install()
    touches: list[str] = []
    page.on("request", lambda request: touches.append(request.url) if request.url.endswith("/staff/touch") else None)
    mark_two_outcomes(page, code)
    for _ in range(10):  # twenty minutes with a touch every two minutes, and another right after it
        page.clock.run_for(120_000)
        for _ in range(2):
            page.keyboard.press("j")
    assert len(touches) == 10
    assert marked(page) == ["understood", "physician"]


def test_it_keeps_what_was_marked_while_nobody_touched_the_page(browser: Browser, server: Server, code: str) -> None:
    page = signed_in(browser, server)
    page.clock.install()
    mark_two_outcomes(page, code)
    page.clock.run_for(13 * 60_000 + 10_000)
    page.wait_for_selector("main a.button")
    page.click("main a.button")
    assert marked(page) == ["understood", "physician"]
    assert "not saved yet" in page.inner_text("main")


def test_it_opens_an_unfinished_attempt_and_ends_it_for_the_nurse(browser: Browser, server: Server, code: str) -> None:
    patient = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    patient.goto(f"{server.address}/p/left-right/")
    patient.click("main form button")
    begun = patient.inner_text(".code strong")
    patient.click("main a[rel=next]")
    patient.click("main form button")
    patient.close()
    page = signed_in(browser, server, viewport={"width": 390, "height": 844})
    Counted(page).scan(begun)
    assert "Still answering, at lesson 1" in page.inner_text("main")
    assert violations(page) == []
    page.click(".under-way button")
    assert "Stopped at lesson 1" in page.inner_text("main")
    assert page.locator(".outcomes").count() > 0


def record_page(browser: Browser, server: Server, code: str, language: str, **options) -> Page:
    page = signed_in(browser, server, **options)
    page.context.add_cookies([{"name": "language", "value": language, "url": server.address}])
    Counted(page).scan(code)
    page.goto(f"{page.url}/record")
    return page


def test_it_copies_the_note_with_one_button(browser: Browser, server: Server, code: str) -> None:
    page = record_page(browser, server, code, "en", permissions=["clipboard-read", "clipboard-write"])
    page.click("[data-copies]")
    page.wait_for_selector("output:has-text('Copied.')")
    assert page.evaluate("navigator.clipboard.readText()") == page.input_value("#record")


@pytest.mark.parametrize("language", ["en", "es"])
def test_it_shows_the_note_as_codes_that_a_scanner_types(
    browser: Browser, server: Server, code: str, language: str, tmp_path: Path
) -> None:
    page = record_page(browser, server, code, language)
    page.click("main summary")
    typed = []
    for number, drawing in enumerate(page.query_selector_all(".note-qr svg")):
        picture = tmp_path / f"{number}.png"
        drawing.screenshot(path=picture)
        read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True)
        typed.append(read.stdout.decode().removesuffix("\n"))
    assert len(typed) > 1
    assert "".join(typed).removesuffix("\n") == page.input_value("#record")


def test_it_asks_for_no_form_to_be_sent_again_on_going_back_in_the_room(
    browser: Browser, server: Server, code: str
) -> None:
    page = signed_in(browser, server)
    Counted(page).scan(code)
    page.click(".again button")
    page.click("main button")  # nothing is chosen
    page.wait_for_selector(".error-summary")
    page.click("label[for=option-1]")
    page.click("main button")
    page.go_back()
    assert page.locator("legend").count() == 1
    assert page.locator(".error-summary").count() == 0
    page.click(".hand-back a")
    page.fill("#password", "nothing")
    page.click("main button")
    page.wait_for_selector(".error-summary")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/staff/sheet/*")
    page.go_back()
    page.wait_for_selector("#visit-code")  # the queue, since the nurse has the device

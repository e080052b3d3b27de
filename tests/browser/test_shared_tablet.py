"""A shared tablet, with the browser's back-forward cache on, which Playwright switches off by default."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright

from quizapp import config
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.page_agent import tour_in
from tests.serving import LEFT_RIGHT, Server, start_server
from tests.tour import Tour

MINUTES = 5


@pytest.fixture
def tablet(playwright: Playwright) -> Iterator[Browser]:
    launched = playwright.chromium.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield launched
    launched.close()


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    running = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), kiosk_minutes=str(MINUTES))
    yield running
    running.stop()


def walk_to(tour: Tour, last: str) -> None:
    assert any(name.startswith(last) for name in tour.patient())


def content_after(page: Page, move: Callable[..., object]) -> str:
    """A page that comes out of the cache fires no load event, and one that answered a form is Chromium's own."""
    with suppress(Error):
        move(wait_until="commit")
    for _ in range(100):
        with suppress(Error):
            if page.evaluate("document.readyState") == "complete":
                return page.content()
    raise AssertionError(f"{page.url} does not load")


def assert_back_shows_nothing(page: Page, tour: Tour) -> None:
    """Back as often as it goes, and forward again: no code, no answer, no way into the walk."""
    for move in [page.go_back] * 8 + [page.go_forward] * 8:
        content = content_after(page, move)
        for word in (tour.visit_code, "You chose", "Go on where you were"):
            assert word not in content, (word, page.url)
    tour.agent.open(f"/p/{tour.procedure}/summary")
    assert page.url.endswith(f"/p/{tour.procedure}/")


def test_it_shows_nothing_of_the_patient_after_finish_and_clear(tablet: Browser, server: Server) -> None:
    page = tablet.new_page()
    tour = tour_in(page, server)
    walk_to(tour, "done")
    assert_back_shows_nothing(page, tour)


def test_it_keeps_pages_in_the_back_forward_cache_at_all(tablet: Browser, server: Server) -> None:
    """Else the test above would show nothing: a page of nobody's comes back as it was left."""
    page = tablet.new_page()
    page.route("**/kept", lambda route: route.fulfill(body="<title>kept</title>", content_type="text/html"))
    page.goto(f"{server.address}/kept")
    page.evaluate("window.left = 'as it was'")
    page.goto(f"{server.address}/privacy")
    content_after(page, page.go_back)
    assert page.evaluate("window.left") == "as it was"


def test_it_asks_can_be_told_to_stay_and_then_forgets(tablet: Browser, server: Server) -> None:
    page = tablet.new_page()
    page.clock.install()
    tour = tour_in(page, server)
    walk_to(tour, "feedback")
    page.clock.fast_forward((MINUTES * 60 - 30) * 1000)  # real seconds pass as well
    assert not page.is_visible("#still-there")
    page.clock.fast_forward(31_000)
    assert page.is_visible("#still-there")
    assert page.evaluate("document.activeElement.matches('#still-there button')")
    assert int(page.get_attribute("#still-there", "data-seconds") or 0) >= 20
    page.clock.fast_forward(19_000)
    page.keyboard.press("Enter")
    assert not page.is_visible("#still-there")
    page.clock.fast_forward((MINUTES * 60 + 1) * 1000)
    assert page.is_visible("#still-there")
    with page.expect_navigation(url=f"{server.address}/"):
        page.clock.fast_forward(31_000)
    assert_back_shows_nothing(page, tour)


def test_it_shows_nothing_to_the_touch_that_wakes_it(tablet: Browser, server: Server) -> None:
    """While a tablet sleeps its timers do not run; only the clock has moved when somebody touches it."""
    page = tablet.new_page()
    page.clock.install()
    tour = tour_in(page, server)
    walk_to(tour, "feedback")
    page.clock.pause_at("2100-01-01")  # timers fire at most once on the way, as after a sleep
    with page.expect_navigation(url=f"{server.address}/"):
        page.mouse.click(200, 300)
    page.clock.resume()
    assert_back_shows_nothing(page, tour)


OLD_ENGINE = """
delete HTMLDialogElement.prototype.showModal;
delete HTMLDialogElement.prototype.close;
delete window.fetch;
"""


def test_it_asks_and_forgets_in_an_engine_without_modal_dialogs(tablet: Browser, server: Server) -> None:
    page = tablet.new_page()
    page.add_init_script(OLD_ENGINE)
    page.clock.install()
    tour = tour_in(page, server)
    walk_to(tour, "feedback")
    page.clock.fast_forward((MINUTES * 60 + 1) * 1000)
    assert page.is_visible("#still-there")
    page.click("#still-there button")
    assert not page.is_visible("#still-there")
    page.clock.fast_forward((MINUTES * 60 + 1) * 1000)
    with page.expect_navigation(url=f"{server.address}/"):
        page.clock.fast_forward(31_000)
    assert_back_shows_nothing(page, tour)


def test_its_script_has_no_syntax_that_old_engines_cannot_read() -> None:
    script = (config.PACKAGE / "static" / "app.js").read_text()
    assert not re.search(r"\?\.[\w(\[]|\?\?|=> \{[^}]*\bawait\b|\.flatMap|#\w+ =", script)


@pytest.mark.full
def test_it_forgets_without_javascript_too(tablet: Browser, server: Server) -> None:
    """The question stays for the seconds that it names, and then leads to the start by itself."""
    page = tablet.new_context(java_script_enabled=False).new_page()
    tour = tour_in(page, server)
    walk_to(tour, "feedback")
    tour.agent.open(f"/still-there?return_path={page.url.removeprefix(server.address)}")
    page.wait_for_timeout(20_000)
    assert "/still-there" in page.url
    page.wait_for_url(f"{server.address}/", timeout=20_000)
    assert_back_shows_nothing(page, tour)

"""Every page a patient meets: accessibility, small screens, large text, weight, and extras that need JavaScript."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import CHROMIUM, FLAGS, follow
from tests.serving import LEFT_RIGHT, Server, start_server

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""
CUT_OFF = """[...document.querySelectorAll('main *')].filter(e => e.getClientRects().length
    && getComputedStyle(e).overflow === 'hidden' && e.scrollWidth > e.clientWidth + 1
    && !e.classList.contains('visually-hidden')).length"""


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    running = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    yield running
    running.stop()


def pages_of_the_walk(page: Page, server: Server) -> Iterator[str]:
    """Every page and state of the walk, one after the other, with a name."""
    page.goto(f"{server.address}/")
    yield "start"
    follow(page, "main form button")
    shown_error = False
    for _ in range(60):
        place = page.url.split("/p/left-right/")[-1]
        yield place
        if page.query_selector("#journey-done"):
            break
        if page.query_selector("main a[rel=next]"):
            follow(page, "main a[rel=next]")
            continue
        if "question" in place:
            if not shown_error:
                follow(page, "button[value=think]")
                shown_error = True
                yield "question with an error"
            page.check("#option-dont-know")
            follow(page, "button[value=think]")
            continue
        follow(page, "main form button")
    follow(page, "main form button")
    yield "done"
    for address in ("/privacy", "/methods", "/nope", "/still-there", "/p/left-right/"):
        page.goto(server.address + address)
        yield address


def with_text_size(context: BrowserContext, server: Server, size: str) -> None:
    context.add_cookies([{"name": "text-size", "value": size, "url": server.address}])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["1", "3"])
def test_it_has_no_accessibility_violations(browser: Browser, server: Server, scheme: str, size: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    with_text_size(context, server, size)
    page, axe, found, count = context.new_page(), Axe(), [], 0
    for name in pages_of_the_walk(page, server):
        count += 1
        violations = axe.run(page, options=RULES).response["violations"]
        found += [f"{name}: {v['id']}: {[n['html'][:90] for n in v['nodes']]}" for v in violations]
    context.close()
    print(f"axe: {count} pages and states, {scheme}, text size {size}: {len(found)} violations")
    assert found == []


def test_it_needs_no_sideways_scroll_at_320_pixels_with_the_largest_text_and_spacing(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, bypass_csp=True)
    with_text_size(context, server, "3")
    page = context.new_page()
    for name in pages_of_the_walk(page, server):
        page.add_style_tag(content=TEXT_SPACING)
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= 320, name
        assert page.evaluate(CUT_OFF) == 0, name
    context.close()


def test_it_weighs_little_asks_nobody_else_and_reports_nothing(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    sizes: list[float] = []
    hosts: set[str] = set()
    said: list[str] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(request.url.split("/p/")[0][: len(server.address)]))
    page.on("console", lambda message: said.append(message.text))
    weights: dict[str, float] = {}
    for name in pages_of_the_walk(page, server):
        page.wait_for_load_state("networkidle")
        weights[name] = sum(sizes)
        sizes.clear()
    first, *later = weights.values()
    print(f"cold page {first:.0f} bytes, later pages at most {max(later):.0f} bytes over the wire")
    assert first <= 15_000
    assert max(later) <= 6_000, weights
    assert hosts == {server.address}
    expected = ("404", "400", "Clear-Site-Data")
    assert [text for text in said if not any(part in text for part in expected)] == []
    context.close()


def test_it_has_targets_that_shaking_hands_can_hit(page: Page, server: Server) -> None:
    small = """[...document.querySelectorAll('a, button, summary, .option label')]
        .filter(e => e.getClientRects().length && !e.matches('.skip'))
        .filter(e => !e.closest('p:not(.links):not(:has(.button)), li'))
        .filter(e => e.getBoundingClientRect().height < (e.matches('.option label') ? 56 : 44))
        .map(e => e.outerHTML.slice(0, 80) + e.getBoundingClientRect().height)"""
    for name in pages_of_the_walk(page, server):
        assert page.evaluate(small) == [], name


def test_it_reads_aloud_where_the_device_has_a_voice(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    context.add_init_script(
        """window.said = [];
        const voice = { localService: true, lang: 'en-GB', name: 'test' };
        Object.defineProperty(window, 'speechSynthesis', { value: {
          getVoices: () => [voice], cancel() {}, addEventListener() {},
          speak(words) { window.said.push(words.text); setTimeout(words.onend, 0); } } });
        window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text.trim(); } };"""
    )
    page = context.new_page()
    page.goto(f"{server.address}/")
    follow(page, "main form button")
    follow(page, "main a[rel=next]")
    follow(page, "main form:last-of-type button")
    page.click(".read-aloud")
    said: list[str] = []
    for _ in range(100):
        said = page.evaluate("window.said")
        if len(said) >= 8:
            break
    labels = page.locator(".option label").all_inner_texts()
    stem = page.inner_text("h1")
    assert [text for text in said if text in (stem, *labels)] == [stem, *labels]
    context.close()


def test_it_offers_no_reading_aloud_without_a_voice(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/")
    follow(page, "main form button")
    follow(page, "main a[rel=next]")
    assert page.locator(".read-aloud").count() == 0


def test_it_shows_nothing_of_the_patient_after_back_on_a_shared_tablet(playwright, tmp_path) -> None:
    """With the back-forward cache on, which Playwright switches off by default."""
    running = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), kiosk_minutes="5")
    launched = playwright.chromium.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    page = launched.new_page()
    code = ""
    for name in pages_of_the_walk(page, running):
        if name == "summary":
            code = page.inner_text(".code strong")
        if name == "done":
            break
    assert code
    for _ in range(4):
        page.go_back()
        assert code not in page.content()
        assert "You chose" not in page.content()
    launched.close()
    running.stop()

"""Reading aloud, with a made-up voice: the browser that runs the tests has none."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import follow
from tests.serving import LEFT_RIGHT, Server, start_server

# Says each piece at once and remembers it, with what was highlighted at that moment.
VOICE = """
window.said = [];
const voice = { localService: true, lang: '%s', name: 'test' };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => [voice], cancel() {}, addEventListener() {},
  speak(words) {
    window.said.push([words.text, words.lang, document.querySelectorAll('.reading').length]);
    setTimeout(words.onend, 0);
  } } });
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text.trim(); } };
"""


@pytest.fixture
def server(tmp_path):
    running = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    yield running
    running.stop()


def to_the_lesson(browser: Browser, server: Server, voice: str | None) -> Page:
    page = browser.new_context().new_page()
    if voice:
        page.context.add_init_script(VOICE % voice)
    page.goto(f"{server.address}/")
    follow(page, "main form button")
    follow(page, "main a[rel=next]")
    return page


def read(page: Page) -> list[tuple[str, str, int]]:
    """Everything that the page says, from pressing the button until it stops by itself."""
    page.click(".read-aloud")
    for _ in range(200):
        if page.get_attribute(".read-aloud", "aria-pressed") == "false":
            break
        page.evaluate("new Promise((done) => setTimeout(done, 20))")
    return [tuple(each) for each in page.evaluate("window.said")]


def test_it_reads_each_page_in_order_and_highlights_what_is_read(browser: Browser, server) -> None:
    page = to_the_lesson(browser, server, "en-GB")
    lesson = [text for text, _, _ in read(page)]
    assert lesson[:3] == ["Lesson 1 of 2", "The bell", "The bell is on the right."]
    follow(page, "main form:last-of-type button")
    said = read(page)
    labels = page.locator(".option label").all_inner_texts()
    stem = page.inner_text("h1")
    assert [text for text, _, _ in said if text in (stem, *labels)] == [stem, *labels]
    assert [text for text, _, _ in said][-2:] == ["I think this is right", "I am sure this is right"]
    assert {(language, highlighted) for _, language, highlighted in said} == {("en", 1)}
    assert page.locator(".reading").count() == 0
    page.check("#option-dont-know")
    follow(page, "button[value=think]")
    feedback = [text for text, _, _ in read(page)]
    assert feedback[0] == "Let’s look at that together"
    assert "What the leaflet says" in feedback
    page.context.close()


@pytest.mark.parametrize("voice", [None, "fr-FR"])
def test_it_offers_nothing_without_a_voice_in_the_pages_language(browser: Browser, server, voice) -> None:
    page = to_the_lesson(browser, server, voice)
    assert page.locator(".read-aloud").count() == 0
    page.context.close()


@pytest.mark.full
@pytest.mark.parametrize(("language", "start"), [("en", "Start"), ("es", "Empezar")])
def test_it_reads_every_page_of_the_course_aloud(browser: Browser, tmp_path, language: str, start: str) -> None:
    running = start_server(tmp_path / "instance", draft_languages="1")
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.context.add_init_script(VOICE % language)
    page.goto(f"{running.address}/")
    follow(page, f"button[value={language}]")
    assert start in page.inner_text("main form button")
    silent, pages, choice = [], 0, 0
    while True:
        said = [text for text, _, _ in read(page)]
        pages += 1
        heading = page.inner_text("h1")
        if heading not in said:
            silent.append((page.url, heading, said[:3]))
        if page.query_selector("#journey-done"):
            break
        if page.query_selector("main a[rel=next]"):
            follow(page, "main a[rel=next]")
        elif "/question/" in page.url:
            page.check(f"#option-{choice % 2 + 1}")
            choice += 1
            follow(page, "button[value=think]")
        else:
            follow(page, "main form button")
    print(f"\n{language}: {pages} pages read aloud, {len(silent)} without their heading")
    assert silent == []
    page.context.close()
    running.stop()

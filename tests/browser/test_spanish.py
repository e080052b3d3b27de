"""The real lessons in Spanish: the whole walk without JavaScript, a change of language on the way, every page whole."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import follow
from tests.browser.page_agent import tour_in, whole_staff
from tests.serving import Server, start_server

# Words that stand in nearly every English sentence and in no Spanish one.
ENGLISH = "the you your this these with and of is are was not what how when which from they their"
IN_THE_LANGUAGE_OF_THE_SOURCE = ("/staff/exports/report",)  # it adds up answers of every language
LEFT_IN_ENGLISH = """english => {
    const words = new RegExp("\\\\b(" + english.split(" ").join("|") + ")\\\\b", "i");
    const found = [];
    const elsewhere = node => node.parentElement.closest("[lang=en], code, pre, script, style");
    const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
        if (words.test(texts.currentNode.data) && !elsewhere(texts.currentNode)) found.push(texts.currentNode.data);
    for (const name of ["aria-label", "alt", "title", "placeholder", "data-start", "data-stop"])
        for (const each of document.querySelectorAll(`[${name}]`))
            if (words.test(each.getAttribute(name)) && !each.closest("[lang=en]")) found.push(each.getAttribute(name));
    return found.map(text => text.trim());
}"""


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    running = start_server(tmp_path / "instance", draft_languages="1")
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 390, "height": 844}, locale="es-US")
    yield opened
    opened.close()


def to_other_language(page: Page, language: str) -> None:
    follow(page, f"button[name=language][value={language}]")


def choose_and_send(page: Page, option: str) -> None:
    page.check(f"input[value={option}]")
    follow(page, "button[value=sure]")


def test_it_keeps_its_place_when_the_language_changes_without_javascript(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="es-US", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}/")
    assert page.locator("html").get_attribute("lang") == "es"
    assert "borrador" in page.inner_text(".banner")
    follow(page, "main form button")
    code = page.inner_text(".code strong")
    follow(page, "main a[rel=next]")
    follow(page, "main form:last-of-type button")

    # The first question: read in Spanish, looked at in English, answered in Spanish.
    place = page.url
    assert page.inner_text("h1") == "En el folleto, ¿dónde empiezan los nervios?"
    order = page.locator("input[name=option]").evaluate_all("each => each.map(input => input.value)")
    to_other_language(page, "en")
    assert page.url == place
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.inner_text("h1") == "In the leaflet, where do nerves start?"
    assert page.locator("input[name=option]").evaluate_all("each => each.map(input => input.value)") == order
    to_other_language(page, "es")
    choose_and_send(page, "heart")
    assert "Usted eligió: En el corazón" in page.inner_text("main")

    # What was answered stays, in whichever language it is read.
    place = page.url
    to_other_language(page, "en")
    assert page.url == place
    assert "You chose: At the heart" in page.inner_text("main")
    to_other_language(page, "es")
    while not page.query_selector("#journey-done"):
        assert page.locator("html").get_attribute("lang") == "es", page.url
        if page.query_selector("main a[rel=next]"):
            follow(page, "main a[rel=next]")
        elif "/question/" in page.url:
            page.check("#option-dont-know")
            follow(page, "button[value=think]")
        else:
            follow(page, "main form:last-of-type button")
    assert page.inner_text(".code strong") == code
    assert "Los nervios empiezan en la médula espinal" in page.inner_text(".to-talk")
    context.close()


def test_it_is_whole_in_spanish_on_every_page_of_patients_and_staff(context: BrowserContext, server: Server) -> None:
    page, found, count = context.new_page(), [], 0
    for name in pages_in_spanish(page, server):
        count += 1
        language = "en" if name in IN_THE_LANGUAGE_OF_THE_SOURCE else "es"
        if page.locator("html").get_attribute("lang") != language:
            found.append(f"{name}: not in {language}")
        found += [f"{name}: {text}" for text in page.evaluate(LEFT_IN_ENGLISH, ENGLISH)]
    print(f"Spanish: {count} pages and states, {len(found)} texts in English")
    assert found == []


def pages_in_spanish(page: Page, server: Server) -> Iterator[str]:
    tour = tour_in(page, server, "it-pump")
    yield from tour.patient()
    yield from whole_staff(tour, server)

"""The insights page in a browser, with answers: accessibility, phones, and what is folded away."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from quizapp import demo
from quizapp.app import create_app
from quizapp.config import Settings
from tests.browser.page_audit import Look, violations
from tests.browser.test_journey import set_password
from tests.serving import Server, start_server


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """Serves 200 made-up attempts on the real lessons, some of them on an earlier edition."""
    instance = tmp_path / "instance"
    app = create_app(Settings(instance_path=instance))
    context = app.extensions["quizapp"]
    today = context.clock().date()
    made = demo.fill(context.database, context.editions, context.code_keys, context.settings.retention, today, 200, 1)
    assert made == 200
    context.database.dispose()
    running = start_server(instance)
    yield running
    running.stop()


def test_it_has_no_accessibility_violations_and_never_scrolls_sideways(browser: Browser, server: Server) -> None:
    found, signed_in = [], browser.new_context()
    set_password(signed_in.new_page(), server.first_lead_link, "Lead One")
    state = signed_in.storage_state()
    for scheme in ("light", "dark"):
        for width in (390, 1280):
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=state
            )
            page = context.new_page()
            page.goto(f"{server.address}/staff/insights")
            page.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true")
            found += violations(page, Look(width, scheme, "1"))
            assert page.evaluate("document.documentElement.scrollWidth") == width
            context.close()
    signed_in.close()
    print(f"axe: insights with answers, all unfolded, 4 looks: {len(found)} violations")
    assert found == []


def test_it_unfolds_the_answers_that_a_finding_links_to(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    set_password(page, server.first_lead_link, "Lead One")
    page.goto(f"{server.address}/staff/insights")
    assert not page.is_visible(".answers table")
    link = page.locator(".findings a").first
    question = link.inner_text()
    link.click()
    assert page.is_visible(page.evaluate("location.hash"))
    assert page.inner_text(".answers details[open] summary").startswith(question)
    context.close()

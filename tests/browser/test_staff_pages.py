"""Every page that staff open besides the sheets: accessibility, light and dark, phone and desktop."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.conftest import follow
from tests.browser.test_journey import set_password
from tests.browser.test_pages import RULES
from tests.serving import LEFT_RIGHT, start_server

PAGES = (
    "/staff/",
    "/staff/find",
    "/staff/invitations",
    "/staff/poster/left-right",
    "/staff/insights",
    "/methods",
    "/staff/exports",
    "/staff/exports?table=dictionary",
    "/staff/exports?profile=internal",
    "/staff/exports?quarter=1999-Q1",
    "/staff/exports/report",
    "/staff/content",
    "/staff/content/left-right/1",
    "/staff/accounts",
    "/staff/audit",
    "/staff/account",
    "/staff/account/second-factor",
    "/staff/idle",
    "/staff/nope",
)


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 390), ("light", 1280), ("dark", 1280)])
def test_it_has_no_accessibility_violations_on_staff_pages(
    browser: Browser, tmp_path, scheme: str, width: int
) -> None:
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page, axe, found = context.new_page(), Axe(), []

    def look(name: str) -> None:
        violations = axe.run(page, options=RULES).response["violations"]
        found.extend(f"{name}: {v['id']}: {[n['html'][:100] for n in v['nodes']][:3]}" for v in violations)

    page.goto(f"{server.address}/staff/login")
    look("login")
    page.fill("#name", "nobody")
    page.fill("#password", "nothing")
    follow(page, "main form button")
    look("login with an error")
    page.goto(server.first_lead_link)
    look("first lead")
    set_password(page, server.first_lead_link, "Lead One")
    for address in PAGES:
        page.goto(server.address + address)
        look(address)
    page.goto(f"{server.address}/staff/accounts")
    page.fill("main form:has(#role) input[name=name]", "Nurse One")
    follow(page, "main form:has(#role) button")
    look("accounts with a new link")
    page.goto(f"{server.address}/staff/invitations")
    follow(page, "main form button")
    look("slips")
    context.close()
    server.stop()
    print(f"axe: {len(PAGES) + 5} staff pages and states, {scheme}, {width} px: {len(found)} violations")
    assert found == []

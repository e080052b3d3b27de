"""What a patient prints."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.test_journey import walk_in_the_browser
from tests.serving import Server


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_the_summary_on_one_page(browser: Browser, server: Server, paper: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    walk_in_the_browser(page, server)
    pdf = page.pdf(format=paper, margin=dict.fromkeys(("top", "right", "bottom", "left"), "1.5cm"))
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    context.close()

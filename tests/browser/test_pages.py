"""Every page and state that patients and staff meet: accessibility, small screens, large text, targets, errors."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.page_agent import tour_in, whole_staff
from tests.browser.page_audit import EVERY_LOOK, QUICK, Look, Seen, look_at
from tests.serving import start_server
from tests.tour import two_procedures


def see_everything(
    browser: Browser, folder: Path, looks: Iterable[Look], procedure: str = "left-right", language: str = "en"
) -> list[Seen]:
    """The patient's tour, and the staff's on the sheet that it left."""
    questions = two_procedures(folder / "questions")
    server = start_server(
        folder / "instance", questions_path=str(questions), draft_languages="1", starts_per_minute="3"
    )
    seen: list[Seen] = []
    visit_code = ""
    for part in ("patient", "staff", "too_many_starts"):
        context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
        context.add_cookies([{"name": "language", "value": language, "url": server.address}])
        page = context.new_page()
        tour = tour_in(page, server, procedure, visit_code)
        states = whole_staff(tour, server) if part == "staff" else getattr(tour, part)()
        seen += [look_at(page, f"{part}: {name}", looks) for name in states]
        visit_code = tour.visit_code
        context.close()
    server.stop()
    print(f"axe: {len(seen)} pages and states, {sum(one.looks for one in seen)} looks at them in language {language}:")
    print(f"{sum(len(one.violations) for one in seen)} violations of any rule")
    return seen


@pytest.fixture(scope="module")
def seen(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    return see_everything(browser, tmp_path_factory.mktemp("tour"), QUICK)


def test_it_has_no_accessibility_violation_on_any_page(seen: list[Seen]) -> None:
    assert len(seen) > 60
    assert {one.name: one.violations for one in seen if one.violations} == {}


def test_it_needs_no_sideways_scroll_at_320_pixels_with_the_largest_text(seen: list[Seen]) -> None:
    assert {one.name: one.runs_off for one in seen if one.runs_off} == {}


def test_it_has_targets_that_shaking_hands_can_hit(seen: list[Seen]) -> None:
    assert {one.name: one.hard_to_hit for one in seen if one.hard_to_hit} == {}


def test_it_puts_the_focus_on_what_went_wrong_and_leads_to_the_field(seen: list[Seen]) -> None:
    assert sum("error" in one.name or "nothing chosen" in one.name for one in seen) >= 8
    assert {one.name: one.bad_error for one in seen if one.bad_error} == {}


@pytest.mark.full
@pytest.mark.parametrize("language", ["en", "es"])
def test_it_holds_for_the_real_lessons_in_every_look(browser: Browser, tmp_path: Path, language: str) -> None:
    """390 and 1280 pixels, light and dark, normal and largest text."""
    seen = see_everything(browser, tmp_path, EVERY_LOOK, "it-pump", language)
    assert [one for one in seen if one.violations or one.runs_off or one.hard_to_hit or one.bad_error] == []

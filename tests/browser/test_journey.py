"""The whole main job: a patient takes the quiz, a nurse clears what was misunderstood, a summary goes out."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from quizapp import config
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.content.editions import load_catalogue
from quizapp.domain.grading import Certainty, Response
from quizapp.patients import attempts
from tests.browser.conftest import follow
from tests.serving import Server

PROCEDURE = load_catalogue(config.questions_folder()).editions["it-pump"].in_language("en")
PASSWORD = "seven green boats on a lake"
WALK = "/p/it-pump"

# What the patient in the browser misses: item -> what is chosen at each try, and how sure.
MISSED = {
    "trial-pump-place": (("wrong", "sure"), ("right", "think")),  # sure and wrong: talk first
    "second-visit": (("wrong", "think"), ("wrong", "think")),  # wrong twice: talk first
    "trial-length": (("wrong", "think"),),  # wrong: talk
    "trial-purpose": (("dont-know", "think"), ("right", "think")),  # right after: check
}


def option_of(item_id: str, choice: str, try_number: int = 1) -> str:
    """The id of a right or a wrong option of the form asked at this try; "dont-know" as it is."""
    item = PROCEDURE.item(item_id)
    assert item is not None
    options = item.form_for(try_number).options
    return next((o.id for o in options if o.key == (choice == "right")), "") if choice != "dont-know" else choice


def walk_in_the_browser(page: Page, server: Server) -> str:
    """The whole walk; the visit code that the summary shows."""
    page.goto(f"{server.address}/")
    follow(page, "main form button")
    first_code = page.inner_text(".code strong")
    tries: dict[str, int] = {}
    for _ in range(100):
        if page.query_selector("#journey-done"):
            break
        if page.query_selector("main a[rel=next]"):
            follow(page, "main a[rel=next]")
            continue
        match = re.search(r"/question/([a-z0-9-]+)", page.url)
        if match:
            answer_in_the_browser(page, match[1], tries)
            continue
        if page.url.endswith("/prompts"):
            page.check("#prompt-my-risks")
        follow(page, "main form button")
    assert page.inner_text(".code strong") == first_code
    return first_code


def answer_in_the_browser(page: Page, item_id: str, tries: dict[str, int]) -> None:
    number = tries[item_id] = tries.get(item_id, 0) + 1
    choice, certainty = MISSED.get(item_id, (("right", "think"),))[number - 1]
    page.check(f'input[name=option][value="{option_of(item_id, choice, number)}"]')
    follow(page, f"button[value={certainty}]")


def walk_by_the_services(instance: Path, count: int) -> None:
    """Patients through the same services: number i misses items i and i+1 of the walk at every try, not sure."""
    app = create_app(Settings(instance_path=instance))
    context = app.extensions["quizapp"]
    items = list(PROCEDURE.items())
    edition = context.editions.current("it-pump")
    today = context.clock().date()
    for i in range(count):
        missed = {items[i].id, items[i + 1].id}
        with context.database.writing() as session:
            attempt, _ = attempts.begin(session, edition, "en", context.code_keys, today)
            for number, lesson in enumerate(PROCEDURE.lessons, start=1):
                attempts.read_lesson(session, attempt, PROCEDURE, number, today)
                for item in lesson.items:
                    for try_number in range(1, (item.tries if item.id in missed else 1) + 1):
                        form = item.form_for(try_number)
                        option = next(o for o in form.options if o.key != (item.id in missed))
                        response = Response(item.id, try_number, form.id, option.id, Certainty.THINK)
                        attempts.answer(session, attempt, PROCEDURE, response, today)
            attempts.finish(session, attempt, PROCEDURE, (), today, 11)
            session.commit()
    context.database.dispose()


def set_password(page: Page, link: str, name: str = "") -> None:
    page.goto(link)
    if name:
        page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    follow(page, "main form button")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_does_the_whole_main_job_without_javascript(browser: Browser, server: Server, width: int) -> None:
    options = {"viewport": {"width": width, "height": 844}, "java_script_enabled": False}
    patient, lead, nurse = (browser.new_context(**options) for _ in range(3))

    code = walk_in_the_browser(patient.new_page(), server)
    walk_by_the_services(server.instance, 10)

    lead_page = lead.new_page()
    set_password(lead_page, server.first_lead_link, "Lead One")
    lead_page.goto(f"{server.address}/staff/accounts")
    lead_page.fill("#name", "Nurse One")
    lead_page.select_option("#role", "nurse")
    follow(lead_page, "main form:has(#role) button")
    nurse_link = re.search(r"/staff/link/\S+", lead_page.inner_text("main"))
    assert nurse_link

    page = nurse.new_page()
    set_password(page, f"{server.address}{nurse_link[0]}")
    page.goto(f"{server.address}/staff/")
    page.fill("#visit-code", code.upper().replace("-", " "))
    with page.expect_navigation():
        page.press("#visit-code", "Enter")
    assert "/staff/sheet/" in page.url
    assert code not in page.url
    assert page.locator(".card").count() == 4
    headings = page.locator(".card-head").all_inner_texts()
    assert [heading.split()[0:2] for heading in headings[:2]] == [["Talk", "first"]] * 2
    assert "What are the risks for me?" in page.inner_text(".prompts")
    for number in range(1, 5):
        page.check(f"#card-{number}-understood")
    follow(page, "button[value=save]")
    assert page.locator(".recorded").count() == 4
    follow(page, "button[value=close]")
    assert page.url.startswith(f"{server.address}/staff/")

    # The quarter is still going on, so the exact counts are for a lead, with a reason.
    lead_page.goto(f"{server.address}/staff/exports?profile=internal")
    lead_page.select_option("#reason", "quality-meeting")
    with lead_page.expect_download() as download:
        lead_page.click("button[value=csv]")
    check_numbers(Path(download.value.path()).read_bytes().decode("utf-8-sig"))
    for context in (patient, lead, nurse):
        context.close()


def check_numbers(text: str) -> None:
    """The CSV against what the eleven answered, counted by hand from MISSED and from walk_by_the_services."""
    lines = [line for line in io.StringIO(text) if not line.startswith("#")]
    counts = {(r["item"], r["value"], r["measure"]): int(r["n"]) for r in csv.DictReader(lines)}
    items = [item.id for item in PROCEDURE.items()]
    assert counts["", "", "attempts"] == 11
    assert counts["", "12", "score"] == 10  # ten missed two of fourteen each
    assert counts["", "10", "score"] == 1  # the patient in the browser missed four
    missed = dict.fromkeys(items, 0)
    for i in range(10):
        missed[items[i]] += 1
        missed[items[i + 1]] += 1
    for item_id in items:
        by_hand = missed[item_id] + (item_id in MISSED)
        assert counts[item_id, "", "attempts"] == 11
        assert counts[item_id, "", "right at first try"] == 11 - by_hand, item_id
        right_after = 1 if item_id in ("trial-pump-place", "trial-purpose") else 0
        assert counts[item_id, "", "right after the retry"] == right_after, item_id
        assert counts[item_id, "", "still wrong"] == by_hand - right_after, item_id
        assert counts[item_id, "", "don't know"] == (item_id == "trial-purpose"), item_id
        assert counts[item_id, "", "sure and wrong"] == (item_id == "trial-pump-place"), item_id
        assert counts[item_id, option_of(item_id, "right"), "option"] == 11 - by_hand, item_id


def test_it_can_be_walked_by_keyboard_alone(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/")
    for _ in range(120):
        if page.query_selector("#journey-done"):
            break
        target = "main a[rel=next]" if page.query_selector("main a[rel=next]") else "main form button"
        if "/question/" in page.url:
            tab_to(page, "input[name=option]")
            page.keyboard.press("Space")
            target = "button[value=think]"
        tab_to(page, target)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.query_selector("#journey-done")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector} on {page.url}")

"""The report for a quality meeting on paper."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from quizapp import migrate
from quizapp.content.editions import load_catalogue, make_edition, store_edition
from quizapp.db import Database
from quizapp.domain.procedure import Edition, Item, Procedure
from tests.browser.conftest import follow
from tests.browser.test_journey import set_password
from tests.fake_tallies import count_attempts, count_talks
from tests.serving import LEFT_RIGHT, start_server

QUESTIONS = Path(__file__).parents[2] / "questions"
LONG_TEXT = (
    "Which of these things does the leaflet say will happen to you on the day on which you come in for the trial?"
)


def on_paper(browser: Browser, instance: Path, questions: Path, quarters: list[str]) -> bytes:
    """The report on all these quarters as Chromium prints it for a lead."""
    server = start_server(instance, questions_path=str(questions))
    context = browser.new_context()
    page = context.new_page()
    set_password(page, server.first_lead_link, "Lead One")
    page.goto(f"{server.address}/staff/exports")
    follow(page, "main p a[href*='/exports/report']")
    page.select_option("#first", quarters[0])
    page.select_option("#last", quarters[-1])
    follow(page, "main form.filters button")
    pdf = page.pdf(prefer_css_page_size=True)
    context.close()
    server.stop()
    return pdf


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def fill(instance: Path, editions: list[Edition], quarters: list[str], each: int, right: float) -> None:
    """Attempts and talks in every quarter; the editions follow one another over the quarters."""
    instance.mkdir(exist_ok=True)
    database = Database(f"sqlite:///{instance / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    with database.writing() as session:
        for number, edition in enumerate(editions):
            store_edition(session, edition, date(2024, 1 + number, 1))
        for number, quarter in enumerate(quarters):
            edition = editions[number * len(editions) // len(quarters)]
            count_attempts(session, edition, quarter, each, right=right)
            items = edition.in_language(edition.source).items()
            talks = {item.id: {"understood": each // 3, "still-unclear": each // 4} for item in items}
            count_talks(session, edition, quarter, talks)
        session.commit()
    database.dispose()


def long_winded(procedure: Procedure, version: int) -> Procedure:
    """Three times as many questions, each as long as the checker allows, and every lesson rewritten."""

    def longer(item: Item, copy: int) -> Item:
        forms = tuple(
            replace(
                form,
                stem=LONG_TEXT,
                options=tuple(replace(o, text=" ".join(LONG_TEXT.split()[:15])) for o in form.options),
            )
            for form in item.forms
        )
        return replace(item, id=f"{item.id}-{copy}", forms=forms)

    lessons = tuple(
        replace(
            lesson,
            main=f"{lesson.main} {version}",
            items=tuple(longer(item, copy) for item in lesson.items for copy in range(3)),
        )
        for lesson in procedure.lessons
    )
    return replace(procedure, lessons=lessons)


@pytest.mark.parametrize("case", ["two questions in one quarter", "the pump quiz", "42 long questions, six editions"])
def test_it_prints_on_two_to_four_pages_of_a4(browser: Browser, tmp_path: Path, case: str) -> None:
    few = case.startswith("two")
    now = load_catalogue(LEFT_RIGHT if few else QUESTIONS).editions["left-right" if few else "it-pump"]
    editions = [now]
    if case.startswith("42"):
        words = now.in_language(now.source)
        editions = [
            make_edition(Edition("", now.procedure_id, now.source, {now.source: long_winded(words, version)}))
            for version in range(6)
        ]
    quarters = ["2026-Q1"] if few else [f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in range(1, 5)]
    fill(tmp_path / "instance", editions, quarters, each=150, right=0.6)
    pdf = on_paper(browser, tmp_path / "instance", LEFT_RIGHT if few else QUESTIONS, quarters)
    (tmp_path / "report.pdf").write_bytes(pdf)
    print(f"{case}: {pages(pdf)} pages, {tmp_path / 'report.pdf'}")
    assert 2 <= pages(pdf) <= 4
    width, height = map(float, re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)[0])
    assert (round(width), round(height)) == (595, 842)

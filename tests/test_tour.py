"""Every page and state without a browser: each template is rendered, in English and in Spanish."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from flask import Flask, template_rendered
from jinja2 import Environment, Template
from jinja2.meta import find_referenced_templates
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from quizapp import config
from quizapp.accounts import accounts
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.nurses.invitations import make_slips
from quizapp.preview import make_preview_app
from quizapp.web.context import Context, context_of
from tests.agents import ClientAgent
from tests.fake_tallies import count_attempts, count_talks
from tests.serving import PUBLIC_URL
from tests.tour import Tour, two_procedures

STATUSES = {
    "/nope": 404,
    # Redirects, so that going back does not send the form again.
    "question with nothing chosen": 200,
    "asked again, nothing chosen": 200,
    "hand back with an error": 200,
    "error 400": 400,
    "error 413": 413,
    "error 429": 429,
    "error 403": 403,
    "/staff/nope": 404,
    "/staff/exports?quarter=1999-Q1": 400,
    "a link that is gone": 404,
    "invitation, finished": 410,
}
IN_THE_LANGUAGE_OF_THE_SOURCE = ("/staff/exports/report", "report with figures")  # it counts every language together


def status_of(name: str) -> int:
    """Return the status that a state must have."""
    if "not stored" in name:
        return 503
    is_refused = "with an error" in name or "nothing chosen" in name
    return STATUSES.get(name, 400 if is_refused else 200)


@dataclass
class Walk:
    """One walk through all states: the templates that were rendered, and what is amiss."""

    language: str
    names: list[str] = field(default_factory=list)
    templates: set[str] = field(default_factory=set)
    amiss: list[str] = field(default_factory=list)

    def see(self, states: Iterator[str], agent: ClientAgent) -> None:
        for name in states:
            self.names.append(name)
            headings, language = len(agent.page.all("h1")), agent.page.one("html")["lang"]
            if agent.status != status_of(name):
                self.amiss.append(f"{name}: {agent.status} instead of {status_of(name)}")
            if headings != 1:
                self.amiss.append(f"{name}: {headings} headings of the first level")
            if language != self.language and name not in IN_THE_LANGUAGE_OF_THE_SOURCE:
                self.amiss.append(f"{name}: in {language}")


def agent_for(app: Flask, language: str) -> ClientAgent:
    client = app.test_client()
    client.set_cookie("language", language)
    return ClientAgent(client)


def first_lead_link(context: Context) -> str:
    with context.database.writing() as session:
        token = accounts.first_lead_link(session, context.clock())
        session.commit()
    return f"/staff/link/{token}"


def invitation_link(context: Context, procedure: str, language: str) -> str:
    with context.database.writing() as session:
        edition, today = context.editions.current(procedure), context.clock().date()
        [slip] = make_slips(session, edition, language, context.code_keys, today, 1)
        session.commit()
    return f"/i/{slip.token}"


def count(context: Context, procedure: str) -> None:
    edition = context.editions.current(procedure)
    with context.database.writing() as session:
        for quarter, right in (("2025-Q3", 0.8), ("2025-Q4", 0.6), ("2026-Q1", 0.4)):
            items = [item.id for item in edition.in_language(edition.source).items()]
            count_attempts(session, edition, quarter, 60, right=right)
            count_talks(session, edition, quarter, {item: {"understood": 20, "still-unclear": 15} for item in items})
        session.commit()


@contextmanager
def nothing_stored(context: Context) -> Iterator[None]:
    """The disk is full: each statement that writes fails."""

    def fail(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError(statement, None, sqlite3.OperationalError("database or disk is full"))

    event.listen(context.database.engine, "before_cursor_execute", fail)
    yield
    event.remove(context.database.engine, "before_cursor_execute", fail)


def preview(agent: ClientAgent, questions: Path) -> Iterator[str]:
    """What an author sees with `quizapp preview`."""
    agent.open("/preview/")
    yield "preview"
    (questions / "left-right" / "procedure.toml").write_text("broken")
    agent.open("/preview/")
    yield "preview of broken files"


@pytest.fixture(scope="module", params=[("left-right", "en"), ("it-pump", "es")], ids=["en", "es"])
def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """The made-up lessons in English and the real ones in Spanish, on a tablet in a clinic."""
    procedure, language = request.param
    folder = tmp_path_factory.mktemp("tour")
    questions = two_procedures(folder / "questions")
    app = create_app(
        Settings(
            instance_path=folder,
            questions_path=questions,
            public_url=PUBLIC_URL,
            draft_languages=True,
            kiosk_minutes=5,
        )
    )
    context, walk = context_of(app), Walk(language)

    def render(_app: Flask, template: Template, **_more: object) -> None:
        walk.templates.add(str(template.name))

    def part(name: str, *arguments: object, agent: ClientAgent | None = None, visit_code: str = "") -> Tour:
        agent = agent or agent_for(app, language)
        tour = Tour(agent, procedure, visit_code)
        walk.see(getattr(tour, name)(*arguments), agent)
        return tour

    template_rendered.connect(render)
    patient = part("patient")
    staff = agent_for(app, language)
    part("first_lead", first_lead_link(context), agent=staff)
    part("staff", agent=staff, visit_code=patient.visit_code)
    count(context, procedure)
    part("figures", agent=staff)
    part("invited", invitation_link(context, procedure, language))
    part("not_stored", lambda: nothing_stored(context))
    context.settings = replace(context.settings, starts_per_minute=3)
    part("too_many_starts")
    context.database.dispose()
    preview_app = make_preview_app(questions)
    agent = agent_for(preview_app, language)
    walk.see(preview(agent, questions), agent)
    context_of(preview_app).database.dispose()
    return walk


def test_it_answers_every_page_and_state_as_it_should(walk: Walk) -> None:
    print(f"{len(walk.names)} pages and states in {walk.language}")
    assert len(walk.names) > 80
    assert walk.amiss == []


def test_it_renders_every_template(walk: Walk) -> None:
    folder = config.TEMPLATES
    rendered, waiting = set(), {"macros/parts.html", *walk.templates}
    while waiting:
        name = waiting.pop()
        rendered.add(name)
        source = Environment(extensions=["jinja2.ext.i18n"]).parse((folder / name).read_text())
        waiting |= {str(other) for other in find_referenced_templates(source)} - rendered
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")} == rendered

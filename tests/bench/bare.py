"""A bare Flask and SQLAlchemy application that serves the same walk: what the framework itself costs.

The same kinds and number of pages and redirects as ours, of the same sizes, from templates: start, code, lesson,
question, feedback, pause, prompts, summary. The same forms with CSRF, the answer's checked by Flask-WTF; a read before
the write; BEGIN IMMEDIATE; synchronous=FULL; gzip at the same level. It grades nothing, flags nothing, knows no second
try, no languages, no text size, sends no protective headers and keeps no statistics.
"""

import gzip
import os
import secrets

from flask import Flask, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect, FlaskForm
from jinja2 import DictLoader
from sqlalchemy import String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, InputRequired

from quizapp import config
from quizapp.web.compression import PAGE_GZIP_LEVEL

ITEMS_OF_LESSON = (1, 2, 2, 3, 2, 2, 2)
LESSON_OF_ITEM = tuple(lesson for lesson, items in enumerate(ITEMS_OF_LESSON) for _ in range(items))
PAUSE_AFTER = 3
OPTIONS = ("a", "b", "c")
PROMPTS = tuple(f"prompt-{number}" for number in range(24))

LAYOUT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="{{ url_for('static', filename='app.css') }}">
<script src="{{ url_for('static', filename='app.js') }}" defer></script></head>
<body><main>{% block main %}{% endblock %}</main>
<footer>{% block foot %}
<form method="post" action="{{ url_for('stop') }}"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button>Stop</button></form>{% endblock %}
<form method="post" action="{{ url_for('text_size') }}">
<input type="hidden" name="csrf_token" value="{{ csrf_token() }}"><button name="size" value="1">A</button>
<button name="size" value="2">A</button></form></footer></body></html>
"""
BUTTON = """{% extends "layout" %}{% block main %}<h1>{{ title }}</h1>
{% for part in parts %}<p>{{ part }}</p>{% endfor %}
<form method="post" action="{{ action }}"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<button>Go on</button></form>{% endblock %}
"""
LINK = """{% extends "layout" %}{% block main %}<h1>{{ title }}</h1>
{% for part in parts %}<p>{{ part }}</p>{% endfor %}<p><a rel="next" href="{{ next_url }}">Go on</a></p>{% endblock %}
"""
QUESTION = """{% extends "layout" %}{% block main %}<h1>{{ title }}</h1>
<form method="post" action="{{ action }}"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input type="hidden" name="form" value="a"><input type="hidden" name="try" value="1">
{% for option in options %}<div><input type="radio" name="option" id="option-{{ loop.index }}" value="{{ option }}">
<label for="option-{{ loop.index }}">{{ part }}</label></div>{% endfor %}
<button name="certainty" value="think">I think so</button>
<button name="certainty" value="sure">I am sure</button></form>
{% for part in parts %}<p>{{ part }}</p>{% endfor %}{% endblock %}
"""
PROMPTS_PAGE = """{% extends "layout" %}{% block main %}<h1>{{ title }}</h1>
<form method="post" action="{{ action }}"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
{% for prompt in prompts %}<div><input type="checkbox" name="prompts" id="{{ prompt }}" value="{{ prompt }}">
<label for="{{ prompt }}">{{ part }}</label></div>{% endfor %}<button>Finish</button></form>{% endblock %}
"""
SUMMARY = """{% extends "layout" %}{% block main %}<div id="journey-done"><h1>{{ title }}</h1>
{% for part in parts %}<p>{{ part }}</p>{% endfor %}</div>{% endblock %}
"""


class Base(DeclarativeBase):
    pass


class Attempt(Base):
    __tablename__ = "attempt"
    id: Mapped[str] = mapped_column(String(22), primary_key=True)
    lessons_read: Mapped[int] = mapped_column(default=0)
    finished: Mapped[bool] = mapped_column(default=False)


class Answer(Base):
    __tablename__ = "answer"
    attempt: Mapped[str] = mapped_column(String(22), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[str] = mapped_column(String(20))
    certainty: Mapped[str] = mapped_column(String(5))


class AnswerForm(FlaskForm):
    option = RadioField(choices=[(option, option) for option in OPTIONS], validators=[InputRequired()])
    certainty = StringField(validators=[AnyOf(["think", "sure"])])


def text_parts(characters: int) -> list[str]:
    """So many characters of real sentences, which compress as real ones do, in parts of some 300."""
    lessons = sorted((config.questions_folder() / "it-pump" / "en" / "lessons").glob("*.toml"))
    text = " ".join(path.read_text() for path in lessons).replace('"', "")[:characters]
    return [text[i : i + 300] for i in range(0, len(text), 300)]


def make_engines():
    engine = create_engine(f"sqlite:///{os.environ['BENCH_DATABASE']}", pool_size=16)

    @event.listens_for(engine, "connect")
    def pragmas(connection, _record):
        connection.isolation_level = None
        for pragma in ("busy_timeout = 5000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection):
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    Base.metadata.create_all(engine)
    return engine, engine.execution_options(writing=True)


def create_app() -> Flask:
    app = Flask(__name__, static_folder=str(config.PACKAGE / "static"))
    app.config.update(SECRET_KEY="bench", WTF_CSRF_TIME_LIMIT=None)
    app.jinja_loader = DictLoader(
        {
            "layout": LAYOUT, "button.html": BUTTON, "link.html": LINK, "question.html": QUESTION,
            "prompts.html": PROMPTS_PAGE, "summary.html": SUMMARY,
        }
    )  # fmt: skip
    CSRFProtect(app)
    engine, writing = make_engines()
    parts = {n: text_parts(n) for n in (600, 750, 1_300, 1_700, 2_500, 2_600, 3_900)}

    def standing(db: Session) -> tuple[Attempt, list[int]]:
        """The attempt of this device, and what it has answered."""
        attempt = db.get(Attempt, session.get("attempt", ""))
        if attempt is None:
            abort(400)
        return attempt, list(db.scalars(select(Answer.item).where(Answer.attempt == attempt.id)))

    def next_url(attempt: Attempt, answered: list[int]) -> str:
        number = len(answered)
        lesson = LESSON_OF_ITEM[number] if number < len(LESSON_OF_ITEM) else len(ITEMS_OF_LESSON) - 1
        if attempt.lessons_read <= lesson:
            return url_for("lesson", number=lesson)
        return url_for("question", item=number) if number < len(LESSON_OF_ITEM) else url_for("prompts")

    @app.get("/")
    def start() -> ResponseReturnValue:
        return render_template("button.html", title="Start", parts=parts[1_300], action=url_for("begin_attempt"))

    @app.post("/begin")
    def begin_attempt() -> ResponseReturnValue:
        attempt_id = secrets.token_urlsafe(16)
        with Session(writing) as db:
            if db.get(Attempt, attempt_id) is None:
                db.add(Attempt(id=attempt_id))
            db.commit()
        session["attempt"] = attempt_id
        return redirect(url_for("code"), 303)

    @app.get("/code")
    def code() -> ResponseReturnValue:
        with Session(engine) as db:
            url = next_url(*standing(db))
        return render_template("link.html", title="Your code", parts=parts[750], next_url=url)

    @app.get("/lesson/<int:number>")
    def lesson(number: int) -> ResponseReturnValue:
        with Session(engine) as db:
            standing(db)
        action = url_for("read_lesson", number=number)
        return render_template("button.html", title=f"Lesson {number}", parts=parts[2_500], action=action)

    @app.post("/lesson/<int:number>")
    def read_lesson(number: int) -> ResponseReturnValue:
        with Session(writing, expire_on_commit=False) as db:
            attempt, answered = standing(db)
            attempt.lessons_read = max(attempt.lessons_read, number + 1)
            db.commit()
            url = next_url(attempt, answered)
        return redirect(url, 303)

    @app.get("/question/<int:item>")
    def question(item: int) -> ResponseReturnValue:
        with Session(engine) as db:
            standing(db)
        action = url_for("answer", item=item)
        return render_template(
            "question.html", title=f"Question {item}", options=OPTIONS, part=parts[600][0][:60], parts=parts[2_600],
            action=action,
        )  # fmt: skip

    @app.post("/question/<int:item>")
    def answer(item: int) -> ResponseReturnValue:
        form = AnswerForm()
        if not form.validate_on_submit():
            abort(400)
        with Session(writing) as db:
            attempt, answered = standing(db)
            if item not in answered:
                chosen = Answer(attempt=attempt.id, item=item, option=form.option.data, certainty=form.certainty.data)
                db.add(chosen)
            db.commit()
        return redirect(url_for("feedback", item=item), 303)

    @app.get("/feedback/<int:item>")
    def feedback(item: int) -> ResponseReturnValue:
        with Session(engine) as db:
            attempt, answered = standing(db)
            url = next_url(attempt, answered)
        half_way = item + 1 == LESSON_OF_ITEM.index(PAUSE_AFTER)
        next_page = url_for("pause") if half_way else url
        return render_template("link.html", title="Yes", parts=parts[1_700], next_url=next_page)

    @app.get("/pause")
    def pause() -> ResponseReturnValue:
        with Session(engine) as db:
            url = next_url(*standing(db))
        return render_template("link.html", title="Half-way", parts=parts[750], next_url=url)

    @app.get("/prompts")
    def prompts() -> ResponseReturnValue:
        with Session(engine) as db:
            standing(db)
        return render_template(
            "prompts.html", title="Questions", prompts=PROMPTS, part=parts[600][0][:60], action=url_for("finish")
        )

    @app.post("/prompts")
    def finish() -> ResponseReturnValue:
        with Session(writing) as db:
            attempt, _ = standing(db)
            attempt.finished = True
            db.commit()
        return redirect(url_for("summary"), 303)

    @app.get("/summary")
    def summary() -> ResponseReturnValue:
        with Session(engine) as db:
            standing(db)
        return render_template("summary.html", title="Thank you", parts=parts[3_900])

    @app.post("/stop")
    def stop() -> ResponseReturnValue:
        return redirect(url_for("summary"), 303)

    @app.post("/text-size")
    def text_size() -> ResponseReturnValue:
        return redirect("/", 303)

    @app.after_request
    def compress(response: Response) -> Response:
        if response.mimetype == "text/html" and request.accept_encodings["gzip"] > 0:
            plain = response.get_data()
            if len(plain) >= 500:
                response.set_data(gzip.compress(plain, PAGE_GZIP_LEVEL, mtime=0))
                response.headers["Content-Encoding"] = "gzip"
        return response

    return app

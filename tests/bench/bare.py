"""A bare Flask and SQLAlchemy application with pages of our sizes: what the framework itself costs.

The same forms with CSRF, a read before the write, BEGIN IMMEDIATE, synchronous=FULL. It teaches and keeps nothing.
"""

import os
import secrets

from flask import Flask, redirect, request, session, url_for
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Integer, String, create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

STEPS = 7 + 14  # lessons and questions
FILLER = "<p>" + "Words that a lesson or a question would have. " * 8 + "</p>"


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"
    attempt: Mapped[str] = mapped_column(String(22), primary_key=True)
    step: Mapped[int] = mapped_column(Integer, primary_key=True)
    chosen: Mapped[str] = mapped_column(String(20))


def token() -> str:
    return f'<input type="hidden" name="csrf_token" value="{generate_csrf()}">'


def create_app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="bench", WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
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
    writing = engine.execution_options(writing=True)

    @app.get("/")
    def start():
        return f'<main><form method="post" action="/">{token()}<button>Start</button></form></main>{FILLER}'

    @app.post("/")
    def begin_attempt():
        session["attempt"] = secrets.token_urlsafe(16)
        return redirect(url_for("step", number=0), 303)

    @app.get("/step/<int:number>")
    def step(number: int):
        with Session(engine) as db:
            done = db.scalars(select(Row.step).where(Row.attempt == session["attempt"])).all()
        if len(done) >= STEPS:
            return f'<main><div id="journey-done">{FILLER}</div></main>'
        radios = "".join(f'<input type="radio" name="option" id="option-{i}" value="{i}">{i}' for i in (1, 2, 3))
        form = f'<form method="post" action="/step/{number}">{token()}{radios}<button>Go on</button></form>'
        return f"<main>{form}</main>{FILLER * 4}"

    @app.post("/step/<int:number>")
    def keep(number: int):
        with Session(writing) as db:
            if db.get(Row, (session["attempt"], number)) is None:
                db.add(Row(attempt=session["attempt"], step=number, chosen=request.form.get("option", "1")))
            db.commit()
        return redirect(url_for("step", number=number + 1), 303)

    return app

"""/healthz: whether the database answers and has this version's tables."""

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from quizapp.storage import migrating
from quizapp.web.runtime import db


def init_app(app: Flask) -> None:
    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        try:
            current = migrating.is_current(db().connection())
        except SQLAlchemyError:
            return {"database": "unreachable"}, 503
        if not current:
            return {"database": "reachable", "migrations": "behind"}, 503
        return {"database": "reachable", "migrations": "current"}

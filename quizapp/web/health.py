"""/healthz: whether the database answers and has this version's tables."""

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from quizapp import migrate
from quizapp.web.context import db


def init_app(app: Flask) -> None:
    @app.get("/healthz")
    def healthz() -> ResponseReturnValue:
        try:
            connection = db().connection()
            if migrate.is_current(connection):
                return {"database": "reachable", "migrations": "current"}
            if migrate.is_ahead(connection):  # this server is about to be replaced, and serves until then
                return {"database": "reachable", "migrations": "ahead"}
        except SQLAlchemyError:
            return {"database": "unreachable"}, 503
        return {"database": "reachable", "migrations": "behind"}, 503

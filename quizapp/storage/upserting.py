"""INSERT ... ON CONFLICT, on both databases."""

from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.storage.models import Base


def insert_for(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_or_ignore(session: Session, table: type[Base], /, **values: Any) -> bool:
    """Insert a row unless one stands in its way; True when it was inserted."""
    statement = insert_for(session, table).values(**values).on_conflict_do_nothing()
    # What was inserted comes back; psycopg gives no row count here.
    return session.execute(statement.returning(*inspect(table).primary_key)).first() is not None

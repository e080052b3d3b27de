"""INSERT ... ON CONFLICT, on both databases."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from quizapp.models import Base


def insert_for(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT with ON CONFLICT, in the dialect of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_or_ignore(session: Session, table: type[Base], /, **values: Any) -> bool:
    """Insert a row unless it conflicts with one; return True if it was inserted."""
    statement = _insert_or_ignore(table, session.get_bind().dialect.name)
    return session.execute(statement, values).first() is not None


@cache
def _insert_or_ignore(table: type[Base], dialect: str) -> ReturningInsert[Any]:
    """Return the statement, built once for each table. RETURNING tells what was inserted: psycopg has no row count."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    mapped = inspect(table)
    return insert(cast(Table, mapped.local_table)).on_conflict_do_nothing().returning(*mapped.primary_key)

"""INSERT ... ON CONFLICT, on both databases."""

from functools import cache
from typing import Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from quizapp.models import Base


def insert_for(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def insert_or_ignore(session: Session, table: type[Base], /, **values: Any) -> bool:
    """Insert a row unless one stands in its way; True when it was inserted."""
    statement = _insert_or_ignore(table, session.get_bind().dialect.name)
    return session.execute(statement, values).first() is not None


@cache
def _insert_or_ignore(table: type[Base], dialect: str) -> ReturningInsert[Any]:
    """Built once for each table. What was inserted comes back: psycopg gives no row count here."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    mapped = inspect(table)
    return insert(cast(Table, mapped.local_table)).on_conflict_do_nothing().returning(*mapped.primary_key)

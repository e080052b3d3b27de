"""Alembic's entry: run the upgrades over the connection that migrate.py hands in."""

from alembic import context

from quizapp import tally_models  # adds its tables to Base
from quizapp.models import Base

__all__ = ["tally_models"]

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

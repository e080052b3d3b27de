"""What every command shares: errors that a person can mend come as lines, not as a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import SQLAlchemyError

from quizapp.config import BadSetting
from quizapp.content.loading import BrokenContent


@contextmanager
def friendly_errors(*mendable: type[Exception]) -> Iterator[None]:
    """Lines and exit code 1 for bad settings, broken content, an unusable database, and what is named here."""
    lines: tuple[type[Exception], ...] = (BadSetting, BrokenContent, *mendable)
    try:
        yield
    except lines as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except SQLAlchemyError as error:
        click.echo(f"The database cannot be used: {error.__cause__ or error}", err=True)
        sys.exit(1)

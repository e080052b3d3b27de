"""The command line: `quizapp ...`. Each command imports what it needs, so that `quizapp --help` is quick."""

import os
from typing import Any

import click

from quizapp.cli import authoring, data, export, serve


class Commands(click.Group):
    """Report expected errors as one message and exit code 1 instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            message = expected(error)
            if message is None:
                raise
            raise click.ClickException(message) from error


def expected(error: Exception) -> str | None:
    """Return the message of an error that the person can fix; None for any other, which is a bug."""
    from sqlalchemy.exc import SQLAlchemyError

    from quizapp.accounts import AccountError
    from quizapp.backups import BackupError
    from quizapp.config import BadSetting
    from quizapp.content.loading import BrokenContent
    from quizapp.content.skeletons import CannotWrite
    from quizapp.demo import NotEmpty

    if isinstance(error, SQLAlchemyError):
        return f"The database cannot be used: {error.__cause__ or error}"
    known = (AccountError, BackupError, BadSetting, BrokenContent, CannotWrite, NotEmpty)
    return str(error) if isinstance(error, known) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="quizapp")
def main() -> None:
    """Short lessons and a kind quiz before consent; a talk list for the nurse."""
    os.umask(0o077)  # what we write holds health data: for this account only


for command in (*serve.COMMANDS, *authoring.COMMANDS, *data.COMMANDS, *export.COMMANDS):
    main.add_command(command)

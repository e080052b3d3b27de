"""The command line: `quizapp ...`. Each command imports what it needs, so that `quizapp --help` is quick."""

import os
import sys
from typing import Any

import click

from quizapp.cli import authoring, data, export


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
    if isinstance(error, BrokenPipeError):  # click ends quietly when the reader of our output has gone
        return None
    known = (AccountError, BackupError, BadSetting, BrokenContent, CannotWrite, NotEmpty, OSError)
    return str(error) if isinstance(error, known) else None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="quizapp")
def main() -> None:
    """Short lessons and a kind quiz before consent; a talk list for the nurse."""
    os.umask(0o077)  # what we write holds health data: for this account only


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other devices in.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--confirm-clock", is_flag=True, help="Today's date is right, although it has jumped.")
def serve(host: str, port: int, confirm_clock: bool) -> None:
    """Make or upgrade the database, print the addresses, and serve."""
    from quizapp import server
    from quizapp.config import from_environment

    sys.exit(server.serve(from_environment(), host, port, confirm_clock=confirm_clock))


@main.group()
def staff() -> None:
    """Accounts of nurses and leads."""


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["nurse", "lead"]), required=True)
def staff_add(name: str, role: str) -> None:
    """Add an account and print the link, good for one use, with which its owner sets a password."""
    from quizapp.accounts import accounts
    from quizapp.app import create_app
    from quizapp.web.context import context_of

    context = context_of(create_app())
    with context.database.writing() as session:
        token = accounts.add_with_link(session, name, role, context.clock())
        session.commit()
    address = context.settings.public_url.rstrip("/") or "http://127.0.0.1:8000"
    click.echo(f"{address}/staff/link/{token}")


for command in (*authoring.COMMANDS, *data.COMMANDS, *export.COMMANDS):
    main.add_command(command)

"""The command line: `quizapp ...`. Each command imports what it needs, so that `quizapp --help` is quick."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from quizapp.cli import authoring, export


class Commands(click.Group):
    """Report expected errors as one message and exit code 1 instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            if message := expected(error):
                raise click.ClickException(message) from error
            raise


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
    with context.database.transaction() as session:
        token = accounts.add_with_link(session, name, role, context.clock())
    address = context.settings.public_url.rstrip("/") or "http://127.0.0.1:8000"
    click.echo(f"{address}/staff/link/{token}")


@main.command()
@click.option("--dry-run", is_flag=True, help="Only print what a sweep would do.")
@click.option("--confirm-clock", is_flag=True, help="Sweep although the date has jumped since the last sweep.")
def sweep(dry_run: bool, confirm_clock: bool) -> None:
    """Release full batches into the tallies; delete sheets that are past their time."""
    from quizapp.aggregation import cleanup
    from quizapp.app import create_app
    from quizapp.web.context import context_of

    context = context_of(create_app())
    today = context.clock().date()
    swept: cleanup.CleanupResult | None
    with context.database.reading() as session:
        last, is_doubtful = cleanup.last_sweep(session), cleanup.is_clock_doubtful(session, today)
        if dry_run:
            swept = cleanup.dry_run(session, context.settings.retention, today)
    if is_doubtful and not (dry_run or confirm_clock):
        raise click.ClickException(
            f"Today would be {today}, but the last sweep was on {last}. Nothing was deleted. If the date is right: "
            "quizapp sweep --confirm-clock"
        )
    if not dry_run:
        swept = cleanup.sweep(context.database, context.editions, context.settings.retention, today)
    if swept is None:
        click.echo("Another process is sweeping this database now; the work is done there.")
        return
    would = "would be " if dry_run else ""
    click.echo(f"{swept.released} attempts {would}released into the tallies")
    click.echo(f"{swept.left_made_sheets} attempts left for a day {would}made into sheets")
    click.echo(f"{swept.unlinked} sheets {would}deleted")
    click.echo(f"{swept.never_begun} attempts that never began {would}deleted")
    if not swept.is_scrubbed:
        click.echo("Deleted rows may still be in the database's files; the next sweep clears them.", err=True)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a checked copy of the database to FILE, also while it is being served."""
    from quizapp import backups
    from quizapp.config import from_environment
    from quizapp.web.context import utc_now

    settings = from_environment()
    rows = backups.back_up(settings.database, file)
    delete_by = utc_now().date() + timedelta(days=settings.sheet_days)
    click.echo(f"{file}: {rows} rows, {file.stat().st_size / 1e6:.1f} MB, checked")
    click.echo(f"It holds patients' sheets. Delete it by {delete_by:%d %B %Y}: by then they are all deleted here.")
    click.echo("Visit codes work after a restore with the secret-key of the data folder only. Keep a copy elsewhere.")


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="Replace the database that is there; it is kept next to the restored one."
)
def restore(file: Path, replace: bool) -> None:
    """Replace the database with the backup FILE, without the sheets that have expired since."""
    from quizapp import backups
    from quizapp.config import from_environment
    from quizapp.content.editions import Editions, load_catalogue
    from quizapp.web.context import utc_now

    settings = from_environment()
    editions = Editions(load_catalogue(settings.questions_path))
    restored = backups.restore(file, settings.database, editions, settings.retention, utc_now(), replace=replace)
    click.echo(f"Restored {restored.rows} rows from {file}; {restored.swept.unlinked} sheets were past their time.")
    if restored.kept:
        click.echo(f"The former database is kept as {restored.kept}")
    for part in restored.set_aside:
        click.echo(f"Set aside, since it was left by a database that is gone: {part}")
    click.echo("Everyone signs in again. Accounts are as they were when the backup was made: check them.")


@main.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it to this version's tables."""
    from quizapp import migrate
    from quizapp.config import from_environment
    from quizapp.db import Database

    database = Database(from_environment().database)
    migrate.upgrade(database)
    click.echo(f"The database is current: {database.url.render_as_string(hide_password=True)}")


@main.command()
@click.option("--attempts", "count", default=200, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=1, show_default=True)
@click.option("--rising", metavar="ITEM", default="", help="Plant an alarm: this item is missed more lately.")
def demo(count: int, seed: int, rising: str) -> None:
    """Fill an empty database with made-up attempts, marked as demo on every staff page.

    Insights then shows what was planted: a common wrong belief, harder questions, one that nurses find bad, and a
    sentence added to a text, after which fewer miss its question.
    """
    from quizapp.app import create_app
    from quizapp.demo import fill
    from quizapp.web.context import context_of

    context = context_of(create_app())
    served = context.editions.catalogue.editions.values()
    critical = [item.id for each in served for item in each.in_language(each.source).items() if item.critical]
    if rising not in ("", *critical):
        raise click.UsageError(f"--rising takes one of {', '.join(critical)}")
    parts = context.database, context.editions, context.code_keys, context.settings.retention, context.clock().date()
    made = fill(*parts, count, seed, rising, tell=lambda made: click.echo(f"{made} of {count} made"))
    click.echo(f"{made} made-up attempts. Every staff page says that this is a demo.")


for command in (*authoring.COMMANDS, *export.COMMANDS):
    main.add_command(command)

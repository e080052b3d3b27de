"""The commands that look after the data: sweep, backup, restore, db upgrade."""

from datetime import timedelta
from pathlib import Path

import click

from quizapp import config
from quizapp.cli.friendly_errors import friendly_errors


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what a sweep would do, and change nothing.")
def sweep(dry_run: bool) -> None:
    """Release full batches into the tallies; delete sheets that are past their time."""
    from quizapp.aggregation import cleanup
    from quizapp.app import create_app

    with friendly_errors():
        context = create_app(config.from_environment()).extensions["quizapp"]
        today = context.clock().date()
        swept: cleanup.CleanupResult | None
        if dry_run:
            with context.database.reading() as session:
                swept = cleanup.dry_run(session, context.retention, today)
        else:
            swept = cleanup.sweep(context.database, context.editions, context.retention, today)
    if swept is None:
        click.echo("Another process is sweeping this database now; it does it for all.")
        return
    would = "would be " if dry_run else ""
    click.echo(f"{swept.released} attempts {would}released into the tallies")
    click.echo(f"{swept.left_made_sheets} attempts left for a day {would}made into sheets")
    click.echo(f"{swept.unlinked} sheets {would}deleted")
    click.echo(f"{swept.never_begun} attempts that never began {would}deleted")
    if not swept.is_scrubbed:
        click.echo("Deleted rows may still be in the database's files; the next sweep clears them.", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write a checked copy of the database to FILE, also while it is being served."""
    from quizapp import backups
    from quizapp.web.context import utc_now

    with friendly_errors(backups.Refused, OSError):
        settings = config.from_environment()
        made = backups.back_up(settings.database, file)
        delete_by = utc_now().date() + timedelta(days=settings.sheet_days)
    click.echo(f"{file}: {made.rows} rows, {made.size / 1e6:.1f} MB, checked")
    click.echo(f"It holds patients' sheets. Delete it by {delete_by:%d %B %Y}: by then they are all deleted here.")
    click.echo("Visit codes work after a restore with the secret-key of the data folder only. Keep a copy elsewhere.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace the database that is there; it is kept beside.")
def restore(file: Path, replace: bool) -> None:
    """Put the backup FILE in the database's place; what is past its time by now is deleted first."""
    from quizapp import backups
    from quizapp.content.catalogue import load_catalogue
    from quizapp.content.editions import Editions
    from quizapp.web.context import utc_now

    with friendly_errors(backups.Refused, OSError):
        settings = config.from_environment()
        editions = Editions(load_catalogue(settings.questions_path))
        retention = settings.retention
        restored = backups.restore(file, settings.database, editions, retention, utc_now(), replace=replace)
    click.echo(f"Restored {restored.rows} rows from {file}; {restored.swept.unlinked} sheets were past their time.")
    if restored.kept:
        click.echo(f"The former database is kept as {restored.kept}")
    for part in restored.set_aside:
        click.echo(f"This was left by a database that is gone, and is set aside: {part}")
    click.echo("Everyone signs in again. Accounts are as they were when the backup was made: look through them.")


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Make the database, or bring it to this version's tables."""
    from quizapp import migrate
    from quizapp.db import Database

    with friendly_errors():
        database = Database(config.from_environment().database)
        migrate.upgrade(database)
        click.echo(f"The database is current: {database.url.render_as_string(hide_password=True)}")


COMMANDS = (sweep, backup, restore, db)

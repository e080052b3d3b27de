"""Commands for the database: sweep, backup, restore, db upgrade, demo."""

from datetime import timedelta
from pathlib import Path

import click


@click.command()
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
            swept = cleanup.dry_run(session, context.retention, today)
    if is_doubtful and not (dry_run or confirm_clock):
        raise click.ClickException(
            f"Today would be {today}, but the last sweep was on {last}. Nothing was deleted. If the date is right: "
            "quizapp sweep --confirm-clock"
        )
    if not dry_run:
        swept = cleanup.sweep(context.database, context.editions, context.retention, today)
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


@click.command()
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


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--replace", is_flag=True, help="Replace the database that is there; it is kept next to the restored one."
)
def restore(file: Path, replace: bool) -> None:
    """Replace the database with the backup FILE, without the sheets that have expired since."""
    from quizapp import backups
    from quizapp.config import from_environment
    from quizapp.content.catalogue import load_catalogue
    from quizapp.content.editions import Editions
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


@click.group()
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


@click.command()
@click.option("--attempts", "count", default=200, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", default=1, show_default=True)
def demo(count: int, seed: int) -> None:
    """Fill an empty database with made-up attempts, marked as demo on every staff page."""
    from quizapp.app import create_app
    from quizapp.demo import fill
    from quizapp.web.context import context_of

    context = context_of(create_app())
    today = context.clock().date()
    made = fill(context.database, context.editions, context.code_keys, context.retention, today, count, seed)
    click.echo(f"{made} made-up attempts. Every staff page says that this is a demo.")


COMMANDS = (sweep, backup, restore, db, demo)

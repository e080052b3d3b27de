"""What is done at the start and every hour: totals released, sheets past their time deleted."""

import logging
import threading
import time
from pathlib import Path

from quizapp import backup_files, log
from quizapp.aggregation import cleanup
from quizapp.web.context import Context

SWEEP_SECONDS = 3600


def sweep_now(context: Context) -> None:
    """One sweep; another process that is at it already does it for all."""
    done = cleanup.sweep(context.database, context.editions, context.retention, context.clock().date())
    if done is not None and not done.is_scrubbed:
        log.event("deleted rows may still be in the database's files; the next sweep clears them", logging.WARNING)
    for file in _old_backups(context):
        log.event("delete this backup: it holds sheets that are past their time", logging.WARNING, file=str(file))


def sweep_every_hour(context: Context) -> None:
    """Sweep now, in an hour, and so on, on a thread that ends with the process."""

    def sweep_again_and_again() -> None:
        while True:
            try:
                sweep_now(context)
            except Exception as error:  # the next hour is another chance; serving must go on
                log.event("the hourly sweep did not work and is tried again", logging.ERROR, error)
            time.sleep(SWEEP_SECONDS)

    threading.Thread(target=sweep_again_and_again, daemon=True, name="sweep").start()


def _old_backups(context: Context) -> list[Path]:
    """Backups older than a sheet may live, beside the database (on SQLite) and in the folder for backups."""
    database, folder = context.database.file, context.settings.backup_folder
    folders = [*([database.parent] if database else []), *([folder] if folder else [])]
    return backup_files.older_than(folders, context.retention.sheet_days, database)

"""What is done at the start and every hour: totals released, sheets past their time deleted."""

import logging
import threading
import time
from pathlib import Path

from quizapp import logs
from quizapp.services import sweeping
from quizapp.storage import backups
from quizapp.web.runtime import Runtime

SWEEP_SECONDS = 3600


def sweep_now(runtime: Runtime) -> None:
    """One sweep; another process that is at it already does it for all."""
    done = sweeping.sweep(runtime.database, runtime.editions, runtime.retention, runtime.clock().date())
    if done is not None and not done.is_purged:
        logs.event("deleted rows may still be in the database's files; the next sweep clears them", logging.WARNING)
    for file in _old_backups(runtime):
        logs.event("delete this backup: it holds sheets that are past their time", logging.WARNING, file=str(file))


def sweep_every_hour(runtime: Runtime) -> None:
    """Sweep now, in an hour, and so on, on a thread that ends with the process."""

    def sweep_again_and_again() -> None:
        while True:
            try:
                sweep_now(runtime)
            except Exception as error:  # the next hour is another chance; serving must go on
                logs.event("the hourly sweep did not work and is tried again", logging.ERROR, error)
            time.sleep(SWEEP_SECONDS)

    threading.Thread(target=sweep_again_and_again, daemon=True, name="sweep").start()


def _old_backups(runtime: Runtime) -> list[Path]:
    """Backups older than a sheet may live, beside the database (on SQLite) and in the folder for backups."""
    database, folder = runtime.database.file, runtime.settings.backup_folder
    folders = [*([database.parent] if database else []), *([folder] if folder else [])]
    return backups.older_than(folders, runtime.retention.sheet_days, database)

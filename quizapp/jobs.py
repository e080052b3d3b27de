"""The hourly clean-up: totals are released, sheets past their time are deleted."""

import logging
import threading
import time

from quizapp import backups, health, log
from quizapp.aggregation import cleanup
from quizapp.web.context import Context

SWEEP_SECONDS = 3600


def run_every_hour(context: Context) -> None:
    """Sweep now and every hour, on a thread that ends with the process."""

    def sweep_again_and_again() -> None:
        while True:
            try:
                sweep_now(context)
            except Exception as error:  # the next hour is another chance; serving must go on
                log.event("the hourly sweep did not work and is tried again", logging.ERROR, error)
            time.sleep(SWEEP_SECONDS)

    threading.Thread(target=sweep_again_and_again, daemon=True, name="sweep").start()


def sweep_now(context: Context) -> None:
    """Sweep once, unless another process is sweeping or the date has jumped. Log what an administrator must see to."""
    today = context.clock().date()
    with context.database.reading() as session:
        is_doubtful = cleanup.is_clock_doubtful(session, today)
    done = None if is_doubtful else cleanup.sweep(context.database, context.editions, context.settings.retention, today)
    if is_doubtful:
        log.event("the date has jumped: nothing is deleted until a lead or --confirm-clock confirms it", logging.ERROR)
    old_backups = backups.past_their_days(context)
    if context.database.file or context.settings.backup_folder:  # another server may know of some
        with context.database.transaction() as session:
            cleanup.store_flag(session, cleanup.OLD_BACKUPS, str(len(old_backups)))
    with context.database.reading() as session:
        late = health.overdue(session, context)
    if late:
        log.event("sheets are kept longer than promised, or sweeps do not run", logging.WARNING, None, **late)
    if done is not None and not done.is_scrubbed:
        log.event("deleted rows may still be in the database's files; the next sweep clears them", logging.WARNING)
    for file in old_backups:
        log.event("delete this backup: it holds sheets that are past their time", logging.WARNING, file=str(file))

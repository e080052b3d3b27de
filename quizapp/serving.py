"""`quizapp serve`: checks everything first, then runs the server and the hourly sweep."""

import logging.config
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces

from quizapp import logs
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.domain.approval import ApprovalState
from quizapp.services import staff, sweeping
from quizapp.storage import backups
from quizapp.web.runtime import Runtime

SWEEP_SECONDS = 3600


def serve(settings: Settings, host: str, port: int) -> int:
    """Serve until stopped; the exit code. Raises BadSetting or BrokenContent before anything is served."""
    logging.config.dictConfig(logs.CONFIG)
    logging.captureWarnings(True)
    busy = _why_not(host, port)
    if busy:
        print(busy, file=sys.stderr)
        return 1
    app = create_app(settings)
    runtime: Runtime = app.extensions["quizapp"]
    _announce(runtime, host, port)
    sweep_now(runtime)
    _every(SWEEP_SECONDS, lambda: sweep_now(runtime))
    server = Granian(
        "quizapp.receiving:create_rsgi",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        websockets=False,
        log_access=False,  # an access log would hold patients' addresses
        log_level="warning",  # type: ignore[arg-type]  # an enum of strings
        log_dictconfig=logs.CONFIG,
    )
    server.serve()
    return 0


def sweep_now(runtime: Runtime) -> None:
    """One sweep; another process that is at it already does it for all."""
    done = sweeping.sweep(runtime.database, runtime.editions, runtime.retention, runtime.clock().date())
    if done is not None and not done.is_purged:
        logs.event("deleted rows may still be in the database's files; the next sweep clears them", logging.WARNING)
    for file in _old_backups(runtime):
        logs.event("delete this backup: it holds sheets that are past their time", logging.WARNING, file=str(file))


def _old_backups(runtime: Runtime) -> list[Path]:
    """Backups older than a sheet may live, beside the database (on SQLite) and in the folder for backups."""
    database, folder = runtime.database.file, runtime.settings.backup_folder
    folders = [*([database.parent] if database else []), *([folder] if folder else [])]
    return backups.older_than(folders, runtime.retention.sheet_days, database)


def _why_not(host: str, port: int) -> str | None:
    """One line that says why nothing can listen there, or None."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return f"Cannot listen on {host}:{port} ({error.strerror}). Choose another: quizapp serve --port {port + 1}"
    return None


def _announce(runtime: Runtime, host: str, port: int) -> None:
    address = runtime.settings.public_url.rstrip("/") or f"http://{_shown(host)}:{port}"
    print(f"Data      {runtime.settings.instance_path}")
    print(f"Patients  {address}/")
    print(f"Staff     {address}/staff/")
    for procedure_id, approvals in runtime.editions.catalogue.approvals.items():
        waiting = sum(approval.state is not ApprovalState.APPROVED for approval in approvals)
        if waiting:
            print(f"Note      {procedure_id}: {waiting} of {len(approvals)} lessons not yet approved by a clinician")
    with runtime.database.writing() as session:
        token = staff.first_lead_link(session, runtime.clock())
        session.commit()
    if token:
        print(f"First lead account (this link works once, for 24 hours):\n          {address}/staff/link/{token}")
    sys.stdout.flush()


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _every(seconds: float, work: Callable[[], object]) -> None:
    """Do `work` again and again on a thread that ends with the process."""

    def loop() -> None:
        while not threading.Event().wait(seconds):
            try:
                work()
            except Exception as error:  # the next hour is another chance; serving must go on
                logs.event("the hourly sweep did not work and is tried again", logging.ERROR, error)

    threading.Thread(target=loop, daemon=True, name="sweep").start()

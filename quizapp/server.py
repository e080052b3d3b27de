"""`quizapp serve`: check everything, print the addresses, then serve the WSGI application on granian.

The main process makes the application and forks the workers, which share its memory; it answers no request itself.
Two workers that make the application themselves take as much memory as all three processes take this way.
"""

import ctypes
import gc
import logging.config
import multiprocessing
import os
import resource
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer
from sqlalchemy.exc import SQLAlchemyError

from quizapp import jobs, log, migrate
from quizapp.accounts import accounts
from quizapp.aggregation import cleanup
from quizapp.app import create_app
from quizapp.config import BadSetting, Settings
from quizapp.content.loading import BrokenContent
from quizapp.db import Database
from quizapp.domain.approval import ApprovalState
from quizapp.rsgi import RsgiApplication
from quizapp.web.context import ANSWER_SECONDS, Context
from quizapp.web.headers import protective
from quizapp.web.site_address import opens_only_here

HEADER_SECONDS = 10  # until a request's headers are there, and until the next request on the same connection
CONNECTIONS, OTHER_FILES = 8192, 256  # open at once in one worker
# How long a thread keeps Python's lock while another waits for it. Python's own 5 ms is longer than any page takes.
SWITCH_SECONDS = 0.0005
STOP_SECONDS = 5  # a worker that has not ended by then is killed
# A worker that dies is restarted at once; while deaths go on, after 1, 2, 4 ... 30 seconds.
CALM_SECONDS, LONGEST_REST_SECONDS = 60, 30


def serve(settings: Settings, host: str, port: int, *, confirm_clock: bool = False) -> int:
    """Serve until stopped; return the exit code. Raise BadSetting or BrokenContent before anything is served."""
    logging.config.dictConfig(log.CONFIG)
    logging.captureWarnings(True)
    try:
        address = _free_address(host, port)
    except OSError as error:
        why = f"Cannot listen on {host}:{port} ({error.strerror})."
        print(f"{why} Choose another: quizapp serve --port {port + 1}", file=sys.stderr)
        return 1
    multiprocessing.set_start_method("fork", force=True)
    try:
        app = _make_application(settings)
    except (BadSetting, BrokenContent, SQLAlchemyError):  # the command line prints what to change
        raise
    except Exception as error:
        log.event("the server cannot start", logging.CRITICAL, error)
        return 1
    context: Context = app.extensions["quizapp"]
    if confirm_clock:
        context.known_day = context.clock().date()
        with context.database.transaction() as session:
            cleanup.confirm_clock(session, context.known_day)
    _announce(context, host, port)
    # A forked worker must not inherit open connections: SQLite would take this process's locks for the worker's, and
    # when this process dies, the next to open the database would throw away what the worker writes.
    context.database.dispose()
    gc.collect()
    with suppress(AttributeError):  # not in musl
        ctypes.CDLL(None).malloc_trim(0)  # what loading needed for a moment: 4 MB
    gc.freeze()  # the collector leaves what exists now alone, so that the workers go on sharing it
    Supervisor(
        "quizapp",  # only a name: the loader makes the application
        address=address,
        port=port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        http=HTTPModes.http1,  # "auto" waits for the first byte of a connection without a limit
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000),
        backlog=4096,
        backpressure=_connection_limit(),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
        log_access=False,  # an access log would hold patients' addresses
        log_level=LogLevels.warning,
        log_dictconfig=log.CONFIG,
    ).serve(target_loader=partial(start_worker, app), wrap_loader=False)
    return 0


def _make_application(settings: Settings) -> Flask:
    """Return the application with all that the workers can share."""
    upgrading = multiprocessing.Process(target=_upgrade, args=(settings,))
    upgrading.start()
    upgrading.join()
    app = create_app(settings)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)  # compiled here, not in each worker
    return app


def _upgrade(settings: Settings) -> None:
    """Upgrade the database in a process that ends: Alembic takes 10 MB that no worker needs.

    What goes wrong here goes wrong again when the application is made, and is reported there.
    """
    with suppress(Exception):
        migrate.upgrade(Database(settings.database))


class Supervisor(MPServer):
    """Granian's main process; it has the first worker run the jobs, and never gives up on dead workers.

    Granian itself ends everything when a worker dies twice within 5.5 seconds.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._is_stopping = threading.Event()
        self._last_death = -float(CALM_SECONDS)
        self._rest = 0

    def signal_handler_interrupt(self, *args: Any, **options: Any) -> None:
        self._is_stopping.set()
        super().signal_handler_interrupt(*args, **options)  # type: ignore[no-untyped-call]  # Granian's

    def _spawn_worker(self, *args: Any, **options: Any) -> Any:
        options["target"] = partial(_run_worker, options["target"])
        options["callback_loader"] = partial(options["callback_loader"], runs_jobs=options["idx"] == 0)
        return super()._spawn_worker(*args, **options)

    def _respawn_workers(self, workers: Any, spawn_target: Any, target_loader: Any, delay: float = 0) -> None:
        is_calm = time.monotonic() - self._last_death > CALM_SECONDS
        self._rest = 0 if is_calm else min(max(1, 2 * self._rest), LONGEST_REST_SECONDS)
        if self._is_stopping.wait(self._rest):
            return
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self._last_death = time.monotonic()
        self.respawned_wrks.clear()  # what Granian looks at to give up


def _run_worker(target: Callable[..., None], *args: Any) -> None:
    try:
        target(*args)
    except Exception as error:  # Python would print it, message and all
        log.event("a worker cannot go on", logging.CRITICAL, error)
        sys.exit(1)


def start_worker(app: Flask, runs_jobs: bool) -> Callable[[Any, Any], Awaitable[None]]:
    """Return what a worker runs; called in the worker, right after the fork."""
    threading.Thread(target=_end_with_parent, daemon=True, name="parent").start()
    sys.setswitchinterval(SWITCH_SECONDS)
    context: Context = app.extensions["quizapp"]
    if runs_jobs:
        jobs.run_every_hour(context)
    # On SQLite all waits are short. On PostgreSQL the host may fall silent, and then threads are busy for seconds.
    queue_seconds = None if context.database.is_sqlite else ANSWER_SECONDS
    return RsgiApplication(app, protective(https=context.settings.https), queue_seconds).handle


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    parent.join()
    log.event("the main process has died, and this worker ends with it", logging.CRITICAL)
    os._exit(1)


def _free_address(host: str, port: int) -> str:
    """Return the IP address to listen on. Raise OSError if the name is unknown or the port is taken."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
    return str(address[0])


def _connection_limit() -> int:
    """Return how many connections a worker may have open, after asking the system for as many files as that needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    files = max(soft, wanted if hard == resource.RLIM_INFINITY else min(wanted, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(1, min(CONNECTIONS, files - OTHER_FILES))


def _own_address() -> str | None:
    """Return this computer's address on its network: the one that it would send from. Nothing is sent."""
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address for documentation
        return str(probe.getsockname()[0])
    return None


def _url(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _announce(context: Context, host: str, port: int) -> None:
    listens_to_all = host in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    address = context.settings.public_url.rstrip("/") or _url("127.0.0.1" if listens_to_all else host, port)
    print(f"Data      {context.settings.instance_path}")
    print(f"Patients  {address}/")
    print(f"Staff     {address}/staff/")
    if listens_to_all:
        print(f"Network   {_url(_own_address() or 'THIS-COMPUTERS-ADDRESS', port)}/ (from other devices)")
    elif opens_only_here(address):
        print("Note      Other devices cannot reach this: start with --host 0.0.0.0, or set QUIZAPP_PUBLIC_URL")
    for name, instead in context.editions.catalogue.problem_lines():
        print(f"Broken    {name}: {instead}; run: quizapp check")
    for procedure_id, approvals in context.editions.catalogue.approvals.items():
        waiting = sum(approval.state is not ApprovalState.APPROVED for approval in approvals)
        if waiting:
            print(f"Note      {procedure_id}: {waiting} of {len(approvals)} lessons not yet approved by a clinician")
    with context.database.transaction() as session:
        token = accounts.first_lead_link(session, context.clock())
    if token:
        print(f"First lead account (this link works once, for 24 hours):\n          {address}/staff/link/{token}")
    sys.stdout.flush()

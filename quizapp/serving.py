"""`quizapp serve`: checks everything first, then runs workers for patients and a process for staff."""

import logging.config
import socket
import sys
from functools import partial

from granian import Granian
from granian.constants import Interfaces

from quizapp import log
from quizapp.accounts import account_service
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.domain.approval import ApprovalState
from quizapp.hourly import sweep_now
from quizapp.receiving import create_rsgi
from quizapp.staff_process import staff_process
from quizapp.web.context import Context


def serve(settings: Settings, host: str, port: int) -> int:
    """Serve until stopped; the exit code. Raises BadSetting or BrokenContent before anything is served."""
    logging.config.dictConfig(log.CONFIG)
    logging.captureWarnings(True)
    busy = _why_not(host, port)
    if busy:
        print(busy, file=sys.stderr)
        return 1
    app = create_app(settings)
    context: Context = app.extensions["quizapp"]
    _announce(context, host, port)
    sweep_now(context)
    # The processes that are forked from here must not inherit open connections: SQLite would take this process's locks
    # for theirs, and once this process dies, who opens the database next would throw away what they write.
    context.database.dispose()
    server = Granian(
        "quizapp",  # a name only: the application is made by the loader
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=settings.workers,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        websockets=False,
        log_access=False,  # an access log would hold patients' addresses
        log_level="warning",  # type: ignore[arg-type]  # an enum of strings
        log_dictconfig=log.CONFIG,
    )
    with staff_process() as socket_path:
        server.serve(target_loader=partial(create_rsgi, socket_path), wrap_loader=False)
    return 0


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


def _announce(context: Context, host: str, port: int) -> None:
    address = context.settings.public_url.rstrip("/") or f"http://{_shown(host)}:{port}"
    print(f"Data      {context.settings.instance_path}")
    print(f"Patients  {address}/")
    print(f"Staff     {address}/staff/")
    for procedure_id, approvals in context.editions.catalogue.approvals.items():
        waiting = sum(approval.state is not ApprovalState.APPROVED for approval in approvals)
        if waiting:
            print(f"Note      {procedure_id}: {waiting} of {len(approvals)} lessons not yet approved by a clinician")
    with context.database.writing() as session:
        token = account_service.first_lead_link(session, context.clock())
        session.commit()
    if token:
        print(f"First lead account (this link works once, for 24 hours):\n          {address}/staff/link/{token}")
    sys.stdout.flush()


def _shown(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host

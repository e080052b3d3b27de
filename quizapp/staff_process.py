"""A process of its own that answers staff, and sweeps.

Python runs one thread at a time: in one process an export would make the answers that patients send meanwhile three
times as slow. So the workers that `serve` starts answer patients, and hand over what begins with /staff/.
"""

import io
import json
import logging
import logging.config
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from quizapp import logs
from quizapp.answering import Answer, Environ, Wsgi, answer
from quizapp.app import create_app
from quizapp.hourly import sweep_every_hour

PATIENCE_SECONDS, AGAIN_SECONDS = 20, 0.05  # while the process starts, or starts again
MOST_WAITING = 64
NICENESS = 5  # where there is one core for all, patients' answers go before an export; staff keep about a quarter
GONE: Answer = (
    503,
    [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
    b"This did not get through. Please go back and try again.",
)


@contextmanager
def staff_process() -> Iterator[str]:
    """Runs it, and again should it die, until the block is left; the address at which it answers."""
    with TemporaryDirectory(prefix="quizapp-") as folder:
        address = str(Path(folder) / "staff")
        process = _started(address)
        is_over = threading.Event()

        def keep() -> None:
            nonlocal process
            while True:
                process.join()
                if is_over.wait(AGAIN_SECONDS):
                    return
                logs.event("the process that answers staff ended and is started again", logging.WARNING)
                process = _started(address)

        threading.Thread(target=keep, daemon=True, name="staff").start()
        try:
            yield address
        finally:
            is_over.set()
            process.kill()


def asking(address: str) -> Callable[[Environ], Answer]:
    """What a worker calls to have a request of staff answered there."""

    def ask(environ: Environ) -> Answer:
        connection = _connected(address)
        if connection is None:
            return GONE
        with connection:
            try:
                _send_request(connection, environ)
                return _receive_answer(connection)
            except (EOFError, OSError):
                return GONE

    return ask


def _connected(address: str) -> Connection | None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            return Client(address, "AF_UNIX", authkey=multiprocessing.current_process().authkey)
        except (OSError, EOFError):
            time.sleep(AGAIN_SECONDS)
    return None


def _started(address: str) -> BaseProcess:
    process = multiprocessing.Process(target=_run, args=(address,), name="quizapp-staff")
    process.start()
    return process


def _run(address: str) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # it ends last: the workers wait for its answers
    logging.config.dictConfig(logs.CONFIG)
    os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    application = create_app()
    sweep_every_hour(application.extensions["quizapp"])
    Path(address).unlink(missing_ok=True)
    with Listener(address, "AF_UNIX", MOST_WAITING, multiprocessing.current_process().authkey) as listener:
        while True:
            try:
                connection = listener.accept()
            except (AuthenticationError, EOFError, OSError):  # whoever asked has gone
                continue
            threading.Thread(target=_serve, args=(connection, application), daemon=True, name="request").start()


def _serve(connection: Connection, application: Wsgi) -> None:
    with connection:
        try:
            _send_answer(connection, answer(application, _receive_request(connection)))
        except (EOFError, OSError):  # the worker has gone, and with it whoever waited
            return


# A request and an answer are two messages each: what can be said in JSON, and the body. (Connections' own send() is
# pickle, by which whoever got at the socket could have anything done.)


def _send_request(connection: Connection, environ: Environ) -> None:
    said = {name: value for name, value in environ.items() if name != "wsgi.input"}
    connection.send_bytes(json.dumps(said).encode())
    connection.send_bytes(environ["wsgi.input"].read())


def _receive_request(connection: Connection) -> Environ:
    said: Environ = json.loads(connection.recv_bytes())
    return said | {"wsgi.input": io.BytesIO(connection.recv_bytes())}


def _send_answer(connection: Connection, answered: Answer) -> None:
    status, headers, body = answered
    connection.send_bytes(json.dumps([status, headers]).encode())
    connection.send_bytes(body)


def _receive_answer(connection: Connection) -> Answer:
    status, headers = json.loads(connection.recv_bytes())
    return status, [(name, value) for name, value in headers], connection.recv_bytes()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)

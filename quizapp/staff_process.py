"""A process of its own that answers staff, and sweeps.

Python runs one thread at a time: in one process an export would make the answers that patients send meanwhile three
times as slow. So the workers that `serve` starts answer patients, and hand over what begins with /staff/.
"""

import logging
import logging.config
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Client, Connection, Listener
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory

from quizapp import log
from quizapp.answering import Answer, Environ, Wsgi, answer
from quizapp.app import create_app
from quizapp.hourly import sweep_every_hour
from quizapp.staff_messages import receive_answer, receive_request, send_answer, send_request

START_SECONDS = 8  # how long a request waits for a process that starts, or starts again
LONGEST_SECONDS = 120  # ten times what any export takes
AGAIN_SECONDS = 0.05
SHORT_LIFE_SECONDS, REST_SECONDS = 5, 3  # what cannot start is not tried again and again without a rest
MOST_WAITING = 64  # connections that are not taken up yet
NICENESS = 10  # patients' answers go before an export; where they keep every core busy, staff still have about a tenth
NOT_SENT = b"This did not get through, and nothing was stored. Please go back and try again."
NOT_ANSWERED = b"We cannot tell whether this was stored. Please go back, and look before you do it again."


@contextmanager
def staff_process() -> Iterator[str]:
    """Runs it, and again should it die, until the block is left; the path of the socket at which it answers.

    Only this account can open the folder that the socket is in.
    """
    with TemporaryDirectory(prefix="quizapp-") as folder:
        keeper = _Keeper(str(Path(folder) / "staff"))
        keeper.start()
        try:
            yield keeper.socket_path
        finally:
            keeper.end()


class _Keeper(threading.Thread):
    """Starts the process, and starts it again whenever it has died."""

    def __init__(self, socket_path: str) -> None:
        super().__init__(daemon=True, name="staff")
        self.socket_path = socket_path
        self._process = self._new_process()
        self._is_over = threading.Event()

    def run(self) -> None:
        while True:
            begun = time.monotonic()
            self._process.join()
            lived = time.monotonic() - begun
            if self._is_over.wait(REST_SECONDS if lived < SHORT_LIFE_SECONDS else AGAIN_SECONDS):
                return
            code = self._process.exitcode or 0
            log.event("the process that answers staff ended and is started again", logging.WARNING, code=code)
            self._process = self._new_process()

    def end(self) -> None:
        self._is_over.set()
        while self.is_alive():  # it may just have started another
            self._process.kill()
            self.join(AGAIN_SECONDS)

    def _new_process(self) -> BaseProcess:
        process = multiprocessing.Process(target=_run, args=(self.socket_path,), name="quizapp-staff")
        process.start()
        return process


def asking(socket_path: str, headers: Mapping[str, str]) -> Callable[[Environ], Answer]:
    """What a worker calls to have a request of staff answered there; `headers` of what it says where that fails."""

    def ask(environ: Environ) -> Answer:
        connection = _connected(socket_path)
        if connection is None:
            return failed(NOT_SENT)
        with connection:
            try:
                send_request(connection, environ)
                return receive_answer(connection) if connection.poll(LONGEST_SECONDS) else failed(NOT_ANSWERED)
            except (EOFError, OSError):
                return failed(NOT_ANSWERED)

    def failed(words: bytes) -> Answer:
        log.event("a request of staff was not answered", logging.ERROR)
        return 503, [("Content-Type", "text/plain; charset=utf-8"), *headers.items()], words

    return ask


def _connected(socket_path: str) -> Connection | None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            return Client(socket_path, "AF_UNIX")
        except OSError:
            time.sleep(AGAIN_SECONDS)
    return None


def _run(socket_path: str) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends last: the workers wait for its answers
    logging.config.dictConfig(log.CONFIG)
    os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    try:
        application = create_app()
    except Exception as error:  # multiprocessing would print it, message and all
        log.event("the process that answers staff cannot start", logging.CRITICAL, error)
        return
    sweep_every_hour(application.extensions["quizapp"])
    Path(socket_path).unlink(missing_ok=True)
    with Listener(socket_path, "AF_UNIX", MOST_WAITING) as listener:
        while True:
            try:
                connection = listener.accept()
            except OSError:  # whoever asked has gone
                time.sleep(AGAIN_SECONDS)
                continue
            threading.Thread(target=_serve, args=(connection, application), daemon=True, name="request").start()


def _serve(connection: Connection, application: Wsgi) -> None:
    with connection:
        try:
            send_answer(connection, answer(application, receive_request(connection)))
        except (EOFError, OSError):  # the worker has gone, and with it whoever waited
            return
        except Exception as error:  # a thread would print it, message and all
            log.event("a request of staff broke off", logging.ERROR, error)


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)

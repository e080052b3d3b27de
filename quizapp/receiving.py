"""Takes a request in whole before a thread works on it.

Under plain WSGI a thread waits for the rest of a form: four senders of one byte a second, and nobody else is served.
Here they cost a coroutine each. Granian's own protocol (RSGI) gives the bodies to an event loop; the application
stays WSGI, on threads that take turns.
"""

import asyncio
import gc
import io
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from quizapp.answering import Answer, Environ, answer
from quizapp.app import MAX_REQUEST_BYTES, create_app
from quizapp.staff_process import asking
from quizapp.taking_turns import Turns
from quizapp.web.context import Context
from quizapp.web.headers import protective

THREADS, STAFF_THREADS = 8, 8
# How long a thread keeps Python's lock while another waits for it. Python's own 5 ms is longer than any page takes.
LOCK_SECONDS = 0.0005
BODY_SECONDS = 20  # our longest form is under 4 KB
TEXT = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]

Rsgi = Callable[[Any, Any], Awaitable[None]]
Answering = Callable[[Environ], Answer]


def create_rsgi(staff_socket: str) -> Rsgi:
    """What a worker of `serve` runs: it answers patients; staff are answered at that socket."""
    application = create_app()
    sys.setswitchinterval(LOCK_SECONDS)
    gc.collect()
    gc.freeze()  # content and code stay: to look through them for garbage stopped everybody for a tenth of a second
    # PostgreSQL is waited for. SQLite answers at once: a second thread would only take Python's lock from the first.
    context: Context = application.extensions["quizapp"]
    at_once = 1 if context.database.is_sqlite else 2
    answer_staff = asking(staff_socket, protective(https=context.settings.https))
    return receiver(partial(answer, application), answer_staff, at_once)


def receiver(answer_patients: Answering, answer_staff: Answering, at_once: int) -> Rsgi:
    """The application for granian's RSGI, `at_once` threads at work for patients."""
    patients, staff = Turns(THREADS, at_once), Turns(STAFF_THREADS, STAFF_THREADS)

    async def receive(scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(400)
            return
        body, size = b"", _told_size(scope)
        if size <= MAX_REQUEST_BYTES and ("content-length" in scope.headers or "transfer-encoding" in scope.headers):
            try:
                async with asyncio.timeout(BODY_SECONDS):
                    body, size = await _body(protocol)
            except TimeoutError:
                protocol.response_str(408, TEXT, "The request took too long to arrive. Please try again.")
                return
        environ = _environ(scope, body, size)
        loop = asyncio.get_running_loop()
        answered = loop.create_future()

        is_staff = scope.path.lstrip("/").startswith("staff/")  # the application takes "//staff/" for "/staff/"
        turns, answer_this = (staff, answer_staff) if is_staff else (patients, answer_patients)

        def work() -> None:
            try:
                protocol.response_bytes(*answer_this(environ))
            except BaseException as error:
                loop.call_soon_threadsafe(answered.set_exception, error)
            else:
                loop.call_soon_threadsafe(answered.set_result, None)

        turns.add(work, loop)
        await answered

    return receive


def _told_size(scope: Any) -> int:
    """What the request says of its body's size; one that is too long is refused without waiting for it."""
    length = scope.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) < 20 else 0


async def _body(protocol: Any) -> tuple[bytes, int]:
    """The body and its size; nothing of one that is too long, which the application refuses by its size."""
    parts, size = [], 0
    async for part in protocol:
        size += len(part)
        if size > MAX_REQUEST_BYTES:
            return b"", size
        parts.append(bytes(part))
    return b"".join(parts), size


def _environ(scope: Any, body: bytes, size: int) -> Environ:
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),  # as WSGI wants it
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        if "_" in name:  # would pass for the same name with a hyphen
            continue
        key = f"HTTP_{name.upper().replace('-', '_')}"
        between = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{between}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:  # HTTP/2
        environ["HTTP_HOST"] = scope.authority
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(size)
    return environ

"""Runs the WSGI application behind RSGI, granian's own protocol.

Each request is read into memory in the event loop before a thread works on it. Under plain WSGI a thread waits for the
rest of a form, so a few clients that send one byte a second stop everybody else.
"""

import asyncio
import io
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from quizapp.app import MAX_REQUEST_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Threads for each beginning of a path. What staff ask for never keeps a patient waiting, and when the database does not
# answer, static files and health checks still do.
THREADS = {"/staff/": 4, "/static/": 1, "/healthz": 1, "/metrics": 1, "/": 2}
MAX_QUEUED = 1000  # requests that wait for a thread, for each of the pools above
MAX_BUFFERED_BYTES = 64 * 1024 * 1024  # of all bodies in one worker
BODY_SECONDS = 20  # our longest form is under 4 KB
BUSY = "Many people are here just now, and nothing was stored. Please try again in a moment."
TEXT = [("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close")]

Environ = dict[str, Any]
Response = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


class Refused(Exception):
    """A request that is answered without calling the application."""

    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words


class RsgiApplication:
    """A WSGI application behind granian's own protocol, RSGI."""

    def __init__(
        self, application: "WSGIApplication", headers: Mapping[str, str], queue_seconds: float | None = None
    ) -> None:
        """`queue_seconds`: how long a request may wait for a thread; None: for as long as it takes."""
        self._application, self._queue_seconds = application, queue_seconds
        self._refusal_headers = [*headers.items(), *TEXT]
        self._pools = {beginning: _Pool(threads) for beginning, threads in THREADS.items()}
        self._buffered = 0

    async def handle(self, scope: Any, protocol: Any) -> None:
        body = bytearray()
        try:
            await self._read_body(scope, protocol, body)
            await self._respond(scope, protocol, bytes(body))
        except Refused as refused:
            protocol.response_str(refused.status, self._refusal_headers, refused.words)
        finally:
            self._buffered -= len(body)

    async def _read_body(self, scope: Any, protocol: Any, body: bytearray) -> None:
        """Fill `body`, counted in `_buffered`. Raise Refused if it does not arrive whole and in time."""
        if "transfer-encoding" in scope.headers:  # without a length nothing shows whether it is whole
            raise Refused(411, "Please send this with a Content-Length.")
        length = int(scope.headers.get("content-length", "0"))  # granian refuses what is not a number
        if length == 0 or length > MAX_REQUEST_BYTES:  # the application refuses what is too long, by its length
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for part in protocol:
                    body.extend(part)
                    self._buffered += len(part)
                    if self._buffered > MAX_BUFFERED_BYTES:
                        raise Refused(503, BUSY)
        except TimeoutError:
            raise Refused(408, "The request took too long to arrive. Please try again.") from None
        if len(body) != length:
            raise Refused(400, "This did not arrive in full, and nothing was stored. Please try again.")

    async def _respond(self, scope: Any, protocol: Any, body: bytes) -> None:
        path = f"/{scope.path.lstrip('/')}"  # the application takes "//staff/" for "/staff/"
        pool = next(pool for beginning, pool in self._pools.items() if path.startswith(beginning))
        if pool.waiting >= MAX_QUEUED:
            raise Refused(503, BUSY)
        environ = _environ(scope, body)
        pool.waiting += 1
        working = pool.submit(lambda: protocol.response_bytes(*_whole_response(self._application, environ)))
        responded = asyncio.wrap_future(working)
        try:
            if self._queue_seconds is not None:
                done, _ = await asyncio.wait((responded,), timeout=self._queue_seconds)
                if not done and working.cancel():  # no thread was free
                    raise Refused(503, BUSY)
            await responded
        finally:
            pool.waiting -= 1


class _Pool(ThreadPoolExecutor):
    waiting = 0  # requests that have a thread or wait for one


def _whole_response(application: "WSGIApplication", environ: Environ) -> Response:
    """Return the whole response to one request. Werkzeug's run_wsgi_app copies environ and headers for each."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started[:] = [int(status.partition(" ")[0]), headers]
        return lambda _data: None

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started
    return status, headers, body


def _environ(scope: Any, body: bytes) -> Environ:
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),  # as WSGI wants it
        "QUERY_STRING": scope.query_string.encode().decode("latin-1"),
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "quizapp.arrived": time.monotonic(),
    }
    for name, value in scope.headers.items():
        key = f"HTTP_{name.upper().replace('-', '_')}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        if "_" not in name:  # would pass for the same name with a hyphen
            environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ["CONTENT_LENGTH"] = environ.pop("HTTP_CONTENT_LENGTH", "0")
    return environ

"""Has a WSGI application answer one request."""

import sys
from collections.abc import Callable, Iterable
from typing import Any

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Answer = tuple[int, list[tuple[str, str]], bytes]  # status, headers, body


def answer(application: Wsgi, environ: Environ) -> Answer:
    """The whole of what the application says. The environ needs no `wsgi.version` and `wsgi.errors`."""
    started: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        started[:] = [int(status.split(" ", 1)[0]), headers]
        return lambda _data: None

    parts = application(environ | {"wsgi.version": (1, 0), "wsgi.errors": sys.stderr}, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    status, headers = started
    return status, headers, body

"""What each page of the patient's walk costs, in one process with no network: time, CPU, SQL, bytes.

    python -m tests.bench.pages [--times 200] [--posts 30]

A GET is asked for again and again on the same attempt, a POST once in each of many walks.
"""

import argparse
import gzip
import json
import re
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from quizapp.app import create_app
from quizapp.config import Settings
from tests.http_patient import HttpPatient, Reply

WANTED_MEDIAN_MS = 10


@dataclass
class Figures:
    """What was seen of one kind of request."""

    ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    plain_bytes: int = 0
    gzip_bytes: int = 0


class Meter:
    """Sends requests straight to the WSGI application, and notes what each kind of request took."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.found: dict[str, Figures] = {}
        self.statements = 0
        event.listen(app.extensions["quizapp"].database.engine, "before_cursor_execute", self._count)

    def _count(self, _connection, _cursor, statement: str, *_rest) -> None:
        self.statements += not statement.startswith("BEGIN")

    def send(
        self, method: str, path: str, cookies: dict[str, str], fields: dict[str, str] | None
    ) -> tuple[int, Headers, bytes]:
        builder = EnvironBuilder(
            path=path,
            method=method,
            data=fields,
            headers={"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()), "Accept-Encoding": "gzip"},
        )
        environ = builder.get_environ()
        said: list[tuple[str, list[tuple[str, str]]]] = []
        self.statements = 0
        begun, cpu = time.perf_counter(), time.thread_time()
        parts = self.app(environ, lambda status, headers, _error=None: said.append((status, headers)))
        body = b"".join(parts)
        parts.close()
        ms, cpu_ms = (time.perf_counter() - begun) * 1000, (time.thread_time() - cpu) * 1000
        builder.close()
        status, headers = int(said[0][0].split()[0]), Headers(said[0][1])
        seen = self.found.setdefault(f"{method} {kind(path)}", Figures())
        seen.ms.append(ms)
        seen.cpu_ms.append(cpu_ms)
        seen.statements.append(self.statements)
        seen.gzip_bytes = max(seen.gzip_bytes, len(body))
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        seen.plain_bytes = max(seen.plain_bytes, len(body))
        return status, headers, body


def kind(path: str) -> str:
    """The address without what differs from patient to patient and lesson to lesson."""
    path = re.sub(r"^/p/[^/]+", "/p", path.split("?")[0])
    path = re.sub(r"/(question|feedback)/[^/]+", r"/\1", path)
    return re.sub(r"/\d+$", "", path)


@dataclass
class DirectPatient(HttpPatient):
    """The patient of the other benches, with no network between; a GET is asked for `times` times."""

    meter: Meter | None = None
    times: int = 1

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> Reply:
        assert self.meter
        for _ in range(self.times if method == "GET" else 1):
            status, headers, body = self.meter.send(method, path, self.cookies, fields)
        for cookie in headers.get_all("Set-Cookie"):
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return Reply(status, headers.get("Location", ""), body.decode())


def measure(times: int, posts: int) -> dict[str, dict[str, float]]:
    """Each kind of request with its medians."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance_path=Path(folder), secret_key="bench", starts_per_minute=1_000_000))
        meter = Meter(app)
        DirectPatient("", meter=meter).walk()  # everything is loaded and compiled now
        meter.found.clear()
        DirectPatient("", meter=meter, times=times).walk()
        gets = {name: seen for name, seen in meter.found.items() if name.startswith("GET")}
        for _ in range(posts):
            DirectPatient("", meter=meter).walk()
        meter.found |= gets
        app.extensions["quizapp"].database.dispose()
    return {
        name: {
            "ms": round(statistics.median(seen.ms), 3),
            "cpu_ms": round(statistics.median(seen.cpu_ms), 3),
            "statements": statistics.median(seen.statements),
            "plain_bytes": seen.plain_bytes,
            "gzip_bytes": seen.gzip_bytes,
        }
        for name, seen in meter.found.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--posts", type=int, default=30)
    options = parser.parse_args()
    found = measure(options.times, options.posts)
    slowest = max(figures["ms"] for name, figures in found.items() if name.startswith("GET"))
    print(json.dumps({"requests": found, "slowest_get_ms": slowest, "wanted_ms": WANTED_MEDIAN_MS}, indent=2))
    return 0 if slowest <= WANTED_MEDIAN_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())

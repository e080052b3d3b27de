"""What one patient's walk weighs on a device that holds nothing yet: 7 lessons, 14 questions, and each file once.

python -m tests.bench.weight
"""

import json
import re
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from werkzeug.datastructures import Headers

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.web.compression import ENCODINGS
from tests.bench.visitor import Keys, shipped_keys
from tests.http_patient import HttpPatient, Reply

WANTED_KB = 60
FILES = re.compile(r'(?:src|href)="(/static/[^"]+)"')


@dataclass
class Weighing(HttpPatient):
    """A patient who answers all right, in a browser that takes one encoding and fetches each file once."""

    app: Flask | None = None
    encoding: str = "gzip"
    bytes_of: Counter[str] = field(default_factory=Counter)
    has: set[str] = field(default_factory=set)
    keys: Keys = field(default_factory=shipped_keys)

    def next_form(self) -> tuple[str, dict[str, str]] | None:
        form = super().next_form()
        if form and "option" in form[1]:
            form[1]["option"] = self.keys[form[0].rsplit("/", 1)[-1], form[1]["form"]]
        return form

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> Reply:
        status, headers, _ = self.fetch("pages", method, path, fields, self.encoding)
        # A page once more as it is, to read it: what is read is not what is weighed.
        text = self.fetch("", method, path, fields, "identity")[2].decode() if method == "GET" else ""
        for file in set(FILES.findall(text)) - self.has:
            self.has.add(file)
            self.fetch("styles, script and drawings", "GET", file, None, self.encoding)
        return Reply(status, headers.get("Location", ""), text)

    def fetch(
        self, kind: str, method: str, path: str, fields: dict[str, str] | None, encoding: str
    ) -> tuple[int, Headers, bytes]:
        assert self.app
        client = self.app.test_client(use_cookies=False)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = client.open(path, method=method, data=fields, headers={"Cookie": cookies, "Accept-Encoding": encoding})
        for cookie in reply.headers.get_all("Set-Cookie"):
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        if kind:
            self.bytes_of[kind] += len(reply.data)
            self.bytes_of["headers, as HTTP/1.1 sends them"] += len(str(reply.headers)) + len("HTTP/1.1 200 OK\r\n")
        return reply.status_code, reply.headers, reply.data


def weigh(encoding: str) -> dict[str, float]:
    """KB (1,000 bytes) by kind, and of all that is compressed together."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance_path=Path(folder), secret_key="bench"))
        patient = Weighing("", app=app, encoding=encoding)
        patient.walk()
        app.extensions["quizapp"].database.dispose()
    kb = {kind: round(size / 1000, 1) for kind, size in sorted(patient.bytes_of.items())}
    return kb | {"pages and files": round(kb["pages"] + kb["styles, script and drawings"], 1)}


def main() -> None:
    print(json.dumps({"wanted_kb": WANTED_KB} | {encoding: weigh(encoding) for encoding in ENCODINGS}, indent=2))


if __name__ == "__main__":
    main()

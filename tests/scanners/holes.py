"""A small application with ten holes on purpose: a scanner that does not find them proves nothing about ours.

Loopback only, and only while `scan.py` runs it. Each hole has its name in HOLES beside what finds it.

    python -m tests.scanners.holes PORT
"""

import html
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, make_server

Environ = dict[str, Any]
Answer = tuple[str, list[tuple[str, str]], str]

# Hole -> the finding that counts as having found it: (tool, words of the finding, part of the address or "").
HOLES = {
    "reflected markup": ("wapiti", "Reflected Cross Site Scripting", "/search"),
    "stored markup": ("wapiti", "Stored Cross Site Scripting", "/guests"),
    "SQL in an address": ("wapiti", "SQL Injection", "/item"),
    "SQL in a form": ("sqlmap", "SQL Injection", "/login"),
    "reads any file": ("wapiti", "Path Traversal", "/file"),
    "runs any command": ("wapiti", "Command execution", "/ping"),
    "leads to any site": ("wapiti", "Open Redirect", "/go"),
    "headers from outside": ("wapiti", "CRLF Injection", "/language"),
    "form without a token": ("wapiti", "Cross Site Request Forgery", "/guests"),
    "no content security policy": ("wapiti", "Content Security Policy Configuration", ""),
}

guests: list[str] = []
database = sqlite3.connect(":memory:", check_same_thread=False)
database.executescript(
    "CREATE TABLE item (id INTEGER, name TEXT); INSERT INTO item VALUES (1, 'pump'), (2, 'lamp');"
    "CREATE TABLE person (name TEXT, password TEXT); INSERT INTO person VALUES ('ann', 'sesame');"
)


def page(body: str) -> Answer:
    return "200 OK", [("Content-Type", "text/html; charset=utf-8")], f"<!doctype html><title>Holes</title>{body}"


def index(_asked: dict[str, str]) -> Answer:
    links = ("/search?q=pump", "/item?id=1", "/file?name=notes.txt", "/ping?host=localhost", "/go?to=/guests")
    anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in (*links, "/language?code=en", "/guests"))
    login = '<form method="post" action="/login"><input name="name"><input name="password"><button>In</button></form>'
    return page(anchors + login)


def search(asked: dict[str, str]) -> Answer:
    return page(f"<p>You looked for {asked.get('q', '')}</p>")


def guestbook(asked: dict[str, str]) -> Answer:
    if "words" in asked:
        guests.append(asked["words"])
    form = '<form method="post" action="/guests"><input name="words"><button>Write</button></form>'
    return page("".join(f"<p>{words}</p>" for words in guests[-20:]) + form)


def item(asked: dict[str, str]) -> Answer:
    try:
        rows = database.execute(f"SELECT name FROM item WHERE id = {asked.get('id', '1')}").fetchall()
    except sqlite3.Error as error:
        return page(f"<p>sqlite3.OperationalError: {html.escape(str(error))}</p>")
    return page(f"<p>{html.escape(str(rows))}</p>")


def login(asked: dict[str, str]) -> Answer:
    try:
        found = database.execute(
            f"SELECT 1 FROM person WHERE name = '{asked.get('name', '')}' AND password = '{asked.get('password', '')}'"
        ).fetchone()
    except sqlite3.Error as error:
        return page(f"<p>sqlite3.OperationalError: {html.escape(str(error))}</p>")
    return page("<h1>Welcome</h1>" if found else "<p>That does not fit.</p>")


def file(asked: dict[str, str]) -> Answer:
    try:
        return page(f"<pre>{html.escape(Path(asked.get('name', '')).read_text(errors='replace')[:4000])}</pre>")
    except (OSError, ValueError):
        return page("<p>No such file.</p>")


def ping(asked: dict[str, str]) -> Answer:
    command = f"echo looking for {asked.get('host', '')}".replace("\x00", "")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=30, errors="replace")
    return page(f"<pre>{html.escape(done.stdout)}</pre>")


def go(asked: dict[str, str]) -> Answer:
    return "302 Found", [("Location", asked.get("to", "/").replace("\r", "").replace("\n", ""))], ""


def language(asked: dict[str, str]) -> Answer:
    status, headers, body = page("<p>Language chosen.</p>")
    return status, [*headers, ("Content-Language", asked.get("code", "en"))], body


PAGES: dict[str, Callable[[dict[str, str]], Answer]] = {
    "/": index,
    "/search": search,
    "/guests": guestbook,
    "/item": item,
    "/login": login,
    "/file": file,
    "/ping": ping,
    "/go": go,
    "/language": language,
}


def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked |= parse_qs(body.decode(errors="replace"), keep_blank_values=True)
    view = PAGES.get(environ["PATH_INFO"])
    status, headers, text = (
        view({name: values[0] for name, values in asked.items()}) if view else ("404 Not Found", [], "<p>Nothing.</p>")
    )
    start_response(status, headers)
    return [text.encode(errors="replace")]


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """No line for each of thousands of requests."""


if __name__ == "__main__":
    make_server("127.0.0.1", int(sys.argv[1]), application, handler_class=Quiet).serve_forever()

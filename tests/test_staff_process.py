"""The process of its own that answers staff."""

import io
import os
import stat
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from quizapp.answering import Environ
from quizapp.staff_process import asking, staff_process


@pytest.fixture
def address(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIZAPP_INSTANCE_PATH", str(tmp_path / "instance"))
    with staff_process() as address:
        yield address


def asked_for(method: str, path: str, body: bytes = b"") -> Environ:
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def test_it_answers_as_the_application_does(address):
    ask = asking(address)
    status, headers, body = ask(asked_for("GET", "/staff/login"))
    assert status == 200
    assert ("Cache-Control", "no-store") in headers
    assert b"<h1" in body
    assert ask(asked_for("GET", "/staff/"))[0] == 303
    assert ask(asked_for("POST", "/staff/login", b"name=Nobody"))[0] == 400
    assert ask(asked_for("GET", "/staff/sheet/\xc3\xa9"))[0] in (303, 404)  # as WSGI writes an address with an accent


def test_it_answers_nobody_but_our_own_processes(address):
    assert asking(address)(asked_for("GET", "/staff/login"))[0] == 200
    assert stat.S_IMODE(Path(address).parent.stat().st_mode) == 0o700
    with pytest.raises(AuthenticationError):
        Client(address, "AF_UNIX", authkey=os.urandom(32))
    assert asking(address)(asked_for("GET", "/staff/login"))[0] == 200


def test_it_says_that_a_request_did_not_get_through_where_the_process_has_gone(tmp_path, monkeypatch):
    monkeypatch.setattr("quizapp.staff_process.PATIENCE_SECONDS", 0.2)
    status, _headers, body = asking(str(tmp_path / "nobody"))(asked_for("GET", "/staff/login"))
    assert status == 503
    assert b"try again" in body

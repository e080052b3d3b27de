"""The process of its own that answers staff."""

import io
import os
import signal
import socket
import stat
import threading
from multiprocessing.connection import Listener
from pathlib import Path

import pytest

from quizapp.answering import Environ
from quizapp.staff_process import asking, staff_process
from quizapp.web.headers import protective
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, children, start_server

pytestmark = pytest.mark.server
HEADERS = protective(https=False)
WAYS = ("/staff/login", "//staff/login", "/%73taff/login")


@pytest.fixture
def socket_path(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIZAPP_INSTANCE_PATH", str(tmp_path / "instance"))
    with staff_process() as socket_path:
        yield socket_path


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


def test_it_answers_as_the_application_does(socket_path):
    ask = asking(socket_path, HEADERS)
    status, headers, body = ask(asked_for("GET", "/staff/login"))
    assert status == 200
    assert ("Cache-Control", "no-store") in headers
    assert b"<h1" in body
    assert ask(asked_for("GET", "/staff/"))[0] == 303
    assert ask(asked_for("POST", "/staff/login", b"name=Nobody"))[0] == 400
    assert ask(asked_for("GET", "/staff/sheet/\xc3\xa9"))[0] in (303, 404)  # as WSGI writes an address with an accent


def test_it_answers_nobody_but_our_own_processes(socket_path):
    assert stat.S_IMODE(Path(socket_path).parent.stat().st_mode) == 0o700


def test_it_is_not_held_up_by_one_who_connects_and_says_nothing(socket_path):
    ask = asking(socket_path, HEADERS)
    assert ask(asked_for("GET", "/staff/login"))[0] == 200
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(socket_path)
        assert ask(asked_for("GET", "/staff/login"))[0] == 200


def test_it_says_that_nothing_was_stored_where_there_is_no_process(tmp_path, monkeypatch):
    monkeypatch.setattr("quizapp.staff_process.START_SECONDS", 0.2)
    status, headers, body = asking(str(tmp_path / "nobody"), HEADERS)(asked_for("POST", "/staff/login"))
    assert status == 503
    assert HEADERS.items() <= set(headers)
    assert b"nothing was stored" in body


def test_it_says_that_it_cannot_tell_where_the_process_died_over_a_request(tmp_path):
    path = str(tmp_path / "dies")
    with Listener(path, "AF_UNIX") as listener:

        def take_it_and_die() -> None:
            with listener.accept() as connection:
                connection.recv_bytes()

        dying = threading.Thread(target=take_it_and_die)
        dying.start()
        status, _headers, body = asking(path, HEADERS)(asked_for("POST", "/staff/login", b"name=Nobody"))
        dying.join()
    assert status == 503
    assert b"cannot tell" in body


def test_it_leaves_patients_alone_however_the_address_of_staff_is_written(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    patient = HttpPatient(server.address)
    staff = children(server)[0]
    os.kill(staff, signal.SIGSTOP)
    asked = [threading.Thread(target=HttpPatient(server.address).request, args=("GET", path)) for path in WAYS]
    for one in asked:
        one.start()
    patient.walk()
    assert patient.is_done
    assert all(one.is_alive() for one in asked)
    os.kill(staff, signal.SIGCONT)
    for one in asked:
        one.join()
    server.stop()

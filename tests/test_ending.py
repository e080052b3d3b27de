"""How a real `quizapp serve` ends, and other servers that can run the same application."""

import http.client
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from quizapp.app import create_app
from tests.http_patient import HttpPatient
from tests.serving import (
    LEFT_RIGHT,
    Server,
    children,
    free_port,
    group_members,
    start_server,
    wait_until_it_answers,
)

pytestmark = pytest.mark.server
ENDS_WITHIN = BACK_WITHIN = 60.0  # seconds until a test gives up waiting; how long it takes is no promise


def still_listens(server: Server) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])), timeout=1).close()
    except OSError:
        return False
    return True


def left_waiting(server: Server, person: HttpPatient, url: str, fields: dict[str, str]) -> http.client.HTTPConnection:
    """A form that has come in; its answer is still to be read."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=30)
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", url, urllib.parse.urlencode(fields), headers)
    assert person.request("GET", "/healthz").status == 200  # sent later, so the form has come in
    return connection


def is_well(server: Server) -> bool:
    """Whether patients and staff are answered."""
    try:
        return all(HttpPatient(server.address).request("GET", url).status == 200 for url in ("/", "/staff/login"))
    except (OSError, http.client.HTTPException):
        return False


def test_it_ends_on_sigterm_and_finishes_the_answer_that_was_on_its_way(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    patient = HttpPatient(server.address)
    patient.open("/")
    while "/question/" not in patient.url:
        patient.step()
    form = patient.next_form()
    assert form
    database = sqlite3.connect(tmp_path / "instance" / "quizapp.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")  # the answer has to wait for this
    connection = left_waiting(server, patient, *form)
    begun = time.monotonic()
    os.kill(server.process.pid, signal.SIGTERM)
    while still_listens(server):
        assert time.monotonic() - begun < ENDS_WITHIN
    database.execute("ROLLBACK")
    assert connection.getresponse().status == 303
    assert server.process.wait(timeout=20) == 0
    assert database.execute("SELECT count(*) FROM response").fetchone() == (1,)
    database.close()
    assert group_members(server.process.pid) == []


def test_it_finishes_what_staff_wait_for_before_it_ends(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    nurse = HttpPatient(server.address)
    nurse.open("/staff/login")
    database = sqlite3.connect(tmp_path / "instance" / "quizapp.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")  # the sign-in has to wait for this
    fields = {"csrf_token": nurse.token, "name": "Nobody", "password": "seven green boats on a lake"}
    connection = left_waiting(server, nurse, "/staff/login", fields)
    begun = time.monotonic()
    os.killpg(server.process.pid, signal.SIGTERM)  # as systemd does: each process gets it
    while still_listens(server):
        assert time.monotonic() - begun < ENDS_WITHIN
    database.execute("ROLLBACK")
    database.close()
    assert b"is not right" in connection.getresponse().read()
    assert server.process.wait(timeout=20) == 0
    assert group_members(server.process.pid) == []


def test_it_restarts_a_worker_however_often_it_is_killed(tmp_path):
    """Granian alone gives up after two deaths within 5.5 seconds."""
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), workers="1")
    assert is_well(server)
    for _ in range(3):
        [worker] = children(server)
        os.kill(worker, signal.SIGKILL)
        killed = time.monotonic()
        while children(server) in ([], [worker]) or not is_well(server):
            assert time.monotonic() - killed < BACK_WITHIN
            time.sleep(0.05)
        print(f"serving again {time.monotonic() - killed:.1f} s after a worker was killed")
    server.stop()
    assert group_members(server.process.pid) == []


def test_it_goes_on_with_the_other_worker_where_one_of_two_is_killed(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), workers="2")
    patient = HttpPatient(server.address)
    patient.walk()
    assert patient.is_done
    worker, _other = children(server)
    os.kill(worker, signal.SIGKILL)
    while worker in group_members(server.process.pid):
        time.sleep(0.01)
    another = HttpPatient(server.address)
    another.walk()
    assert another.is_done
    server.stop()
    assert group_members(server.process.pid) == []


def test_it_ends_with_its_main_process_and_keeps_what_was_stored(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), workers="2")
    patient = HttpPatient(server.address)
    patient.walk()
    assert patient.is_done
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    killed = time.monotonic()
    while group_members(server.process.pid):
        assert time.monotonic() - killed < ENDS_WITHIN
        time.sleep(0.01)
    database = sqlite3.connect(tmp_path / "instance" / "quizapp.sqlite3")
    assert database.execute("SELECT count(*) FROM response").fetchone()[0] > 0
    database.close()
    port = int(server.address.rsplit(":", 1)[1])
    again = start_server(tmp_path / "instance", port, questions_path=str(LEFT_RIGHT))  # nothing holds the port
    assert is_well(again)
    again.stop()


def test_it_shares_no_open_database_with_its_workers(tmp_path):
    """SQLite would take one process's locks for another's: what a worker stores would be thrown away."""
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    files = [link.readlink().name for link in Path(f"/proc/{server.process.pid}/fd").iterdir()]
    assert not [name for name in files if name.startswith("quizapp.sqlite3")]
    server.stop()


def test_it_runs_under_flasks_own_server(tmp_path):
    port = free_port()
    environment = {
        **os.environ, "QUIZAPP_INSTANCE_PATH": str(tmp_path / "instance"), "QUIZAPP_QUESTIONS_PATH": str(LEFT_RIGHT)
    }  # fmt: skip
    command = [sys.executable, "-m", "flask", "--app", "quizapp.app", "run", "--port", str(port)]
    with Path(os.devnull).open("w") as nowhere:
        process = subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere, text=True)
    wait_until_it_answers(process, port)
    patient = HttpPatient(f"http://127.0.0.1:{port}")
    patient.walk()
    assert patient.is_done
    process.terminate()
    process.wait(timeout=20)


def test_it_runs_under_any_wsgi_server(settings):
    class Quiet(WSGIRequestHandler):
        def log_message(self, *_arguments):
            pass

    app = create_app(settings)
    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        patient = HttpPatient(f"http://127.0.0.1:{server.server_port}")
        patient.walk()
        assert patient.is_done
        server.shutdown()
        serving.join()
    app.extensions["quizapp"].database.dispose()

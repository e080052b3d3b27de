"""What `quizapp serve` does with connections and forms that are not as they should be."""

import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.abuse.conftest import first_lead
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, Server, free_port, start_server

pytestmark = pytest.mark.server

SILENT = 4 * 1024  # four times as many as once kept everybody out
PATIENTS = 40


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    running = start_server(
        tmp_path_factory.mktemp("server") / "instance", questions_path=str(LEFT_RIGHT), starts_per_minute="1000000"
    )
    yield running
    running.stop()


def send(server: Server, patient: HttpPatient, path: str, headers: str, body: bytes, is_cut: bool = False) -> bytes:
    """Send a form with these headers and return the whole reply. A cut form ends as a lost connection does."""
    cookies = "; ".join(f"{name}={value}" for name, value in patient.cookies.items())
    head = f"POST {path} HTTP/1.1\r\nHost: {server.address.removeprefix('http://')}\r\nCookie: {cookies}\r\n"
    head += f"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n{headers}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])), timeout=30) as connection:
        connection.sendall(head.encode() + body)
        if is_cut:
            connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def at_the_first_question(server: Server) -> tuple[HttpPatient, str, bytes]:
    """Return a patient, the address of the question's form, and the form's body with an answer."""
    patient = HttpPatient(server.address)
    patient.open("/")
    while "/question/" not in patient.url:
        patient.step()
    form = patient.next_form()
    assert form
    return patient, form[0], urllib.parse.urlencode(form[1]).encode()


def stored(server: Server) -> int:
    database = sqlite3.connect(server.instance / "quizapp.sqlite3")
    (count,) = database.execute("SELECT count(*) FROM response").fetchone()
    database.close()
    return int(count)


@pytest.mark.parametrize("missing", [1, 10, 40])
def test_it_refuses_a_form_that_was_cut_off_and_stores_nothing(server, missing):
    patient, path, body = at_the_first_question(server)
    before = stored(server)
    reply = send(server, patient, path, f"Content-Length: {len(body)}", body[:-missing], is_cut=True)
    assert reply.startswith(b"HTTP/1.1 400 ")
    assert stored(server) == before
    assert send(server, patient, path, f"Content-Length: {len(body)}", body).startswith(b"HTTP/1.1 303 ")
    assert stored(server) == before + 1


def test_it_refuses_a_form_in_chunks_whether_or_not_it_is_whole(server):
    patient, path, body = at_the_first_question(server)
    before = stored(server)
    for end in (b"\r\n0\r\n\r\n", b""):
        chunks = b"%x\r\n%b" % (len(body), body) + end
        assert send(server, patient, path, "Transfer-Encoding: chunked", chunks).startswith(b"HTTP/1.1 411 ")
    assert stored(server) == before


@pytest.mark.parametrize("length", ["-1", "+5", "5, 5", "five", "0x5", "9" * 5000, "5\r\nContent-Length: 6"])
def test_it_refuses_a_length_that_is_no_number(server, length):
    patient, path, body = at_the_first_question(server)
    assert send(server, patient, path, f"Content-Length: {length}", body).startswith(b"HTTP/1.1 400 ")


def test_it_explains_to_a_person_that_a_form_is_too_long(server):
    patient, path, body = at_the_first_question(server)
    reply = send(server, patient, path, "Content-Length: 100000", body)
    assert reply.startswith(b"HTTP/1.1 413 ")
    assert b"<h1" in reply


def test_it_takes_raw_utf8_in_an_address(server):
    with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])), timeout=30) as connection:
        connection.sendall("GET /?x=日 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(12) == b"HTTP/1.1 200"


def test_it_closes_a_connection_that_sends_nothing(server):
    with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])), timeout=30) as silent:
        assert silent.recv(1) == b""


def test_it_serves_everybody_while_thousands_of_connections_send_nothing(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < 2 * SILENT:
        pytest.skip("too few files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 2 * SILENT), before[1]))
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), starts_per_minute="1000000")
    port, is_over = int(server.address.rsplit(":", 1)[1]), threading.Event()
    silent = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(SILENT)]

    def connect_again() -> None:
        """Replace those that the server has closed."""
        while not is_over.wait(0.5):
            for place, one in enumerate(silent):
                one.setblocking(False)
                try:
                    one.recv(1)
                except BlockingIOError:
                    continue
                except OSError:
                    pass
                one.close()
                silent[place] = socket.create_connection(("127.0.0.1", port), timeout=30)

    def walk(_number: int) -> bool:
        patient = HttpPatient(server.address)
        patient.walk()
        return patient.is_done

    attacking = threading.Thread(target=connect_again)
    attacking.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(walk, range(PATIENTS))) == [True] * PATIENTS
    finally:
        is_over.set()
        attacking.join()
        for one in silent:
            one.close()
        server.stop()
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def own_address() -> str:
    """The address that this machine sends from."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no network")
        return str(probe.getsockname()[0])


def test_it_listens_on_a_name_too_and_says_that_other_devices_cannot_reach_it(tmp_path):
    server = start_server(tmp_path / "instance", host="localhost", questions_path=str(LEFT_RIGHT), public_url="")
    assert "http://localhost:" in server.said
    assert HttpPatient(server.address).request("GET", "/").status == 200
    server.stop()
    [line] = [line for line in server.said.splitlines() if "Other devices cannot reach" in line]
    assert "--host 0.0.0.0" in line
    assert "QUIZAPP_PUBLIC_URL" in line


def test_it_says_at_which_address_other_devices_reach_it(tmp_path):
    server = start_server(tmp_path / "instance", host="0.0.0.0", questions_path=str(LEFT_RIGHT), public_url="")
    address = server.address.replace("127.0.0.1", own_address())
    assert f"{address}/" in server.said
    assert "cannot reach" not in server.said
    assert HttpPatient(address).request("GET", "/").status == 200
    server.stop()


def test_it_says_nothing_of_networks_behind_a_public_address(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), public_url="https://quiz.example/")
    server.stop()
    assert "Patients  https://quiz.example/\n" in server.said
    assert "cannot reach" not in server.said


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_makes_no_slip_or_poster_that_only_this_machine_can_open(tmp_path, host):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), public_url="")
    lead = first_lead(server)
    lead.browser.address = server.address.replace("127.0.0.1", host)
    fields = {"procedure": "left-right", "language": "en", "count": "4"}
    for reply in (
        lead.post("/staff/invitations", "/staff/invitations", **fields),
        lead.get("/staff/poster/left-right"),
    ):
        assert reply.status == 409
        assert "QUIZAPP_PUBLIC_URL" in reply.body
        assert "<svg" not in reply.body
    server.stop()


def test_it_needs_no_folder_for_temporary_files(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("long" * 50) / "missing"))
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    assert HttpPatient(server.address).request("GET", "/staff/login").status == 200
    server.stop()


def start_in_vain(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from quizapp.cli import main; main()", "serve", "--port", str(free_port())]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_says_once_in_the_log_why_it_cannot_start(tmp_path):
    (tmp_path / "instance").write_text("a file, not a folder")
    done = start_in_vain(QUIZAPP_INSTANCE_PATH=str(tmp_path / "instance"), QUIZAPP_QUESTIONS_PATH=str(LEFT_RIGHT))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert json.loads(line)["event"] == "the server cannot start"


def test_it_says_in_one_line_that_the_port_is_taken(server):
    port = server.address.rsplit(":", 1)[1]
    command = [sys.executable, "-c", "from quizapp.cli import main; main()", "serve", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert port in done.stderr

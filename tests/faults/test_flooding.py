"""Slow sockets, and floods of starts and of sign-ins: ordinary people are still served."""

import resource
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, func, select

from quizapp.models import Attempt
from quizapp.web.context import UNKNOWN_BROWSERS
from tests.bench.soak import PASSWORD, add_nurses
from tests.faults.slow_sockets import SlowSockets
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, start_server

SETTINGS = {"questions_path": str(LEFT_RIGHT)}
WORKERS = 2


@pytest.fixture(autouse=True)
def _open_files():
    """Enough for a thousand sockets, here and in the server."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(("sockets", "walks"), [(100, 3), pytest.param(500, 60, marks=pytest.mark.faults)])
def test_it_serves_others_while_many_send_a_byte_a_second(tmp_path, sockets, walks):
    """A server that reads requests in its threads answers nothing in 30 s, after which a patient here gives up."""
    server = start_server(tmp_path / "instance", **SETTINGS, starts_per_minute="1000000")
    with SlowSockets(int(server.address.rsplit(":", 1)[1]), sockets):
        for _ in range(walks):
            patient = HttpPatient(server.address)
            patient.walk()
            assert patient.is_done
    server.stop()


@pytest.mark.parametrize("starts", [300, pytest.param(5_000, marks=pytest.mark.faults)])
def test_it_caps_a_flood_of_starts_and_serves_the_nurses(tmp_path, starts):
    cap = 30
    server = start_server(tmp_path / "instance", **SETTINGS, starts_per_minute=str(cap))
    [name] = add_nurses(server.instance, 1)
    nurse = HttpPatient(server.address)
    nurse.open("/staff/login")
    fields = {"csrf_token": nurse.token, "name": name, "password": PASSWORD, "next": "/staff/"}
    assert nurse.request("POST", "/staff/login", fields).status == 303
    statuses: list[int] = []
    is_over, waits = threading.Event(), []

    def look_at_the_queue() -> None:
        while not is_over.is_set():
            begun = time.perf_counter()
            assert nurse.request("GET", "/staff/").status == 200
            waits.append(time.perf_counter() - begun)
            is_over.wait(0.1)

    def start(_number: int) -> None:
        patient = HttpPatient(server.address)
        patient.open("/")
        statuses.append(patient.request("POST", "/p/left-right/", {"csrf_token": patient.token}).status)

    watching = threading.Thread(target=look_at_the_queue)
    watching.start()
    begun = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(start, range(starts)))
    minutes = (time.monotonic() - begun) / 60
    is_over.set()
    watching.join()
    server.stop()
    engine = create_engine(f"sqlite:///{tmp_path / 'instance' / 'quizapp.sqlite3'}")
    with engine.connect() as connection:
        rows = connection.scalar(select(func.count()).select_from(Attempt))
    engine.dispose()
    waits.sort()
    print(
        f"\n{starts} starts in {minutes * 60:.0f} s, a cap of {cap} a minute: {rows} attempts; the nurse's queue half "
        f"within {waits[len(waits) // 2] * 1000:.0f} ms, the slowest {waits[-1] * 1000:.0f} ms of {len(waits)}"
    )
    assert set(statuses) == {303, 429}
    assert rows == statuses.count(303) <= cap * (int(minutes) + 2)
    assert waits


@pytest.mark.parametrize("tries", [300, pytest.param(5_000, marks=pytest.mark.faults)])
def test_it_hashes_few_passwords_of_a_flood_and_serves_everyone_else(tmp_path, tries):
    """Before there was a cap, sixteen strangers made a staff page take 371 ms instead of 3."""
    server = start_server(tmp_path / "instance", **SETTINGS, workers=str(WORKERS))
    statuses: list[int] = []
    is_over, waits = threading.Event(), []

    def open_the_start() -> None:
        patient = HttpPatient(server.address)
        while not is_over.is_set():
            begun = time.perf_counter()
            assert patient.request("GET", "/").status == 200
            waits.append(time.perf_counter() - begun)
            is_over.wait(0.05)

    def sign_in(number: int) -> None:
        stranger = HttpPatient(server.address)
        stranger.open("/staff/login")
        fields = {"csrf_token": stranger.token, "name": f"Made Up {number}", "password": "not a password", "next": ""}
        statuses.append(stranger.request("POST", "/staff/login", fields).status)

    watching = threading.Thread(target=open_the_start)
    watching.start()
    begun = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(sign_in, range(tries)))
    seconds = time.monotonic() - begun
    is_over.set()
    watching.join()
    server.stop()
    waits.sort()
    print(
        f"\n{tries} sign-ins in {seconds:.0f} s under as many names: {statuses.count(400)} passwords looked at; the "
        f"start page half within {waits[len(waits) // 2] * 1000:.0f} ms, the slowest {waits[-1] * 1000:.0f} ms of "
        f"{len(waits)}"
    )
    assert len(statuses) == tries
    assert set(statuses) == {400, 429}
    assert statuses.count(400) <= UNKNOWN_BROWSERS.tries + seconds / UNKNOWN_BROWSERS.interval + 1
    assert waits

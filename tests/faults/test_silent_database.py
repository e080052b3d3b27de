"""A database host that falls silent: its processes are stopped, and its kernel still acknowledges what it is sent."""

import os
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults.postgres_cluster import Cluster, cluster_programs
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, free_port, start_server

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(cluster_programs() is None, reason="no PostgreSQL programs"),
]
SETTINGS = {"questions_path": str(LEFT_RIGHT), "starts_per_minute": "1000000", "workers": "1"}
PATIENTS = 12
GIVES_UP = 30.0  # seconds: HttpPatient raises then; without limits nothing answered for as long as anyone waited


def processes(cluster: Cluster) -> list[int]:
    """Return every process of the cluster, the main one first."""
    main = int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(main)], capture_output=True, text=True, check=False)
    return [main, *map(int, listed.stdout.split())]


def signal_all(cluster: Cluster, what: signal.Signals) -> None:
    for pid in processes(cluster):
        os.kill(pid, what)


@pytest.fixture
def cluster():
    with Cluster(free_port()) as running:
        yield running
        signal_all(running, signal.SIGCONT)


def test_it_says_try_again_in_time_and_goes_on_when_the_database_does(tmp_path: Path, cluster):
    server = start_server(tmp_path / "instance", **SETTINGS, database_url=cluster.url)
    patient = HttpPatient(server.address)
    patient.open("/")
    while "/question/" not in patient.url:
        patient.step()
    form = patient.next_form()
    assert form
    style = next(part for part in patient.page.split('"') if part.startswith("/static/") and part.endswith(".css"))
    signal_all(cluster, signal.SIGSTOP)

    def ask(number: int) -> tuple[int, float, str]:
        begun = time.monotonic()
        one = HttpPatient(server.address, dict(patient.cookies))
        reply = one.request("POST", *form) if number % 2 else one.request("GET", patient.url)
        return reply.status, time.monotonic() - begun, reply.body

    with ThreadPoolExecutor(PATIENTS) as pool:
        asked = pool.map(ask, range(PATIENTS))
        assert HttpPatient(server.address).request("GET", style).status == 200
        assert HttpPatient(server.address).request("GET", "/healthz").status == 503
        replies = list(asked)
    print(
        f"{PATIENTS} answers from a server whose database is silent, after {max(r[1] for r in replies):.1f} s at most"
    )
    assert {status for status, _, _ in replies} == {503}
    assert all("try again" in body.lower() for _, _, body in replies)
    signal_all(cluster, signal.SIGCONT)
    begun = time.monotonic()
    while patient.request("POST", *form).status != 303:
        assert time.monotonic() - begun < GIVES_UP
    print(f"stored again {time.monotonic() - begun:.1f} s after the database went on")
    server.stop()


def test_it_goes_on_with_another_host_when_one_falls_silent(tmp_path: Path, cluster):
    """libpq tries each host of the address in turn."""
    with Cluster(free_port()) as other:
        hosts = f"host=127.0.0.1,127.0.0.1&port={cluster.port},{other.port}"
        for each in (other, cluster):
            start_server(tmp_path / "instance", **SETTINGS, database_url=each.url).stop()
        url = f"postgresql+psycopg://postgres@/postgres?{hosts}"
        server = start_server(tmp_path / "instance", **SETTINGS, database_url=url)
        assert HttpPatient(server.address).request("GET", "/healthz").status == 200
        signal_all(cluster, signal.SIGSTOP)
        begun = time.monotonic()
        while HttpPatient(server.address).request("GET", "/healthz").status != 200:
            assert time.monotonic() - begun < GIVES_UP
        patient = HttpPatient(server.address)
        patient.walk()
        assert patient.is_done
        server.stop()

"""The disk is full, or another program holds the database: calm pages, reading goes on, and it recovers by itself."""

import os
import resource
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bench.soak import processes
from tests.html import parse
from tests.http_patient import HttpPatient, Reply
from tests.serving import LEFT_RIGHT, Server, start_server

SETTINGS = {"questions_path": str(LEFT_RIGHT), "starts_per_minute": "1000000"}


def at_a_question(server: Server) -> HttpPatient:
    patient = HttpPatient(server.address)
    patient.open("/")
    while "/question/" not in patient.url:
        patient.step()
    return patient


def answer(patient: HttpPatient) -> Reply:
    form = patient.next_form()
    assert form is not None
    path, fields = form
    return patient.request("POST", path, {**fields, "option": "left", "certainty": "sure"})


def it_holds_out(server: Server, break_it: Callable[[], None], mend_it: Callable[[], None]) -> None:
    """Eight patients answer while it is broken, others read; once mended, the same eight forms get through."""
    patients = [at_a_question(server) for _ in range(8)]
    reader = at_a_question(server)
    break_it()
    begun = time.perf_counter()
    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(answer, patients))
    waited = time.perf_counter() - begun
    reads = []
    for path in ("/", reader.url, "/p/left-right/lesson/1", "/privacy", "/healthz"):
        begun = time.perf_counter()
        assert reader.request("GET", path).status == 200, path
        reads.append(time.perf_counter() - begun)
    assert [reply.status for reply in refused] == [503] * 8
    for reply in refused:
        assert "Please try again" in reply.body
        assert parse(reply.body).one("[name=option][checked]")["value"] == "left"
    mend_it()
    for patient, reply in zip(patients, refused, strict=True):
        patient.page = reply.body  # the page that came back is enough to go on
        assert answer(patient).status == 303
    print(f"\n8 answers refused within {waited:.1f} s, pages read within {max(reads):.2f} s meanwhile, 8 stored after")


@pytest.fixture
def server(tmp_path):
    running = start_server(tmp_path / "instance", **SETTINGS)
    yield running
    running.stop()


def test_it_holds_out_while_another_program_locks_the_database(server):
    other = sqlite3.connect(server.instance / "quizapp.sqlite3", isolation_level=None)
    it_holds_out(server, lambda: other.execute("BEGIN EXCLUSIVE") and None, lambda: other.execute("ROLLBACK") and None)
    other.close()


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="no prlimit: not on Linux")
def test_it_holds_out_while_no_file_can_be_written(server):
    def limit(size: int) -> None:
        for pid in processes(server):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    it_holds_out(server, lambda: limit(0), lambda: limit(resource.RLIM_INFINITY))


@pytest.fixture
def small_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]).returncode:
        pytest.skip("a small disk can be mounted by root only")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_it_holds_out_on_a_full_disk(small_disk):
    server = start_server(small_disk / "instance", **SETTINGS)

    def fill() -> None:
        with (small_disk / "filler").open("wb") as filler:
            free = shutil.disk_usage(small_disk).free
            filler.write(b"x" * free)

    file = server.instance / "quizapp.sqlite3"
    empty_log(file)  # else there is room in it
    it_holds_out(server, fill, (small_disk / "filler").unlink)
    server.stop()
    connection = sqlite3.connect(file)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def empty_log(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()

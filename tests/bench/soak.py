"""Half an hour of an ordinary busy day: patients at one action in five seconds, nurses beside them.

    python -m tests.bench.soak [--minutes 30] [--patients 200] [--nurses 10]

Prints JSON: errors (there must be none), memory, open files and the write-ahead log of the server over time.
"""

import argparse
import json
import os
import random
import re
import resource
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from quizapp.accounts import accounts, password_hashing
from quizapp.db import Database
from tests.faults.loading import answer_form
from tests.http_patient import HttpPatient, Reply
from tests.serving import Server, start_server

PASSWORD = "seven green boats on a lake"
PATIENT_SECONDS, NURSE_SECONDS = 5.0, 10.0
SAMPLE_SECONDS = 10.0


@dataclass
class Day:
    """What has happened so far."""

    address: str
    is_over: threading.Event = field(default_factory=threading.Event)
    errors: list[str] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def keep_asking(self, who: "SoakPatient | SoakNurse", seconds: float) -> None:
        self.is_over.wait(random.uniform(0, seconds))
        while not self.is_over.is_set():
            begun = time.perf_counter()
            try:
                who.act()
            except Exception as error:
                self.errors.append(f"{type(who).__name__}: {error!r}"[:300])
                who.begin_anew()
            self.waits.append(time.perf_counter() - begun)
            self.is_over.wait(random.uniform(0.5, 1.5) * seconds)


class SoakPatient:
    """Walks again and again, choosing anything."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.begin_anew()

    def begin_anew(self) -> None:
        self.patient = HttpPatient(self.day.address)

    def act(self) -> None:
        patient = self.patient
        if not patient.page or patient.is_done:
            if patient.is_done:
                self.day.actions["walks finished"] += 1
            self.begin_anew()
            _must(self.patient.open("/"), 200)
            return
        form = patient.next_form()
        if form is None:
            _must(patient.open(patient.next_link or "/"), 200)
        else:
            path, fields = form
            if "option" in fields:
                fields = answer_form(patient, fields)
            reply = _must(patient.request("POST", path, fields), 303)
            _must(patient.open(reply.location), 200)
            if path.endswith("/prompts"):
                self.day.codes.append(re.findall(r"[a-z]+-[a-z]+-[0-9]{3}", patient.page)[0])
        self.day.actions["patients' pages"] += 1


class SoakNurse:
    """Reads the queue, finds a sheet by its code, records outcomes, closes it."""

    def __init__(self, day: Day, name: str) -> None:
        self.day, self.name = day, name
        self.begin_anew()

    def begin_anew(self) -> None:
        self.browser = HttpPatient(self.day.address)

    def act(self) -> None:
        browser = self.browser
        if not browser.page:
            browser.open("/staff/login")
            fields = {"csrf_token": browser.token, "name": self.name, "password": PASSWORD, "next": "/staff/"}
            _must(browser.request("POST", "/staff/login", fields), 303)
        _must(browser.open("/staff/"), 200)
        self.day.actions["queue pages"] += 1
        if not self.day.codes:
            return
        fields = {"csrf_token": browser.token, "code": self.day.codes.pop(0)}
        reply = _must(browser.request("POST", "/staff/find", fields), 303)
        sheet = reply.location
        _must(browser.open(sheet), 200)
        outcomes = dict.fromkeys(re.findall(r'name="(outcome\.[^"]+)"', browser.page), "understood")
        fields = {"csrf_token": browser.token, "then": "close", **outcomes}
        _must(browser.request("POST", sheet, fields), 303)
        self.day.actions["sheets talked over"] += 1


def _must(reply: Reply, status: int) -> Reply:
    if reply.status != status:
        raise AssertionError(f"{reply.status} {reply.body[:200]}")
    return reply


def processes(server: Server) -> list[int]:
    """Every process of the server's group."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == server.process.pid:
                found.append(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def sample(server: Server) -> dict[str, float]:
    """What the server's processes hold now. Sockets come and go with those who ask, files must not."""
    memory = files = sockets = 0
    for pid in processes(server):
        status = Path(f"/proc/{pid}/status").read_text()
        memory += int(re.findall(r"VmRSS:\s+(\d+)", status)[0])
        kinds = [_is_socket(Path(f"/proc/{pid}/fd/{name}")) for name in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208 - its entries vanish while it is read
        sockets += sum(kinds)
        files += len(kinds) - sum(kinds)
    log = server.instance / "quizapp.sqlite3-wal"
    wal_mb = log.stat().st_size / 1e6 if log.exists() else 0
    return {"memory_mb": memory / 1024, "open_files": files, "open_sockets": sockets, "wal_mb": wal_mb}


def _is_socket(entry: Path) -> bool:
    try:
        return str(entry.readlink()).startswith("socket:")
    except FileNotFoundError:  # closed since: only sockets come and go so fast
        return True


def add_nurses(instance: Path, count: int) -> list[str]:
    names = [f"Nurse {number}" for number in range(1, count + 1)]
    database = Database(f"sqlite:///{instance / 'quizapp.sqlite3'}")
    with database.writing() as session:
        for name in names:
            accounts.add(session, name, "nurse").password_hash = password_hashing.hash_password(PASSWORD, name)
        session.commit()
    database.dispose()
    return names


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--patients", type=int, default=200)
    parser.add_argument("--nurses", type=int, default=10)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder) / "instance", starts_per_minute="1000000")
        day = Day(server.address)
        people: list[tuple[SoakPatient | SoakNurse, float]] = [
            (SoakPatient(day), PATIENT_SECONDS) for _ in range(options.patients)
        ]
        names = add_nurses(server.instance, options.nurses)
        people += [(SoakNurse(day, name), NURSE_SECONDS) for name in names]
        threads = [threading.Thread(target=day.keep_asking, args=person) for person in people]
        for thread in threads:
            thread.start()
        samples, end = [], time.monotonic() + options.minutes * 60
        while time.monotonic() < end:
            day.is_over.wait(min(SAMPLE_SECONDS, options.minutes * 6))
            samples.append(sample(server))
        day.is_over.set()
        for thread in threads:
            thread.join()
        size = (server.instance / "quizapp.sqlite3").stat().st_size / 1e6
        server.stop()
    warm = samples[len(samples) // 10 :]  # the first tenth warms up: threads and connections are made as needed
    waits = sorted(day.waits)
    figures = {
        "minutes": options.minutes,
        "patients": options.patients,
        "nurses": options.nurses,
        "actions": dict(day.actions),
        "errors": len(day.errors),
        "first_errors": day.errors[:3],
        "memory_mb": _over_time(warm, "memory_mb"),
        "open_files": _over_time(warm, "open_files"),
        "open_sockets": _over_time(warm, "open_sockets"),
        "wal_mb_most": round(max(one["wal_mb"] for one in samples), 1),
        "database_mb": round(size, 1),
        "half_within_ms": round(waits[len(waits) // 2] * 1000),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000),
    }
    print(json.dumps(figures, indent=2))


def _over_time(samples: list[dict[str, float]], name: str) -> dict[str, float]:
    """At the start, at the end (each the middle of a tenth of all samples) and at most."""
    values = [one[name] for one in samples]
    few = max(1, len(values) // 10)
    first, last = sorted(values[:few])[few // 2], sorted(values[-few:])[few // 2]
    return {"start": round(first, 1), "end": round(last, 1), "most": round(max(values), 1)}


if __name__ == "__main__":
    main()

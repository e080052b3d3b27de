"""Journeys a second, at 8 and at 128 visitors, ours against a bare application, in one run, taking turns.

    python -m tests.bench.journeys [--rounds 3] [--journeys 60]
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import quizapp
from tests.http_patient import HttpPatient
from tests.serving import Server, free_port, start_server

ROOT = Path(quizapp.__file__).parents[1]


def start_bare(folder: Path) -> Server:
    """The bare application on granian, set up as ours is."""
    port = free_port()
    environment = {**os.environ, "BENCH_DATABASE": str(folder / "bare.sqlite3"), "PYTHONPATH": str(ROOT)}
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--workers", "1",
        "--blocking-threads", "4", "--no-ws", "--port", str(port), "--log-level", "error",
        "tests.bench.bare:create_app",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment, cwd=ROOT, text=True)
    server = Server(f"http://127.0.0.1:{port}", folder, "", process)
    for _ in range(200):
        try:
            HttpPatient(server.address).open("/")
            break
        except OSError:
            time.sleep(0.05)
    return server


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and its children, from /proc."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    ticks = 0
    for one in (pid, *map(int, children)):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def run(server: Server, visitors: int, journeys: int) -> dict[str, float]:
    """`journeys` walks by `visitors` at once, no time to think; rate, CPU a journey, and the slowest steps."""
    steps: list[float] = []
    errors: list[str] = []
    left = iter(range(journeys))
    lock = threading.Lock()

    def visit() -> None:
        while True:
            with lock:
                if next(left, None) is None:
                    return
            patient = HttpPatient(server.address)
            try:
                begun = time.perf_counter()
                patient.open("/")
                steps.append(time.perf_counter() - begun)
                while not patient.is_done:
                    begun = time.perf_counter()
                    patient.step()
                    steps.append(time.perf_counter() - begun)
            except (OSError, AssertionError) as error:
                errors.append(repr(error))

    cpu, begun = cpu_seconds(server.process.pid), time.perf_counter()
    threads = [threading.Thread(target=visit) for _ in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    steps.sort()
    return {
        "journeys_per_second": journeys / seconds,
        "cpu_ms_per_journey": (cpu_seconds(server.process.pid) - cpu) / journeys * 1000,
        "p99_ms": steps[int(len(steps) * 0.99)] * 1000,
        "errors": len(errors),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=60)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    with tempfile.TemporaryDirectory() as folder:
        ours = start_server(Path(folder) / "ours", starts_per_minute="1000000")
        bare = start_bare(Path(folder))
        found: dict[str, list[dict[str, float]]] = {}
        for _ in range(options.rounds):
            for visitors in (8, 128):
                journeys = max(options.journeys, visitors)
                found.setdefault(f"ours at {visitors}", []).append(run(ours, visitors, journeys))
                found.setdefault(f"bare at {visitors}", []).append(run(bare, visitors, journeys))
        ours.stop()
        bare.stop()
    median = {
        name: {key: statistics.median(r[key] for r in runs) for key in runs[0]} for name, runs in found.items()
    }
    rate = {name: figures["journeys_per_second"] for name, figures in median.items()}
    cpu = {name: figures["cpu_ms_per_journey"] for name, figures in median.items()}
    ratios = {
        "rate at 8, ours / bare": rate["ours at 8"] / rate["bare at 8"],
        "rate at 128 / at 8, ours": rate["ours at 128"] / rate["ours at 8"],
        "cpu at 8, ours / bare": cpu["ours at 8"] / cpu["bare at 8"],
    }
    print(json.dumps({"median": median, "ratios": ratios}, indent=2))


if __name__ == "__main__":
    main()

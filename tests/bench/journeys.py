"""Journeys a second, at 8 and at 128 visitors, ours against a bare application, in one run, taking turns.

    python -m tests.bench.journeys [--rounds 3] [--journeys 60]

Each journey is 7 lessons and 14 questions, every answer right, so that both applications serve the same pages. The
visitors have no time to think. At 128 they come twice: within a few seconds, three journeys each, and all in the same
instant, one journey each, so that every page is asked for by all of them at once, the dearest too. Only the servers'
CPU is counted, not the visitors' and not PostgreSQL's: ours runs on PostgreSQL too where QUIZAPP_TEST_POSTGRES names
a server. "ours" has one worker, as "bare" has; `serve` itself takes two where there are two cores.
"""

import argparse
import json
import resource
import statistics
import tempfile
import threading
import time
from pathlib import Path

from tests.bench.servers import cpu_seconds, start_bare
from tests.bench.visitor import Keys, Visitor, shipped_keys
from tests.conftest import drop_database, make_database, postgres_url
from tests.serving import Server, start_server

Figures = dict[str, float]


COMING_SECONDS = 3


def run(server: Server, visitors: int, journeys: int, keys: Keys, coming_seconds: float = 0) -> Figures:
    """`journeys` walks by `visitors`, who all come within so many seconds.

    The rate, CPU, requests and bytes of a journey, and the slowest steps.
    """
    steps: list[float] = []
    done: list[Visitor] = []
    errors: list[str] = []
    left = iter(range(journeys))
    lock = threading.Lock()

    def visit(after_seconds: float) -> None:
        time.sleep(after_seconds)
        while True:
            with lock:
                if next(left, None) is None:
                    return
            visitor = Visitor(server.address, keys)
            try:
                begun = time.perf_counter()
                visitor.open("/")
                steps.append(time.perf_counter() - begun)
                while not visitor.is_done:
                    begun = time.perf_counter()
                    visitor.step()
                    steps.append(time.perf_counter() - begun)
                done.append(visitor)
            except (OSError, AssertionError) as error:
                errors.append(repr(error))
            visitor.close()

    cpu, begun = cpu_seconds(server.process.pid), time.perf_counter()
    threads = [threading.Thread(target=visit, args=(coming_seconds * n / visitors,)) for n in range(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    cpu_ms = (cpu_seconds(server.process.pid) - cpu) / journeys * 1000
    requests = statistics.mean(visitor.requests for visitor in done)
    steps.sort()
    return {
        "journeys_per_second": journeys / seconds,
        "cpu_ms_per_journey": cpu_ms,
        "requests_per_journey": requests,
        "cpu_ms_per_request": cpu_ms / requests,
        "bytes_per_journey": statistics.mean(visitor.received for visitor in done),
        "p50_ms": steps[len(steps) // 2] * 1000,
        "p99_ms": steps[int(len(steps) * 0.99)] * 1000,
        "errors": len(errors),
    }


def medians(runs: list[Figures]) -> Figures:
    return {key: round(statistics.median(figures[key] for figures in runs), 3) for key in runs[0]}


def ratio(found: dict[str, list[Figures]], key: str, one: str, other: str) -> float:
    """The median of the ratios of runs that stood side by side, so that what else the machine does counts less."""
    pairs = zip(found[one], found[other], strict=True)
    return round(statistics.median(a[key] / b[key] for a, b in pairs), 3)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=60)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    keys = shipped_keys()
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "ours": start_server(Path(folder) / "ours", starts_per_minute="1000000", workers="1"),
            "bare": start_bare(Path(folder)),
            "ours with 2 workers": start_server(Path(folder) / "two", starts_per_minute="1000000", workers="2"),
        }
        postgres = postgres_url()
        if postgres:
            url = make_database(postgres)
            place = Path(folder) / "postgres"
            servers["ours on PostgreSQL"] = start_server(
                place, starts_per_minute="1000000", workers="1", database_url=url
            )
        found: dict[str, list[Figures]] = {}
        for server in servers.values():
            run(server, 4, 8, keys)  # everything is loaded now
        for _ in range(options.rounds):
            for when, *how in (
                ("at 8", 8, options.journeys, keys),
                ("at 128", 128, max(3 * 128, options.journeys), keys, COMING_SECONDS),
                ("at 128 at once", 128, 128, keys),
            ):
                for name, server in servers.items():
                    found.setdefault(f"{name} {when}", []).append(run(server, *how))
        for server in servers.values():
            server.stop()
        if postgres:
            drop_database(postgres, url)
    ratios = {
        "rate at 8, ours / bare (wanted 0.7)": ratio(found, "journeys_per_second", "ours at 8", "bare at 8"),
        "rate at 128 / at 8, ours (wanted 0.9)": ratio(found, "journeys_per_second", "ours at 128", "ours at 8"),
        "CPU a journey at 8, ours / bare (wanted 1.4)": ratio(found, "cpu_ms_per_journey", "ours at 8", "bare at 8"),
        "rate at 8, with 2 workers / 1": ratio(found, "journeys_per_second", "ours with 2 workers at 8", "ours at 8"),
        "p99 at 128, ours / bare": ratio(found, "p99_ms", "ours at 128", "bare at 128"),
    }
    if postgres:
        name = "CPU a journey at 8, PostgreSQL / SQLite (wanted 1.5)"
        ratios[name] = ratio(found, "cpu_ms_per_journey", "ours on PostgreSQL at 8", "ours at 8")
    print(json.dumps({"medians": {name: medians(runs) for name, runs in found.items()}, "ratios": ratios}, indent=2))


if __name__ == "__main__":
    main()

"""How many workers and threads: journeys a second on SQLite, in one run, taking turns.

`serve` with one, two and three workers, each of whose threads take turns, beside plain WSGI with threads that do not.

    python -m tests.bench.shapes [--rounds 3] [--journeys 40]
"""

import argparse
import json
import resource
import tempfile
from pathlib import Path

from tests.bench.journeys import Figures, medians, run
from tests.bench.servers import start_granian
from tests.bench.visitor import shipped_keys
from tests.serving import start_server

WORKERS = (1, 2, 3)
WSGI_SHAPES = ((1, 1), (1, 4), (2, 2))  # workers, threads


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=40)
    parser.add_argument("--visitors", type=int, default=32)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    keys = shipped_keys()
    found: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            f"serve, {workers} workers": start_server(
                Path(folder) / f"serve-{workers}", starts_per_minute="1000000", workers=str(workers)
            )
            for workers in WORKERS
        }
        for workers, threads in WSGI_SHAPES:
            place = Path(folder) / f"{workers}-{threads}"
            place.mkdir()
            servers[f"WSGI, {workers} x {threads}"] = start_granian(
                "quizapp.app:create_app", place, workers, threads,
                QUIZAPP_INSTANCE_PATH=str(place), QUIZAPP_STARTS_PER_MINUTE="1000000",
            )  # fmt: skip
        for server in servers.values():
            run(server, 4, 8, keys)  # everything is loaded now
        for _ in range(options.rounds):
            for name, server in servers.items():
                found.setdefault(name, []).append(run(server, options.visitors, options.journeys, keys))
        for server in servers.values():
            server.stop()
    print(json.dumps({name: medians(runs) for name, runs in found.items()}, indent=2))


if __name__ == "__main__":
    main()

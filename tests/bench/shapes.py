"""How many workers and threads: journeys a second on SQLite, in one run, taking turns.

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

SHAPES = ((1, 1), (1, 2), (1, 4), (1, 8), (2, 2))  # workers, threads


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
        servers = {}
        for workers, threads in SHAPES:
            place = Path(folder) / f"{workers}-{threads}"
            place.mkdir()
            servers[f"{workers} x {threads}"] = start_granian(
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

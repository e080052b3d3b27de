"""A full waiting area: 500 patients who think for two seconds between pages, on one real server.

    python -m tests.bench.crowd [--visitors 500] [--think 2] [--seconds 60]

They walk again and again until the time is over. A step is a link or a form, and the page after it.
"""

import argparse
import json
import random
import resource
import tempfile
import threading
import time
from pathlib import Path

from tests.bench.servers import cpu_seconds
from tests.bench.visitor import Keys, Visitor, shipped_keys
from tests.serving import start_server

WANTED_P95_MS = 100


def crowd(address: str, keys: Keys, visitors: int, think: float, seconds: float) -> tuple[list[float], list[str]]:
    """The ms of every step after the first think, and the errors."""
    steps: list[float] = []
    errors: list[str] = []
    over = threading.Event()

    def stay(number: int) -> None:
        chance = random.Random(number)
        over.wait(chance.uniform(0, think))  # they did not all arrive at once
        visitor = Visitor(address, keys)
        while not over.is_set():
            begun = time.perf_counter()
            try:
                if visitor.is_done or not visitor.page:
                    visitor.close()
                    visitor = Visitor(address, keys)
                    visitor.open("/")
                else:
                    visitor.step()
            except (OSError, AssertionError) as error:
                errors.append(repr(error))
                visitor = Visitor(address, keys)
            steps.append((time.perf_counter() - begun) * 1000)
            over.wait(chance.uniform(0.5, 1.5) * think)
        visitor.close()

    threads = [threading.Thread(target=stay, args=(number,)) for number in range(visitors)]
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return sorted(steps), errors


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=500)
    parser.add_argument("--think", type=float, default=2.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    threading.stack_size(256 * 1024)
    keys = shipped_keys()
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), starts_per_minute="1000000")
        cpu = cpu_seconds(server.process.pid)
        steps, errors = crowd(server.address, keys, options.visitors, options.think, options.seconds)
        cpu = cpu_seconds(server.process.pid) - cpu
        server.stop()
    p95 = steps[int(len(steps) * 0.95)]
    figures = {
        "visitors": options.visitors,
        "steps": len(steps),
        "steps_per_second": round(len(steps) / options.seconds, 1),
        "p50_ms": round(steps[len(steps) // 2], 1),
        "p95_ms": round(p95, 1),
        "p99_ms": round(steps[int(len(steps) * 0.99)], 1),
        "errors": len(errors),
        "server_cpu_share": round(cpu / options.seconds, 3),
        "wanted_p95_ms": WANTED_P95_MS,
    }
    print(json.dumps(figures, indent=2))
    return 0 if p95 <= WANTED_P95_MS and not errors else 1


if __name__ == "__main__":
    raise SystemExit(main())

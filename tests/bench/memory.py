"""Memory of `quizapp serve`, all processes together, over many requests.

    python -m tests.bench.memory [--requests 20000]        the full form: --requests 1000000

The figure is the proportional set size (PSS): a page of memory that three processes share counts a third in each.
"""

import argparse
import json
import sys
import tempfile
import threading
from pathlib import Path

from tests.bench.servers import shared_out_mb
from tests.bench.visitor import Keys, Visitor, shipped_keys
from tests.serving import start_server

VISITORS = 8
SAMPLES = 20
WANTED_MB = 136  # 0.6 of what it took when staff had a process of their own
WANTED_GROWTH = 1.10  # of the last sample over the one after a tenth of the requests


def walk_until(address: str, keys: Keys, requests: int) -> int:
    """Visitors walk until so many requests were answered; how many were."""
    left, lock = [requests], threading.Lock()

    def visit() -> None:
        while left[0] > 0:
            visitor = Visitor(address, keys)
            visitor.walk()
            with lock:
                left[0] -= visitor.requests

    threads = [threading.Thread(target=visit) for _ in range(VISITORS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return requests - left[0]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=20_000)
    options = parser.parse_args()
    keys = shipped_keys()
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), starts_per_minute="1000000")
        answered, samples = walk_until(server.address, keys, 500), []
        for _ in range(SAMPLES):
            answered += walk_until(server.address, keys, options.requests // SAMPLES)
            samples.append(shared_out_mb(server.process.pid))
            print(f"{answered:,} requests: {sum(samples[-1].values()):.1f} MB", file=sys.stderr)
        server.stop()
    together = [sum(sample.values()) for sample in samples]
    growth = together[-1] / together[1]
    figures = {
        "requests": answered,
        "together_mb": [round(mb, 1) for mb in together],
        "by_process_mb": [round(mb, 1) for mb in samples[-1].values()],
        "growth": round(growth, 3),
        "wanted_mb": WANTED_MB,
        "wanted_growth": WANTED_GROWTH,
    }
    print(json.dumps(figures, indent=2))
    return 0 if max(together) <= WANTED_MB and growth <= WANTED_GROWTH else 1


if __name__ == "__main__":
    raise SystemExit(main())

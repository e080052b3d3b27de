"""From the command to the first page: `quizapp serve` on a new folder, and on one that it made before.

On a machine that is busy with other work the CPU tells more than the clock.

    python -m tests.bench.start [--times 5]
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.bench.servers import cpu_seconds
from tests.bench.visitor import Visitor
from tests.serving import start_server

WANTED_SECONDS = 1.5


def to_first_page(instance: Path) -> tuple[float, float]:
    """Seconds, and CPU seconds of the server's processes."""
    begun = time.perf_counter()
    server = start_server(instance)
    while True:
        try:
            Visitor(server.address).open("/")
            break
        except OSError:
            time.sleep(0.01)
    seconds, cpu = time.perf_counter() - begun, cpu_seconds(server.process.pid)
    server.stop()
    return seconds, cpu


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    new, again = [], []
    for _ in range(options.times):
        with tempfile.TemporaryDirectory() as folder:
            new.append(to_first_page(Path(folder)))
            again.append(to_first_page(Path(folder)))
    figures = {
        name: {
            "seconds": round(statistics.median(seconds for seconds, _ in runs), 2),
            "cpu_seconds": round(statistics.median(cpu for _, cpu in runs), 2),
        }
        for name, runs in (("on a new folder", new), ("again", again))
    }
    print(json.dumps({"medians": figures, "wanted_seconds": WANTED_SECONDS}, indent=2))
    return 0 if max(each["seconds"] for each in figures.values()) <= WANTED_SECONDS else 1


if __name__ == "__main__":
    raise SystemExit(main())

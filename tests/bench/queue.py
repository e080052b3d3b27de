"""The nurses' queue and the end of a walk, while ever more sheets are open: in one process, no network.

python -m tests.bench.queue [--sheets 1000 10000 100000] [--times 30]
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from quizapp.app import create_app
from quizapp.config import Settings
from tests.bench.filling import fill_sheets, sign_in_lead
from tests.bench.pages import DirectPatient, Figures, Meter

WANTED_MS = 20
PAGES = {
    "first page": "/staff/",
    "tenth page": "/staff/?page=10",
    "to talk first": "/staff/?list=talk-first",
    "one language": "/staff/?language=en",
}


def measure(sizes: list[int], times: int) -> dict[str, dict[str, dict[str, float]]]:
    """For each number of open sheets, the median ms of each page, of an answer and of a finish; and their CPU."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance_path=Path(folder), secret_key="bench", starts_per_minute=1_000_000))
        context = app.extensions["quizapp"]
        edition = next(iter(context.editions.catalogue.editions.values()))
        cookies, there = sign_in_lead(context.database), 0
        for size in sorted(sizes):
            fill_sheets(context.database, edition, size - there, seed=size)
            there, meter = size, Meter(app)
            figures = {}
            for name, path in PAGES.items():
                meter.found.clear()
                for _ in range(times + 1):
                    status, _, _ = meter.send("GET", path, cookies, None)
                    assert status == 200, (path, status)
                figures[name] = medians(meter.found["GET /staff/"])
            meter.found.clear()
            for _ in range(times):
                DirectPatient("", meter=meter).walk()
            figures["answer"] = medians(meter.found["POST /p/question"])
            figures["finish"] = medians(meter.found["POST /p/prompts"])
            found[str(size)] = figures
        context.database.dispose()
    return found


def medians(seen: Figures) -> dict[str, float]:
    return {"ms": round(statistics.median(seen.ms), 2), "cpu_ms": round(statistics.median(seen.cpu_ms), 2)}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=30)
    options = parser.parse_args()
    found = measure(options.sheets, options.times)
    slowest = max(figures[name]["ms"] for figures in found.values() for name in PAGES)
    print(json.dumps({"medians_by_open_sheets": found, "slowest_ms": slowest, "wanted_ms": WANTED_MS}, indent=2))
    return 0 if slowest <= WANTED_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())

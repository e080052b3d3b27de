"""Whether patients notice what staff do: the slowest answers alone, and while a lead opens the heavy pages.

    python -m tests.bench.beside [--sheets 100000] [--rounds 3] [--seconds 20]

Eight patients answer, with a short thought between, on a server with so many open sheets. In every other round a lead
opens one page after another: queue, insights, exports. Rounds alternate; the figure is the ratio of their p99.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from quizapp import demo
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.reports.query import REASONS
from tests.bench.filling import fill_sheets, sign_in_lead
from tests.bench.visitor import HIDDEN, Keys, Visitor, shipped_keys
from tests.serving import start_server

PATIENTS = 8
THINK = 0.1  # seconds
WANTED_RATIO = 4.0
EVERYTHING = {"procedure": "it-pump", "table": "all", "profile": "internal", "reason": min(REASONS), "format": "xlsx"}
# A page to open, and a form to send from it.
HEAVY: dict[str, tuple[str, dict[str, str]]] = {
    "queue": ("/staff/", {}),
    "insights": ("/staff/insights", {}),
    "exports": ("/staff/exports", EVERYTHING),
}


class Answering(Visitor):
    """Notes how long each POST of an answer took."""

    ms: list[float]

    def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
        begun = time.perf_counter()
        reply = super().request(method, path, body)
        if method == "POST" and "/question/" in path:
            self.ms.append((time.perf_counter() - begun) * 1000)
        return reply


def answers(address: str, keys: Keys, seconds: float, heavy: str | None, cookies: dict[bytes, bytes]) -> float:
    """p99 of the answers within so many seconds, while a lead asks for what is heavy again and again."""
    ms: list[float] = []
    over = threading.Event()

    def walk() -> None:
        visitor = Answering(address, keys)
        visitor.ms = ms
        while not over.wait(THINK):
            if visitor.is_done or not visitor.page:
                visitor.close()
                visitor = Answering(address, keys)
                visitor.ms = ms
                visitor.open("/")
            else:
                visitor.step()
        visitor.close()

    def work() -> None:
        lead = Visitor(address, cookies=dict(cookies))
        while heavy and not over.is_set():
            path, form = HEAVY[heavy]
            lead.open(path)
            if form:
                token = dict(HIDDEN.findall(lead.page))[b"csrf_token"].decode()
                body = urllib.parse.urlencode({"csrf_token": token, **form}).encode()
                status, _ = lead.request("POST", path, body)
                assert status == 200, (path, status)
        lead.close()

    threads = [threading.Thread(target=walk) for _ in range(PATIENTS)] + [threading.Thread(target=work)]
    for thread in threads:
        thread.start()
    over.wait(seconds)
    over.set()
    for thread in threads:
        thread.join()
    return sorted(ms)[int(len(ms) * 0.99)]


def fill(folder: Path, sheets: int) -> dict[bytes, bytes]:
    """A database with so many open sheets and some made-up attempts in the totals; the cookie of its lead."""
    app = create_app(Settings(instance_path=folder))
    context = app.extensions["quizapp"]
    demo.fill(
        context.database,
        context.editions,
        context.code_keys,
        context.settings.retention,
        context.clock().date(),
        200,
        seed=1,
    )
    fill_sheets(context.database, context.editions.catalogue.editions["it-pump"], sheets)
    cookies = sign_in_lead(context.database)
    context.database.dispose()
    return {name.encode(): value.encode() for name, value in cookies.items()}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sheets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    keys = shipped_keys()
    with tempfile.TemporaryDirectory() as folder:
        cookies = fill(Path(folder), options.sheets)
        server = start_server(Path(folder), starts_per_minute="1000000")
        alone: dict[str, list[float]] = {name: [] for name in HEAVY}
        beside: dict[str, list[float]] = {name: [] for name in HEAVY}
        for _ in range(options.rounds):
            for name in HEAVY:
                alone[name].append(answers(server.address, keys, options.seconds, None, cookies))
                beside[name].append(answers(server.address, keys, options.seconds, name, cookies))
        server.stop()
    ratios = {
        name: round(statistics.median(b / a for a, b in zip(alone[name], beside[name], strict=True)), 2)
        for name in HEAVY
    }
    figures = {
        "p99_ms_alone": round(statistics.median(ms for runs in alone.values() for ms in runs), 1),
        "p99_ms_beside": {name: round(statistics.median(runs), 1) for name, runs in beside.items()},
        "ratios": ratios,
        "wanted_ratio": WANTED_RATIO,
    }
    print(json.dumps(figures, indent=2))
    return 0 if max(ratios.values()) <= WANTED_RATIO else 1


if __name__ == "__main__":
    raise SystemExit(main())

"""CPU a journey and memory of `serve`, side by side with another checkout in one run.

    python -m tests.bench.against PATH [--rounds 3] [--journeys 100]

PATH is a checkout of another commit with a virtual environment in .venv. Both serve the content of PATH, on SQLite,
with the default number of workers. CPU and memory (PSS) are those of all processes; only the ratios mean anything.
Of the rounds, the lowest CPU counts, because what else runs on the machine can only add to it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from quizapp.content.editions import load_catalogue
from tests.bench.visitor import Keys, Visitor
from tests.serving import ROOT, group_members, start_server


@dataclass(frozen=True)
class Figures:
    cpu_ms: float  # a journey
    pss_mb: float  # after all journeys


def keys_of(questions: Path) -> Keys:
    return {
        (item.id, form.id): form.key.id
        for edition in load_catalogue(questions).editions.values()
        for item in edition.in_language(edition.source).items()
        for form in item.forms
    }


def cpu_seconds(pids: list[int]) -> float:
    fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def pss_mb(pids: list[int]) -> float:
    lines = [line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def measure(checkout: Path, questions: Path, keys: Keys, journeys: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(
            Path(folder), checkout=checkout, questions_path=str(questions), starts_per_minute="100000"
        )
        Visitor(server.address, keys).walk()
        before = cpu_seconds(group_members(server.process.pid))
        for _ in range(journeys):
            Visitor(server.address, keys).walk()
        pids = group_members(server.process.pid)
        figures = Figures(1000 * (cpu_seconds(pids) - before) / journeys, pss_mb(pids))
        server.stop()
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--journeys", type=int, default=100)
    options = parser.parse_args()
    questions = options.other / "questions"
    keys = keys_of(questions)
    ours: list[Figures] = []
    theirs: list[Figures] = []
    for number in range(options.rounds):
        order = [(ROOT, ours), (options.other, theirs)]
        for checkout, figures in order if number % 2 else reversed(order):
            figures.append(measure(checkout, questions, keys, options.journeys))
            print(checkout, figures[-1], file=sys.stderr)
    commit = subprocess.run(
        ["git", "-C", str(options.other), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    medians = {
        name: {
            "cpu_ms_a_journey": round(min(each.cpu_ms for each in figures), 1),
            "pss_mb": round(statistics.median(each.pss_mb for each in figures), 1),
        }
        for name, figures in (("this", ours), (commit.stdout.strip(), theirs))
    }
    this, other = medians.values()
    print(json.dumps({**medians, "ratio": {name: round(this[name] / other[name], 3) for name in this}}, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Run benches and suites, and write their figures to docs/figures.md.

    python -m tests.bench.record                     list what can be recorded
    python -m tests.bench.record start weight ...    run these, and update their rows

A row has the figure, the command, the day, the commit and the machine; rows of what was not run stay as they are.
"""

import json
import os
import platform
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs" / "figures.md"
HEAD = """# Figures

Written by `python -m tests.bench.record`, not by hand. The machines are shared: believe ratios and CPU time more than
seconds. "wanted" is the bound that we set ourselves.

| name | what was measured | figure | wanted | command | when and where |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Figure:
    """One row. `read` makes the figure out of what the command printed; for suites the closing line of pytest."""

    name: str
    what: str
    command: str
    read: Callable[[str], str]
    wanted: str = ""


def printed_json(output: str) -> Any:
    return json.loads(output[output.index("{") : output.rindex("}") + 1])


def from_json(make: Callable[[Any], str]) -> Callable[[str], str]:
    return lambda output: make(printed_json(output))


def closing_line(output: str) -> str:
    """What pytest printed last, without its rules."""
    lines = [line for line in output.splitlines() if re.search(r"\d+ (passed|failed)", line)]
    return lines[-1].strip("= ") if lines else "no test ran"


def sentences_and_closing_line(output: str) -> str:
    """What the tests printed as sentences of figures ("300 x kill -9 ..."), then what pytest printed last."""
    said = [
        line.strip() for line in output.splitlines() if re.search(r"^\.*\d+ (x|backups|walks|requests)\b|^axe: ", line)
    ]
    return "; ".join([*(line.lstrip(".") for line in said), closing_line(output)])


def suite(name: str, what: str, arguments: str, wanted: str = "") -> Figure:
    return Figure(name, what, f"python -m pytest {arguments}", sentences_and_closing_line, wanted)


def claims(output: str) -> str:
    """The highest share of clinics that ever see a false claim, the false alarms, and how often "N more" was enough."""
    ever, rest = output.split("watches,")
    watches, more = rest.split("answers until")[0], rest.split("about N more")[1]
    highest = max(float(line.split()[-1]) for line in ever.splitlines()[1:] if line.strip())
    alarms = re.findall(r"1 in (\d+) quarters", watches)
    came = [float(line.split()[-1]) for line in more.splitlines()[1:] if line.strip()]
    return (
        f"ever false in at most {highest:.3f} of clinics a kind; 1 false alarm in {min(map(int, alarms))} quarters or "
        f"fewer; N more was enough in {min(came):.2f} to {max(came):.2f}"
    )


FIGURES = (
    Figure(
        "size",
        "lines and files of `quizapp/` and `templates/` (8e35afb: 19,941 in 220, 1,730)",
        "python -m tests.bench.size",
        from_json(lambda found: ", ".join(f"{name} {number:,}" for name, number in found.items())),
        "15,500 lines, 150 files, 300 a file",
    ),
    Figure(
        "start",
        "from `quizapp serve` to the first page",
        "python -m tests.bench.start",
        from_json(lambda found: json.dumps(found["medians"])),
        "1.5 s",
    ),
    Figure(
        "pages",
        "slowest page of the walk, in one process",
        "python -m tests.bench.pages",
        from_json(lambda found: f"{found['slowest_get_ms']} ms"),
        "10 ms",
    ),
    Figure(
        "weight",
        "a walk on a device with an empty cache",
        "python -m tests.bench.weight",
        from_json(lambda found: ", ".join(f"{kind} {found[kind]['pages and files']} KB" for kind in ("br", "gzip"))),
        "60 KB by brotli",
    ),
    Figure(
        "queue",
        "the nurses' queue at 100,000 open sheets",
        "python -m tests.bench.queue",
        from_json(lambda found: f"at most {found['slowest_ms']} ms"),
        "20 ms",
    ),
    Figure(
        "crowd",
        "500 patients with two seconds of thought",
        "python -m tests.bench.crowd",
        from_json(lambda found: f"p95 {found['p95_ms']} ms, {found['errors']} errors"),
        "p95 100 ms",
    ),
    Figure(
        "beside",
        "p99 of answers while a lead opens heavy pages, against alone",
        "python -m tests.bench.beside",
        from_json(lambda found: json.dumps(found.get("ratios", found))),
        "4 times",
    ),
    Figure(
        "connections",
        "p99 of answers beside 4,000 silent, slow or half-closed connections, against alone",
        "python -m tests.bench.connections",
        lambda out: out.splitlines()[-1],
        "2 times",
    ),
    Figure(
        "claims",
        "the sentences of the insights page, in 400 simulated clinics looked at 100 times",
        "python -m tests.bench.claims --clinics 400",
        claims,
        "0.05; 1 in 20; 0.75 to 0.85",
    ),
    Figure("check", "`quizapp check` on 1,002 items", "python -m tests.bench.check", lambda out: out.splitlines()[0]),
    Figure(
        "memory",
        "memory of all processes, and its growth over many requests",
        "python -m tests.bench.memory",
        from_json(lambda found: json.dumps({k: v for k, v in found.items() if "wanted" not in k and k != "worker_mb"})),
        "growth 1.10",
    ),
    suite("newcomer", "the README's test command", ""),
    suite(
        "kills",
        "kill -9 and stops of PostgreSQL under load",
        "-n 0 -s -m faults tests/faults/test_killing.py",
        "0 lost",
    ),
    suite(
        "promotions",
        "a standby promoted under load",
        "-n 0 -s -m faults tests/faults/test_promotion.py",
        "0 lost, 3 s",
    ),
    suite("releases", "kill -9 in releases and clean-ups", "-m faults tests/faults/test_releases.py", "0 lost"),
    suite("floods", "slow sockets and floods", "-m faults tests/faults/test_flooding.py"),
    suite("solver", "a solver against 10,000 pairs of releases", "-m full tests/disclosure", "0 derived"),
    suite(
        "axe", "axe on every page and state, eight looks", "-n 0 -s -m full tests/browser/test_pages.py", "0 violations"
    ),
    suite("requests", "generated requests, every route", "-m full tests/abuse/test_made_requests.py", "no 5xx"),
    suite("mangled", "10,000 mangled content files", "-m full tests/content/test_mangled_content.py", "0 tracebacks"),
)


def against(path: str) -> Figure:
    """The row of a comparison with another checkout."""
    return Figure(
        "against",
        "CPU a journey and memory of `serve`, this commit / another",
        f"python -m tests.bench.against {path}",
        from_json(lambda found: json.dumps(found)),
        "CPU 1.0, PSS 0.6",
    )


def machine() -> str:
    return f"{os.cpu_count()} shared cores, {platform.machine()}, Python {platform.python_version()}"


def row(figure: Figure) -> str:
    """Run the command with this interpreter and return its row."""
    command = shlex.split(figure.command)
    run = subprocess.run([sys.executable, *command[1:]], cwd=ROOT, capture_output=True, text=True)
    output = run.stdout if run.stdout.strip() else run.stderr
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout
    shown = re.sub(r"\S*/(?=w-|\.venv|tmp)\S*", "PATH", figure.command)
    cells = (
        figure.name,
        figure.what,
        figure.read(output).replace("|", "/"),
        figure.wanted,
        f"`{shown}`",
        f"{datetime.now(UTC).date().isoformat()}, {commit.strip()}, {machine()}",
    )
    return f"| {' | '.join(cells)} |"


def stored_rows() -> dict[str, str]:
    if not FILE.exists():
        return {}
    return {line.split("|")[1].strip(): line for line in FILE.read_text().splitlines() if re.match(r"\| [a-z]", line)}


def main() -> int:
    known = {figure.name: figure for figure in FIGURES}
    if len(sys.argv) == 1:
        print("\n".join(f"{figure.name:12} {figure.command}" for figure in FIGURES))
        return 0
    rows = stored_rows()
    for name in sys.argv[1:]:
        figure = against(name.removeprefix("against=")) if name.startswith("against=") else known[name]
        rows[figure.name] = row(figure)
        print(rows[figure.name])
        order = [*known, "against"]
        written = sorted(
            (r for n, r in rows.items() if n != "name"), key=lambda r: order.index(r.split("|")[1].strip())
        )
        FILE.write_text(HEAD + "\n".join(written) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The servers that the benches measure, and what they cost."""

import os
import subprocess
import sys
from pathlib import Path

import quizapp
from tests.serving import Server, free_port, wait_until_it_answers

ROOT = Path(quizapp.__file__).parents[1]


def start_bare(folder: Path) -> Server:
    """The bare application on granian, set up as ours is."""
    return start_granian("tests.bench.bare:create_app", folder, BENCH_DATABASE=str(folder / "bare.sqlite3"))


def start_granian(target: str, folder: Path, workers: int = 1, threads: int = 4, **environment: str) -> Server:
    """Any application with so many workers and threads, in a session of its own, as `quizapp serve` has it here.

    The kernel shares the processor out by sessions.
    """
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--workers", str(workers),
        "--blocking-threads", str(threads), "--no-ws", "--port", str(port), "--log-level", "error", target,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, cwd=ROOT, text=True, start_new_session=True
    )
    wait_until_it_answers(process, port)
    return Server(f"http://127.0.0.1:{port}", folder, "", process)


def processes(pid: int) -> tuple[int, ...]:
    """A process and its children."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return (pid, *map(int, children))


def cpu_seconds(pid: int) -> float:
    """CPU time of a process and its children, from /proc."""
    ticks = 0
    for one in processes(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def shared_out_mb(pid: int) -> dict[int, float]:
    """Proportional set size of a process and of each child, in MB."""
    found = {}
    for one in processes(pid):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        found[one] = next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6
    return found

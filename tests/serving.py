"""A real `quizapp serve` for tests."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PUBLIC_URL = "http://clinic.example"  # no slips are made with an address of this machine only
LEFT_RIGHT = Path(__file__).parent / "procedures"


@dataclass
class Server:
    """A running server: its address, its folder, and what it printed at the start."""

    address: str
    instance: Path
    said: str
    process: subprocess.Popen[str]

    @property
    def first_lead_link(self) -> str:
        """Where it is on this machine, whatever the public address is."""
        line = next(line for line in self.said.splitlines() if "/staff/link/" in line)
        return f"{self.address}/staff/link/{line.rpartition('/')[2]}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(
    instance: Path, port: int | None = None, host: str = "127.0.0.1", checkout: Path | None = None, **settings: str
) -> Server:
    """`quizapp serve` in its own process group, ready to answer; of another checkout, if one is given."""
    port = port or free_port()
    instance.mkdir(exist_ok=True)
    log = instance / "server.log"
    environment = {**os.environ, "QUIZAPP_INSTANCE_PATH": str(instance), "PYTHONUNBUFFERED": "1"}
    environment["QUIZAPP_PUBLIC_URL"] = PUBLIC_URL
    environment |= {f"QUIZAPP_{name.upper()}": value for name, value in settings.items()}
    python = str(checkout / ".venv" / "bin" / "python") if checkout and checkout != ROOT else sys.executable
    command = [python, "-c", "from quizapp.cli import main; main()", "serve", "--host", host]
    command += ["--port", str(port)]
    with log.open("a") as output:
        process = subprocess.Popen(
            command,
            cwd=checkout or ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    wait_until_it_answers(process, port, log)
    return Server(f"http://127.0.0.1:{port}", instance, log.read_text(), process)


def wait_until_it_answers(process: subprocess.Popen[str], port: int, log: Path | None = None) -> None:
    """Return when something listens on the port; raise, with what it printed, if it ends or takes 30 s."""
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                said = log.read_text() if log else ""
                raise RuntimeError(f"the server did not start: {said}") from None
            time.sleep(0.05)


def group_members(group: int) -> list[int]:
    found = []
    for entry in (path.name for path in Path("/proc").iterdir() if path.name.isdigit()):
        try:
            if os.getpgid(int(entry)) == group:
                found.append(int(entry))
        except ProcessLookupError:  # it ended while we looked
            continue
    return found


def children(server: Server) -> list[int]:
    """Return the process ids of the workers."""
    return sorted(pid for pid in group_members(server.process.pid) if pid != server.process.pid)

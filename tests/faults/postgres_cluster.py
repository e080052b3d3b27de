"""A PostgreSQL server of a test's own, to be killed."""

import os
import shutil
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import psycopg


def cluster_programs() -> Path | None:
    """The folder with initdb and pg_ctl, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@dataclass
class Cluster:
    """Runs while it is entered; as the user postgres where the tests run as root, whom PostgreSQL refuses."""

    port: int
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="quizapp-postgres-")))

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def __enter__(self) -> "Cluster":
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "postgres", "--no-sync")
        self.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stop_at_once()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start")

    def stop_at_once(self) -> None:
        """As a crash: no transaction is ended, no buffer written."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    def follow(self, primary: "Cluster") -> None:
        """Become the standby that each commit of `primary` waits for, with a new copy of its data."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.stop_at_once()
        shutil.rmtree(self.folder / "data")
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self._run("pg_basebackup", "-D", str(self.folder / "data"), "-d", source, "-R", "-c", "fast", "--no-sync")
        self.start()
        primary.configure("synchronous_standby_names", "*")
        with psycopg.connect(f"{source} dbname=postgres") as connection:
            for _ in range(600):
                if connection.execute("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'").fetchone():
                    return
                threading.Event().wait(0.05)
        raise AssertionError("the standby does not follow")

    def promote(self) -> None:
        """Take over; commits wait for no standby, as there is none."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "promote")
        self.configure("synchronous_standby_names", "")

    def configure(self, name: str, value: str) -> None:
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres", autocommit=True) as own:
            own.execute("SET synchronous_commit = local")
            own.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            own.execute("SELECT pg_reload_conf()")

    def _run(self, program: str, *arguments: str) -> None:
        programs = cluster_programs()
        assert programs is not None
        command = [str(programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder)

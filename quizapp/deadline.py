"""How long this thread may wait for PostgreSQL. SQLite's waits are always short."""

import threading
import time

WAIT_SECONDS = 30.0  # for PostgreSQL's answer to one statement, in a thread without a deadline

_thread = threading.local()


def answer_by(deadline: float | None) -> None:
    """Let this thread wait for PostgreSQL until `deadline` (time.monotonic()) and no longer; None: the usual wait."""
    _thread.deadline = deadline


def seconds_left() -> float:
    """Return how long this thread may still wait for PostgreSQL; 0 or less if its deadline is over."""
    deadline = getattr(_thread, "deadline", None)
    return WAIT_SECONDS if deadline is None else float(deadline - time.monotonic())

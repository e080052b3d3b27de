"""A rate limit that one server process keeps in memory; accounts/throttle.py counts exactly, in the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock


@dataclass
class TokenBucket:
    """Allow `burst` events at once, refilled at `per_second`.

    Each server process counts for itself: it is all right to be a little inexact here. `now` returns seconds from any
    starting point.
    """

    burst: int
    per_second: float
    now: Callable[[], float] = time.monotonic
    _tokens: float = field(init=False)
    _at: float = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._tokens, self._at = self.burst, self.now()

    def take(self) -> bool:
        """Count one event; False if the limit is reached."""
        with self._lock:
            now = self.now()
            self._tokens = min(self.burst, self._tokens + (now - self._at) * self.per_second)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

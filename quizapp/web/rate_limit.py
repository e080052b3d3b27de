"""A token bucket for rate limits that one process keeps in memory; accounts/throttle.py counts in the database."""

import time
from collections.abc import Callable
from threading import Lock


class TokenBucket:
    """Allow `burst` events at once, refilled at `per_second`. Each server process counts for itself."""

    def __init__(self, burst: int, per_second: float, now: Callable[[], float] = time.monotonic) -> None:
        """`now` returns seconds from any starting point."""
        self._burst, self._per_second, self._now = burst, per_second, now
        self._tokens, self._at = float(burst), now()
        self._lock = Lock()

    def take(self) -> bool:
        """Count one event; False if the limit is reached."""
        with self._lock:
            now = self._now()
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

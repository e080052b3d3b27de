"""A cap on how many attempts begin in a minute, all patients together: nobody's address is looked at."""

import time
from collections import deque
from dataclasses import dataclass, field
from threading import Lock

WINDOW_SECONDS = 60.0


@dataclass
class Starts:
    """The starts of the last minute in this process."""

    per_minute: int
    _recent: deque[float] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    def has_room(self) -> bool:
        """Count one start; False when this minute has had its share."""
        now = time.monotonic()
        with self._lock:
            while self._recent and self._recent[0] < now - WINDOW_SECONDS:
                self._recent.popleft()
            if len(self._recent) >= self.per_minute:
                return False
            self._recent.append(now)
            return True

"""A cap on how many passwords are looked at for browsers in which nobody signed in before, all names together.

Each costs some 30 ms of a core, on purpose, and every nurse waits for it: made-up names have a limit each, but there is
no end of names. A browser that is known goes on signing in.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

BURST, PER_SECOND = 60, 3.0  # in each server process; a tenth of a core for as long as a flood lasts


@dataclass
class StrangersTries:
    """The tries that are left in this process. `now` is in seconds, from anywhere on."""

    burst: int = BURST
    per_second: float = PER_SECOND
    now: Callable[[], float] = time.monotonic
    _left: float = field(init=False)
    _at: float = field(init=False)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._left, self._at = self.burst, self.now()

    def has_room(self) -> bool:
        """Count one try; False when it must not be looked at now."""
        with self._lock:
            now = self.now()
            self._left = min(self.burst, self._left + (now - self._at) * self.per_second)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True

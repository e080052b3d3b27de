"""Threads that take turns: few work, and another steps in where one is held up.

Python runs one thread at a time, and changes over at every look into the database: four busy threads cost half as much
CPU again as one. But a single one would let a long export, or a wait for the disk or another machine's database, stop
everybody.
"""

import threading
import time
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue

HELD_UP_SECONDS = 0.05  # longer than any page takes

Work = Callable[[], None]
Inbox = SimpleQueue[Work]


class Turns:
    """Does pieces of work in the order in which they came, so many at once, on at most so many threads.

    A thread that has been at one piece for `held_up_seconds` does not count as working: the next piece is begun on
    another. Work must not raise.
    """

    def __init__(self, most: int, at_once: int, held_up_seconds: float = HELD_UP_SECONDS) -> None:
        self._most = most
        self._at_once = at_once
        self._held_up_seconds = held_up_seconds
        self._lock = threading.Lock()
        self._waiting: deque[Work] = deque()
        self._began: dict[Inbox, float] = {}  # of each thread at work
        self._resting: list[Inbox] = []
        self._is_watched = False

    def add(self, work: Work, loop: AbstractEventLoop) -> None:
        """Have this done. Called on the thread of `loop`, whose timer sees to what is held up."""
        with self._lock:
            self._waiting.append(work)
            if not self._are_enough_working():
                self._begin()
            if self._waiting and not self._is_watched:
                self._is_watched = True
                loop.call_later(self._held_up_seconds, self._watch, loop)

    def _watch(self, loop: AbstractEventLoop) -> None:
        with self._lock:
            if self._waiting and not self._are_enough_working():
                self._begin()
            self._is_watched = bool(self._waiting)
            if self._is_watched:
                loop.call_later(self._held_up_seconds, self._watch, loop)

    def _are_enough_working(self) -> bool:
        """Whether as many threads as may work at once do, and are not held up."""
        held_up = time.monotonic() - self._held_up_seconds
        return sum(began > held_up for began in self._began.values()) >= self._at_once

    def _begin(self) -> None:
        """Give the first of the waiting to another thread, if there is one to be had."""
        if self._resting:
            inbox = self._resting.pop()
        elif len(self._began) < self._most:
            inbox = SimpleQueue()
            threading.Thread(target=self._work, args=(inbox,), daemon=True, name="request").start()
        else:
            return
        self._began[inbox] = time.monotonic()
        inbox.put(self._waiting.popleft())

    def _work(self, inbox: Inbox) -> None:
        while True:
            work: Work | None = inbox.get()
            while work is not None:
                work()
                work = self._next(inbox)

    def _next(self, inbox: Inbox) -> Work | None:
        """What the thread of this inbox does next; None where it rests, since another works."""
        with self._lock:
            del self._began[inbox]
            if self._waiting and not self._are_enough_working():
                self._began[inbox] = time.monotonic()
                return self._waiting.popleft()
            self._resting.append(inbox)
            return None

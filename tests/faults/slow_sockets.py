"""Clients that send so slowly that a server which waits for them has no time for others."""

import random
import socket
import threading
from dataclasses import dataclass, field


@dataclass
class SlowSockets:
    """Many connections; each sends one more byte of its headers or body now and then, and never comes to an end.

    `dropped` counts those that the server closed; each is opened anew.
    """

    port: int
    count: int
    seconds_between: float = 1.0
    dropped: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "SlowSockets":
        for start in range(0, self.count, 50):
            thread = threading.Thread(target=self._drip, args=(min(50, self.count - start),))
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_raised: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _drip(self, count: int) -> None:
        sockets = [self._open(number) for number in range(count)]
        while not self._is_over.wait(self.seconds_between):
            for number, one in enumerate(sockets):
                try:
                    one.send(random.choice([b"a", b"b"]))
                except OSError:
                    self.dropped += 1
                    one.close()
                    sockets[number] = self._open(number)
        for one in sockets:
            one.close()

    def _open(self, number: int) -> socket.socket:
        one = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        head = b"POST /p/left-right/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        if number % 2:
            head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\ncsrf_token="
        else:
            head += b"X-Slow: "
        one.sendall(head)
        one.setblocking(False)
        return one

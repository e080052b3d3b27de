"""Whether patients notice thousands of useless connections: the slowest answers alone, and beside them.

    python -m tests.bench.connections [--connections 4000] [--rounds 3] [--seconds 20]

A third of the connections send nothing, a third a byte a second, and a third end their side in the middle of a request;
each that the server closes is opened anew. Rounds alternate; the figure is the ratio of the answers' p99.
"""

import argparse
import json
import socket
import statistics
import tempfile
import threading
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.beside import answers
from tests.bench.visitor import shipped_keys
from tests.faults.slow_sockets import SlowSockets
from tests.serving import start_server

WANTED_RATIO = 2.0


@dataclass
class IdleSockets:
    """Connections that were opened with `head`, and send no more; if `half_closed`, they said so."""

    port: int
    count: int
    head: bytes = b""
    half_closed: bool = False
    _is_over: threading.Event = field(default_factory=threading.Event)
    _sockets: list[socket.socket] = field(default_factory=list)

    def __enter__(self) -> "IdleSockets":
        self._sockets = [self._open() for _ in range(self.count)]
        self._thread = threading.Thread(target=self._open_again)
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._is_over.set()
        self._thread.join()
        for one in self._sockets:
            one.close()

    def _open_again(self) -> None:
        while not self._is_over.wait(1):
            for place, one in enumerate(self._sockets):
                try:
                    is_closed = one.recv(4096) == b""
                except BlockingIOError:
                    continue
                except OSError:
                    is_closed = True
                if is_closed:
                    one.close()
                    self._sockets[place] = self._open()

    def _open(self) -> socket.socket:
        one = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        one.sendall(self.head)
        if self.half_closed:
            one.shutdown(socket.SHUT_WR)
        one.setblocking(False)
        return one


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, default=4_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    keys, third = shipped_keys(), options.connections // 3
    alone, beside = [], []
    with tempfile.TemporaryDirectory() as folder:
        server = start_server(Path(folder), starts_per_minute="1000000")
        port = int(server.address.rsplit(":", 1)[1])
        for _ in range(options.rounds):
            alone.append(answers(server.address, keys, options.seconds, None, {}))
            with ExitStack() as stack:
                stack.enter_context(SlowSockets(port, third))
                stack.enter_context(IdleSockets(port, options.connections - 2 * third))
                stack.enter_context(IdleSockets(port, third, b"GET / HTTP/1.1\r\nHost: 127", half_closed=True))
                beside.append(answers(server.address, keys, options.seconds, None, {}))
        server.stop()
    ratios = [one / other for one, other in zip(beside, alone, strict=True)]
    figures = {"p99_ms_alone": alone, "p99_ms_beside": beside, "ratio": ratios}
    print(json.dumps({name: [round(one, 2) for one in values] for name, values in figures.items()}))
    ratio = statistics.median(ratios)
    print(f"{options.connections} connections: p99 {ratio:.2f} of alone, at most {WANTED_RATIO}")
    return int(ratio > WANTED_RATIO)


if __name__ == "__main__":
    raise SystemExit(main())

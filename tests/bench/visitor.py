"""A patient's browser that costs next to nothing: one kept connection, gzip, and two regular expressions a page.

It shares the machine with the server that it measures, so it must not be what is measured.
"""

import re
import socket
import urllib.parse
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from quizapp import config
from quizapp.content.editions import load_catalogue

GZIP = 31  # zlib's number for "a gzip member"
MAIN = re.compile(rb"<main.*?</main>", re.DOTALL)
NEXT = re.compile(rb'rel="next" href="([^"]+)"')
ACTION = re.compile(rb'<form method="post" action="([^"]+)"')
HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)"')
OPTION = re.compile(rb'name="option" id="option-1" value="([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: ([^\r]+)", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: ([^=]+)=([^;]*)", re.IGNORECASE)

Keys = Mapping[tuple[str, str], str]


def shipped_keys() -> Keys:
    """The right option of every form of the shipped content: (item, form) -> option."""
    catalogue = load_catalogue(config.questions_folder())
    return {
        (item.id, form.id): form.key.id
        for edition in catalogue.editions.values()
        for item in edition.in_language(edition.source).items()
        for form in item.forms
    }


@dataclass
class Visitor:
    """One device. It answers by `keys`, so that every journey has the same steps, and by the first option elsewhere."""

    address: str
    keys: Keys = field(default_factory=dict)
    cookies: dict[bytes, bytes] = field(default_factory=dict)
    path: str = "/"
    page: bytes = b""
    requests: int = 0
    received: int = 0
    connection: socket.socket | None = None

    @property
    def is_done(self) -> bool:
        return b'id="journey-done"' in self.page

    def walk(self) -> None:
        self.open("/")
        while not self.is_done:
            self.step()
        self.close()

    def step(self) -> None:
        """One page on: the link that leads on, or the page's form and the page after it."""
        found = MAIN.search(self.page)
        main = found[0] if found else b""
        link = NEXT.search(main)
        if link:
            self.open(link[1].decode())
            return
        action = ACTION.search(main)
        if action is None:
            raise AssertionError(f"no way on from {self.path}: {self.page[:200]!r}")
        fields = [(name.decode(), value.decode()) for name, value in HIDDEN.findall(main)]
        option = OPTION.search(main)
        if option:
            asked = (action[1].decode().rsplit("/", 1)[-1], dict(fields).get("form", ""))
            fields += [("option", self.keys.get(asked, option[1].decode())), ("certainty", "think")]
        status, location = self.request("POST", action[1].decode(), urllib.parse.urlencode(fields).encode())
        if status != 303:
            raise AssertionError(f"{status} for {action[1]!r}: {self.page[:200]!r}")
        self.open(location)

    def open(self, path: str) -> None:
        status, location = self.request("GET", path)
        while status == 303:
            path = location
            status, location = self.request("GET", path)
        if status != 200:
            raise AssertionError(f"{status} for {path}")
        self.path = path

    def request(self, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
        """The status and where it leads to; a page that came back stands in `page`."""
        host, port = self.address.removeprefix("http://").split(":")
        if self.connection is None:
            self.connection = socket.create_connection((host, int(port)), timeout=30)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cookies = b"; ".join(b"%b=%b" % pair for pair in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Encoding: gzip\r\n".encode()
        head += b"Cookie: %b\r\n" % cookies if cookies else b""
        if method == "POST":
            head += b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n" % len(body)
        self.connection.sendall(head + b"\r\n" + body)
        return self._receive()

    def _receive(self) -> tuple[int, str]:
        assert self.connection
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        assert length, head
        while len(body) < int(length[1]):
            body += self._more()
        self.requests += 1
        self.received += len(head) + 4 + len(body)
        self.cookies |= dict(COOKIE.findall(head))
        status, location = int(head[9:12]), LOCATION.search(head)
        if status != 303:
            self.page = zlib.decompress(body, GZIP) if b"gzip" in head else body
        return status, location[1].decode() if location else ""

    def _more(self) -> bytes:
        assert self.connection
        data = self.connection.recv(65_536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def close(self) -> None:
        if self.connection:
            self.connection.close()
            self.connection = None

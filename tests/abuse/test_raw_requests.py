"""Case 27 below HTTP: bytes that other clients would not send, straight to a real server."""

import socket

from tests.abuse.conftest import WALK
from tests.http_patient import HttpPatient

HEAD = b"Host: localhost\r\nConnection: close\r\n"
PARTS = b"Content-Type: multipart/form-data; boundary=B\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def status(server, request: bytes) -> int:
    """The status of the answer; 0 where the server hung up without one."""
    host, port = server.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        try:
            connection.sendall(request)
            answer = connection.recv(65536)
        except (ConnectionError, TimeoutError):
            return 0
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.") else 0


def post(body: bytes, headers: bytes = b"") -> bytes:
    return b"POST /clear HTTP/1.1\r\n%b%b%bContent-Length: %d\r\n\r\n%b" % (HEAD, FORM, headers, len(body), body)


def test_case_27_it_answers_broken_bytes_with_a_4xx_and_goes_on(server):
    get, start = b"GET / HTTP/1.1\r\n" + HEAD, b"POST /clear HTTP/1.1\r\n" + HEAD
    refused = {
        "no request": b"garbage\r\n\r\n",
        "no method": b" / HTTP/1.1\r\n" + HEAD + b"\r\n",
        "bytes in the address": b"GET /\xff\xfe HTTP/1.1\r\n" + HEAD + b"\r\n",
        "no UTF-8 in the address": b"GET /%ff%fe HTTP/1.1\r\n" + HEAD + b"\r\n",
        "NUL in the address": b"GET /%00 HTTP/1.1\r\n" + HEAD + b"\r\n",
        "NUL in a header": get + b"X-A: \x00\r\n\r\n",
        "line in a header": get + b"X-A: a\rb\r\n\r\n",
        "long address": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n",
        "many headers": get + b"X-A: a\r\n" * 1000 + b"\r\n",
        "length that is no number": start + b"Content-Length: 1e400\r\n\r\n",
        "two lengths": start + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "length of a hundred gigabytes": start + FORM + b"Content-Length: 99999999999\r\n\r\na",
        "in pieces": start + FORM + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "length and pieces": start + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "TRACE": b"TRACE / HTTP/1.1\r\n" + HEAD + b"\r\n",
        "CONNECT": b"CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "a megabyte": post(b"a=" + b"x" * 1_000_000),
        "10,000 fields": post(b"&".join(b"a=%d" % n for n in range(10_000))),
        "no UTF-8": post(b"\xff\xfe=\xff&csrf_token=\xff"),
        "5,000 parts": start + PARTS + b"Content-Length: 35000\r\n\r\n" + b"--B\r\n\r\n" * 5000,
    }
    for kind, request in refused.items():
        assert 400 <= status(server, request) < 500, kind
    taken = {
        "bytes in a cookie": get + b"Cookie: quizapp=\xff\xfe; staff=\xe9; language=\x80\r\n\r\n",
        "overlong cookies": get + b"Cookie: quizapp=" + b"x" * 30_000 + b"; staff=" + b"y" * 30_000 + b"\r\n\r\n",
        "bytes in a header": get + b"Accept-Language: \xff\xfe\r\nReferer: \xe9\r\n\r\n",
        "NaN in a header": get + b"Range: bytes=NaN-1e400\r\nIf-Modified-Since: 1e400\r\n\r\n",
    }
    for kind, request in taken.items():
        assert status(server, request) == 200, kind
    patient = HttpPatient(server.address)
    patient.walk()
    assert patient.open(f"{WALK}/summary").status == 200
    assert '"event": "error"' not in (server.instance / "server.log").read_text()

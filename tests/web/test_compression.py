"""What goes over the wire, and that a browser gets back the page and the file as they are."""

import gzip

import brotli
import pytest

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("gzip, deflate, br, zstd", "br"), ("gzip, deflate", "gzip"), ("br;q=0, gzip", "gzip"), ("deflate", None)],
)
def test_it_sends_the_smallest_that_the_browser_takes(app, client, accepted, sent):
    style = app.extensions["quizapp"].static_files["app.css"].url
    for address in ("/privacy", style):
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        reply = client.get(address, headers={"Accept-Encoding": accepted})
        assert reply.headers.get("Content-Encoding") == sent
        assert "Accept-Encoding" in reply.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        unpacked = UNPACK[sent](reply.data) if sent else reply.data
        assert without_tokens(unpacked) == without_tokens(plain.data)
        assert not sent or len(reply.data) < len(plain.data) / 2


def without_tokens(page: bytes) -> list[bytes]:
    return [line for line in page.splitlines() if b"csrf_token" not in line]

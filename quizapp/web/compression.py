"""Compress pages and files: brotli if the browser accepts it (over https), else gzip."""

import gzip

import brotli
from flask import Flask, Response, request
from werkzeug.datastructures import Accept

ENCODINGS = ("br", "gzip")  # the smaller first
SMALLEST_WORTH_COMPRESSING = 500  # bytes
PAGE_GZIP_LEVEL = 6
PAGE_BROTLI_QUALITY = 5  # an eighth smaller than gzip for a third more time; from 8 on it takes far longer


def best_encoding(accepted: Accept) -> str | None:
    """Return the encoding to send, or None if the browser accepts neither."""
    return next((encoding for encoding in ENCODINGS if accepted[encoding] > 0), None)


def compress(plain: bytes, encoding: str, brotli_quality: int = 11, gzip_level: int = 9) -> bytes:
    """Compress, as well as possible unless told otherwise: static files are compressed once and sent often."""
    if encoding == "br":
        return bytes(brotli.compress(plain, mode=brotli.MODE_TEXT, quality=brotli_quality))
    return gzip.compress(plain, gzip_level, mtime=0)


def init_app(app: Flask) -> None:
    @app.after_request
    def compress_pages(response: Response) -> Response:
        if response.status_code == 303:
            response.set_data(b"")  # browsers do not show the page of a redirect
        elif response.mimetype == "text/html":
            encoding, plain = best_encoding(request.accept_encodings), response.get_data()
            if encoding and len(plain) >= SMALLEST_WORTH_COMPRESSING:
                response.set_data(compress(plain, encoding, PAGE_BROTLI_QUALITY, PAGE_GZIP_LEVEL))
                response.headers["Content-Encoding"] = encoding
            response.headers.add("Vary", "Accept-Encoding")
        return response

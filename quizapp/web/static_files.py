"""Serve static files: cached by browsers for a year under their fingerprinted address, and compressed."""

import re

from flask import Flask, Response, abort, request

from quizapp import config
from quizapp.web import compression
from quizapp.web.assets import StaticFile, read_all
from quizapp.web.context import context_of, current

FOREVER = "public, max-age=31536000, immutable"
FINGERPRINT = re.compile(r"\.[0-9a-f]{10}(?=\.\w+$)")


def static_url(name: str) -> str:
    """Return the fingerprinted address of a static file."""
    return current().static_files.by_name[name].url


def drawing(name: str) -> StaticFile | None:
    """Return a procedure's drawing; None if an earlier edition names one that no longer exists."""
    return current().static_files.by_name.get(name)


def init_app(app: Flask) -> None:
    context = context_of(app)
    context.static_files = read_all(config.PACKAGE / "static", context.editions.catalogue.folders)

    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        # During a rolling upgrade, a page of another version may ask this server: it gets the file of that name.
        files = current().static_files
        as_named = files.by_url.get(f"/static/{name}")
        file = as_named or files.by_name.get(FINGERPRINT.sub("", name))
        if file is None:
            abort(404)
        encoding = compression.best_encoding(request.accept_encodings)
        response = Response(file.compressed[encoding] if encoding else file.plain, content_type=file.media_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        if as_named:
            response.headers["Cache-Control"] = FOREVER
        return response

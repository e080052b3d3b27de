"""Static files and drawings: compressed at start, and cached for a year, since their addresses carry a fingerprint."""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from quizapp.content.drawings import BadDrawing, read_drawing
from quizapp.web import compression

FOREVER = "public, max-age=31536000, immutable"
FINGERPRINT = re.compile(r"\.[0-9a-f]{10}(?=\.\w+$)")
VIEW_BOX = re.compile(rb"""viewBox\s*=\s*["']0 0 (\d+) (\d+)["']""")


@dataclass(frozen=True)
class StaticFile:
    """A file's bytes, plain and compressed (encoding -> bytes), and its fingerprinted address."""

    url: str
    media_type: str
    plain: bytes
    compressed: Mapping[str, bytes]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a drawing, from its viewBox; (0, 0) for other files."""
        match = VIEW_BOX.search(self.plain)
        return (int(match[1]), int(match[2])) if match else (0, 0)


def read_all(static: Path, images: dict[str, Path]) -> dict[str, StaticFile]:
    """Return the static folder's files and the drawings of every procedure (id -> folder), by name and by address."""
    files: dict[str, StaticFile] = {}
    for path in sorted(p for p in static.iterdir() if p.is_file() and not p.name.startswith(".")):
        files[path.name] = _static_file(path.name, path.read_bytes())
    for procedure_id, folder in images.items():
        for path in sorted((folder / "images").glob("*.svg")):
            with suppress(BadDrawing):  # `quizapp check` says why, and a procedure that needs it is not served
                name = f"{procedure_id}/{path.name}"
                files[name] = _static_file(name, read_drawing(path))
    return files | {file.url: file for file in files.values()}


def _static_file(name: str, plain: bytes) -> StaticFile:
    stem, _, ending = name.rpartition(".")
    fingerprint = hashlib.sha256(plain).hexdigest()[:10]
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type == "image/svg+xml":
        media_type += "; charset=utf-8"
    compressed = {encoding: compression.compress(plain, encoding) for encoding in compression.ENCODINGS}
    return StaticFile(f"/static/{stem}.{fingerprint}.{ending}", media_type, plain, compressed)


def init_app(app: Flask) -> None:
    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        # During a rolling upgrade, a page of another version may ask this server: it gets the file of that name.
        files: dict[str, StaticFile] = app.extensions["quizapp"].static_files
        as_named = files.get(f"/static/{name}")
        file = as_named or files.get(FINGERPRINT.sub("", name))
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

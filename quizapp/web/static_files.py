"""Static files and drawings: read once at start, named by their content, kept by browsers for good, compressed."""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Flask, Response, abort, current_app, request

from quizapp import paths
from quizapp.web import compressing

FOREVER = "public, max-age=31536000, immutable"
FINGERPRINT = re.compile(r"\.[0-9a-f]{10}(?=\.\w+$)")
VIEW_BOX = re.compile(rb'viewBox="0 0 (\d+) (\d+)"')


@dataclass(frozen=True)
class StaticFile:
    """A file's bytes, as they are and compressed (encoding -> bytes), under its fingerprinted address."""

    url: str
    media_type: str
    plain: bytes
    compressed: Mapping[str, bytes]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of a drawing, from its viewBox; (0, 0) for other files."""
        match = VIEW_BOX.search(self.plain)
        return (int(match[1]), int(match[2])) if match else (0, 0)


@dataclass(frozen=True)
class StaticFiles:
    """All static files, by the name they have on disk and by address."""

    by_name: dict[str, StaticFile]
    by_url: dict[str, StaticFile]


def read_all(static: Path, images: dict[str, Path]) -> StaticFiles:
    """Every file in the static folder, and every drawing of every procedure (id -> folder)."""
    found: dict[str, StaticFile] = {}
    for path in sorted(p for p in static.iterdir() if p.is_file() and not p.name.startswith(".")):
        found[path.name] = _read(path, path.name)
    for procedure_id, folder in images.items():
        for path in sorted((folder / "images").glob("*.svg")):
            found[f"{procedure_id}/{path.name}"] = _read(path, f"{procedure_id}/{path.name}")
    return StaticFiles(found, {file.url: file for file in found.values()})


def _read(path: Path, name: str) -> StaticFile:
    plain = path.read_bytes()
    stem, _, ending = name.rpartition(".")
    fingerprint = hashlib.sha256(plain).hexdigest()[:10]
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type == "image/svg+xml":
        media_type += "; charset=utf-8"
    compressed = {encoding: compressing.for_good(plain, encoding) for encoding in compressing.ENCODINGS}
    return StaticFile(f"/static/{stem}.{fingerprint}.{ending}", media_type, plain, compressed)


def static_url(name: str) -> str:
    """The fingerprinted address of a static file."""
    return _files().by_name[name].url


def drawing(name: str) -> StaticFile | None:
    """A procedure's drawing; None where an earlier edition names one that has gone since."""
    return _files().by_name.get(name)


def _files() -> StaticFiles:
    return cast(StaticFiles, current_app.extensions["quizapp_static"])


def init_app(app: Flask) -> None:
    catalogue = app.extensions["quizapp"].editions.catalogue
    app.extensions["quizapp_static"] = read_all(paths.PACKAGE / "static", catalogue.folders)

    @app.get("/static/<path:name>")
    def static(name: str) -> Response:
        # A page of another version may ask here while servers are replaced one by one: it gets what there is.
        as_named = _files().by_url.get(f"/static/{name}")
        file = as_named or _files().by_name.get(FINGERPRINT.sub("", name))
        if file is None:
            abort(404)
        encoding = compressing.best_of(request.accept_encodings)
        response = Response(file.compressed[encoding] if encoding else file.plain, content_type=file.media_type)
        if encoding:
            response.headers["Content-Encoding"] = encoding
        response.headers["Vary"] = "Accept-Encoding"
        if as_named:
            response.headers["Cache-Control"] = FOREVER
        return response

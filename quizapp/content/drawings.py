"""Drawings: which SVG files may be published. What is not clearly a harmless drawing is refused."""

import re
import stat
from pathlib import Path
from xml.etree import ElementTree

MAX_BYTES = 100_000
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"}
PAINT = {"marker", "pattern", "clipPath", "mask", "linearGradient", "radialGradient", "stop", "style"}
ELEMENTS = {"svg", "g", "defs", "symbol", "use", "title", "desc"} | SHAPES | PAINT
VIEW_BOX = re.compile(r"0 0 [1-9]\d{0,3} [1-9]\d{0,3}")
# A document type can hold entities, and a processing instruction a style sheet.
NOT_DRAWN = re.compile(r"<!DOCTYPE|<\?(?!xml\s)", re.IGNORECASE)
# With a backslash, CSS can spell any of the others.
OUTSIDE = re.compile(r"url\s*\((?!\s*['\"]?#)|@import|image(-set)?\s*\(|src\s*\(|\\", re.IGNORECASE)


class BadDrawing(Exception):
    """Why a drawing is not published: the end of a sentence that begins with its name."""


def read_drawing(file: Path) -> bytes:
    """Return the bytes of a drawing that may be published. Raise BadDrawing."""
    try:
        status = file.lstat()
        if not stat.S_ISREG(status.st_mode):  # a link may lead to any file, and a pipe never ends
            raise BadDrawing("is not a plain file; put the drawing itself there")
        if status.st_size > MAX_BYTES:
            raise BadDrawing(f"has more than {MAX_BYTES:,} bytes; simplify it")
        plain = file.read_bytes()
        text = plain.decode("utf-8-sig")
        if NOT_DRAWN.search(text):
            raise BadDrawing("has a DOCTYPE or a style sheet of another file; delete that line")
        root = ElementTree.fromstring(text)  # noqa: S314 - without a DOCTYPE there are no entities
    except OSError as error:
        raise BadDrawing(f"cannot be read ({error.strerror})") from error
    except (UnicodeDecodeError, ElementTree.ParseError) as error:
        raise BadDrawing(f"is not SVG in UTF-8 ({error})") from error
    if root.tag != f"{SVG}svg" or not VIEW_BOX.fullmatch(root.get("viewBox", "")):
        raise BadDrawing('needs <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 WIDTH HEIGHT">, each 1 to 9999')
    for element in root.iter():
        _check_element(element)
    return plain


def why_not_published(file: Path) -> str:
    """Return the end of a sentence that begins with the drawing's name; "" if it can be published."""
    try:
        read_drawing(file)
    except BadDrawing as why:
        return str(why)
    return ""


def _check_element(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(SVG)
    if name not in ELEMENTS:
        raise BadDrawing(f"has a <{name}>; a drawing may have {', '.join(sorted(ELEMENTS))}")
    for attribute, value in element.items():
        local = attribute.rpartition("}")[2].lower()
        if local.startswith("on"):
            raise BadDrawing(f"has a script ({local}); delete it")
        if OUTSIDE.search(value) or (local == "href" and not value.startswith("#")):
            raise BadDrawing(f"refers to something outside ({local}); draw it here")
    if name == "style" and OUTSIDE.search("".join(element.itertext())):
        raise BadDrawing(f"refers to something outside (<{name}>); draw it here")

"""Template filters that all pages share. A subject adds its own with `bp.app_template_filter`."""

import io

import segno
from flask import Flask
from flask_babel import gettext
from markupsafe import Markup

from quizapp.web import i18n
from quizapp.web.context import current

# One of the eight mask patterns of a QR code. Trying all eight makes a patient's last page cost 40 % more (CPU, see
# tests/bench/pages.py); by the standard's own penalty the best of eight is 3 % better, and scanners read them all.
MASK = 1


def percent(share: float) -> str:
    """Return a share as a percentage: 0.214 is "21%" in English, "21 %" in Spanish."""
    return i18n.percent_words(round(100 * share))


def qr_svg(text: str) -> bytes:
    """Return a QR code as SVG, dark on white with a quiet zone. The style sheet gives its size."""
    drawing = io.BytesIO()
    segno.make(text, micro=False, error="m", mask=MASK, encoding="utf-8").save(
        drawing, kind="svg", border=4, omitsize=True, light="#ffffff", xmldecl=False, svgclass=None, lineclass=None
    )
    return drawing.getvalue()


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=i18n.day_words,
        decimal=i18n.decimal_words,
        drawing=lambda name: current().static_files.get(name),  # an earlier edition's may no longer exist
        language_name=lambda code: i18n.OWN_NAMES.get(code, code),
        percent=percent,
        qr=lambda text: Markup(qr_svg(text).decode()),  # noqa: S704 - segno's drawing; it holds no markup of the text
        translate=gettext,  # a message that was marked with N_ in a table
    )

"""Template filters that all pages share. A subject adds its own with `bp.app_template_filter`."""

from typing import Any

from flask import Flask
from flask_babel import gettext
from markupsafe import Markup

from quizapp.web import i18n, static_files
from quizapp.web.qr import qr_svg


def translate(message: Any) -> str:
    """Translate a message that was marked with N_ in a table."""
    return str(gettext(message))


def percent(share: float) -> str:
    """0.214 -> "21%" in English, "21 %" in Spanish."""
    return i18n.percent_words(round(100 * share))


def qr(text: str) -> Markup:
    """Draw a QR code as SVG. The style sheet gives its size."""
    return Markup(qr_svg(text).decode())  # noqa: S704 - drawn by segno; it holds no markup of the text


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=i18n.day_words,
        decimal=i18n.decimal_words,
        drawing=static_files.drawing,
        language_name=lambda code: i18n.OWN_NAMES.get(code, code),
        percent=percent,
        qr=qr,
        translate=translate,
    )

"""Template filters that all pages share. A subject adds its own with `bp.app_template_filter`."""

from typing import Any

from flask import Flask
from flask_babel import gettext

from quizapp.web import i18n


def translate(message: Any) -> str:
    """Translate a message that was marked with N_ in a table."""
    return str(gettext(message))


def percent(share: float) -> str:
    """0.214 -> "21%" in English, "21 %" in Spanish."""
    return i18n.percent_words(round(100 * share))


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=i18n.day_words,
        decimal=i18n.decimal_words,
        language_name=lambda code: i18n.OWN_NAMES.get(code, code),
        percent=percent,
        translate=translate,
    )

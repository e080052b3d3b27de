"""Which language a page is in, and the size of its text: two plain cookies."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import Babel, get_translations
from markupsafe import Markup

from quizapp.web.runtime import Runtime

OWN_NAMES = {"en": "English", "es": "Español"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
LANGUAGE_COOKIE = "language"
TEXT_SIZE_COOKIE = "text-size"
TEXT_SIZES = ("1", "2", "3")


@dataclass(frozen=True)
class Language:
    """A language that pages are offered in."""

    code: str
    own_name: str
    is_draft: bool


def offered_languages() -> tuple[Language, ...]:
    """Source languages and reviewed translations; drafts too where the settings show them."""
    return cast(tuple[Language, ...], current_app.extensions["quizapp_languages"])


def _offered(runtime: Runtime) -> tuple[Language, ...]:
    catalogue = runtime.editions.catalogue
    show_drafts = runtime.settings.draft_languages
    found: dict[str, Language] = {}
    for procedure_id, edition in catalogue.editions.items():
        for code in edition.languages:
            is_draft = code in catalogue.draft_languages.get(procedure_id, frozenset())
            if code in found or (is_draft and not show_drafts):
                continue
            found[code] = Language(code, OWN_NAMES.get(code, code), is_draft)
    return tuple(found[code] for code in sorted(found))


def page_language() -> str:
    """The language chosen by cookie, else the first one asked for by the browser that is offered, else English."""
    codes = [language.code for language in offered_languages()]
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in codes:
        return chosen
    return request.accept_languages.best_match(codes) or "en"


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def text_size() -> str:
    """ "1" (as designed) to "3" (largest)."""
    size = request.cookies.get(TEXT_SIZE_COOKIE, "1")
    return size if size in TEXT_SIZES else "1"


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    app.extensions["quizapp_languages"] = _offered(app.extensions["quizapp"])
    Babel(app, locale_selector=page_language)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's i18n extension
        gettext=lambda words: _catalogue().ugettext(words),
        ngettext=lambda one, many, n: _catalogue().ungettext(one, many, n),
        newstyle=True,
    )
    # Jinja's own _() calls three functions for each of the some twenty words of a page; the words are the same.
    app.jinja_env.globals["_"] = _words


def _words(message: str, /, **values: object) -> Markup:
    """A message in the page's language. It is our own and may hold markup; its values are escaped."""
    words = Markup(_catalogue().ugettext(message))  # noqa: S704 - no message comes from outside
    return words % values if "%" in words else words


def _catalogue() -> Any:
    """The page's catalogue, looked up once a page, not once a word."""
    try:
        return g.catalogue
    except AttributeError:
        g.catalogue = get_translations()
        return g.catalogue

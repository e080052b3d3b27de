"""The language of a page (a cookie, or that of its content), and the words for numbers and days in it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from flask import Flask, request
from flask_babel import Babel, format_date, format_decimal, get_translations, gettext, refresh
from markupsafe import Markup

from quizapp.domain.procedure import Edition, Procedure
from quizapp.web.context import ContentLanguage, Context, Language, context_of, current, state
from quizapp.web.cookies import own_cookie

OWN_NAMES = {"en": "English", "es": "Español"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
# How numbers are written. Our Spanish is that of the Americas: 1,234 there is 1.234 in Spain.
FORMATS = {"es": "es_419"}
LANGUAGE, TEXT_SIZE, THEME = "language", "text-size", "theme"  # cookies
TEXT_SIZES, THEMES = ("1", "2", "3"), ("light", "dark")
NBSP = "\N{NO-BREAK SPACE}"


def offered_languages() -> tuple[Language, ...]:
    """Return the languages that the content and our own words have; drafts only if the settings show them.

    On a page in its content's language (see `set_content_language`): the languages of that content.
    """
    content = state().content
    return tuple(o for o in current().languages if content is None or o.code in content.languages)


def _offered(context: Context, translated: Collection[str]) -> tuple[Language, ...]:
    catalogue = context.editions.catalogue
    show_drafts = context.settings.draft_languages
    languages: dict[str, Language] = {}
    for procedure_id, edition in catalogue.editions.items():
        for code in edition.languages:
            is_draft = code in catalogue.draft_languages.get(procedure_id, frozenset())
            if code in languages or code not in translated or (is_draft and not show_drafts):
                continue
            languages[code] = Language(code, OWN_NAMES.get(code, code))
    return tuple(languages[code] for code in sorted(languages))


def page_language() -> str:
    """Return the content's language, else the one picked on this device, else the browser's, else English."""
    content = state().content
    if content is not None:
        return content.language
    return picked_language() or request.accept_languages.best_match(_codes()) or "en"


def picked_language() -> str | None:
    """Return the language that was picked on this device; None if it is not offered."""
    picked = own_cookie(LANGUAGE)
    return picked if picked in _codes() else None


def _codes() -> list[str]:
    return [language.code for language in offered_languages()]


def set_content_language(procedure_id: str | None, language: str, languages: Collection[str]) -> None:
    """Render this request's page in its content's language: a half-translated page is hard to read.

    `procedure_id` is None if the procedure is no longer known. `languages`: all that the content has.
    """
    state().content = ContentLanguage(procedure_id, language, languages)
    state().translations = None
    refresh()


def use_content_language(edition: Edition) -> Procedure:
    """Return the procedure in the page's language, or in its source language; the page then follows it."""
    languages, asked_for = languages_of(edition), page_language()
    procedure = edition.in_language(asked_for if asked_for in languages else edition.source)
    set_content_language(edition.procedure_id, procedure.language, languages)
    return procedure


def languages_of(edition: Edition) -> frozenset[str]:
    """Return the languages that this procedure is offered in; drafts only if the settings show them."""
    drafts = current().editions.catalogue.draft_languages.get(edition.procedure_id, frozenset())
    hidden = frozenset() if current().settings.draft_languages else drafts
    return frozenset(_codes()) & edition.languages.keys() - hidden


def is_draft(language: str) -> bool:
    """Return whether the page's procedure is a draft in this language; on other pages, whether any procedure is."""
    drafts = current().editions.catalogue.draft_languages
    content = state().content
    if content is not None and content.procedure_id is not None:
        return language in drafts.get(content.procedure_id, frozenset())
    return any(language in languages for languages in drafts.values())


def day_words(day: date) -> str:
    """Return "24 November 2026", in the page's language."""
    return str(format_date(day, gettext("d MMMM yyyy")))


def decimal_words(given: float, places: int) -> str:
    """Return a number with this many decimals and the decimal sign of the page's language."""
    return str(format_decimal(given, "0." + "0" * places))


def percent_words(whole: int) -> str:
    """Return a whole percentage as the page's language writes it: "21%" in English, "21 %" in Spanish."""
    return str(gettext("%(n)s%%", n=whole)).replace(" ", NBSP)


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def text_size() -> str:
    """Return the text size picked on this device: "1" (as designed) to "3" (largest)."""
    size = own_cookie(TEXT_SIZE)
    return size if size in TEXT_SIZES else TEXT_SIZES[0]


def theme() -> str:
    """Return "light" or "dark" if one was picked on this device, else "": as the device has it."""
    picked = own_cookie(THEME)
    return picked if picked in THEMES else ""


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel = Babel(app, locale_selector=lambda: FORMATS.get(page_language(), page_language()))
    with app.app_context():
        translated = {"en", *(locale.language for locale in babel.list_translations())}
    context_of(app).languages = _offered(context_of(app), translated)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's i18n extension
        gettext=lambda words: _translations().ugettext(words),
        ngettext=lambda one, many, n: _translations().ungettext(one, many, n),
        newstyle=True,
    )
    # Jinja's own _() calls three functions for each message of a page; the words are the same.
    app.jinja_env.globals["_"] = _message


def _message(message: str, /, **values: object) -> Markup:
    """Return a message in the page's language. It is our own and may hold markup; its values are escaped."""
    words = Markup(_translations().ugettext(message))  # noqa: S704 - no message comes from outside
    return words % values if "%" in words else words


def _translations() -> Any:
    """Return the page's translations. Flask-Babel would look them up for each message, which costs 5 % of a page."""
    here = state()
    if here.translations is None:
        here.translations = get_translations()
    return here.translations

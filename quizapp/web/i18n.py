"""The language of a page (a cookie, or that of its content), and the words for numbers and days in it."""

from collections.abc import Callable, Collection
from datetime import date
from itertools import chain
from typing import Any

from flask import Flask, request
from flask_babel import Babel, format_date, format_decimal, get_translations, gettext, refresh
from markupsafe import Markup

from quizapp.domain.procedure import Edition, Procedure
from quizapp.web.context import ContentLanguage, Context, context_of, current, state
from quizapp.web.cookies import own_cookie

OWN_NAMES = {"en": "English", "es": "Español"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
# How numbers are written. Our Spanish is that of the Americas: 1,234 there is 1.234 in Spain.
FORMATS = {"es": "es_419"}
LANGUAGE, TEXT_SIZE, THEME = "language", "text-size", "theme"  # cookies
TEXT_SIZES, THEMES = ("1", "2", "3"), ("light", "dark")  # the first size is as designed, the last the largest
NBSP = "\N{NO-BREAK SPACE}"


def offered_languages() -> tuple[str, ...]:
    """Return the languages that the content and our own words have; drafts only if the settings show them.

    On a page in its content's language (see `set_content_language`): the languages of that content.
    """
    content = state().content
    return tuple(code for code in current().languages if content is None or code in content.languages)


def page_language() -> str:
    """Return the content's language, else the one picked on this device, else the browser's, else English."""
    content = state().content
    if content is not None:
        return content.language
    offered = offered_languages()
    return picked(LANGUAGE, offered) or request.accept_languages.best_match(offered) or "en"


def picked(cookie: str, offered: Collection[str]) -> str | None:
    """Return what was picked on this device; None if nothing was, or if it is not offered."""
    value = own_cookie(cookie)
    return value if value in offered else None


def set_content_language(procedure_id: str | None, language: str, languages: Collection[str]) -> None:
    """Render this page in its content's language, one of its `languages`: a half-translated page is hard to read."""
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
    """Return the languages that this procedure is offered in on this page."""
    return _shown(current(), edition).intersection(offered_languages())


def _shown(here: Context, edition: Edition) -> frozenset[str]:
    """Return the languages of the content; drafts only if the settings show them."""
    drafts = here.editions.catalogue.draft_languages.get(edition.procedure_id, frozenset())
    return frozenset(edition.languages if here.settings.draft_languages else edition.languages.keys() - drafts)


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


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel = Babel(app, locale_selector=lambda: FORMATS.get(page_language(), page_language()))
    with app.app_context():
        translated = {"en", *(locale.language for locale in babel.list_translations())}
    here = context_of(app)
    shown = chain.from_iterable(_shown(here, edition) for edition in here.editions.catalogue.editions.values())
    here.languages = tuple(sorted(translated.intersection(shown)))
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's i18n extension
        gettext=lambda words: _translations().ugettext(words),
        ngettext=lambda one, many, n: _translations().ungettext(one, many, n),
        newstyle=True,
    )
    # For macros; `render_page` gives the templates their own. Jinja's calls three functions for each message.
    app.jinja_env.globals["_"] = lambda text, **values: message_function()(text, **values)


def message_function() -> Callable[..., Markup]:
    """Return `_` for one page. Looking its language up for each message costs 5 % of a page."""
    translate = _translations().ugettext

    def message(text: str, /, **values: object) -> Markup:
        """Return a message in the page's language. It is our own and may hold markup; its values are escaped."""
        words = Markup(translate(text))  # noqa: S704 - no message comes from outside
        return words % values if "%" in words else words

    return message


def _translations() -> Any:
    """Return the page's translations. Flask-Babel would look them up for each message, which costs 5 % of a page."""
    here = state()
    if here.translations is None:
        here.translations = get_translations()
    return here.translations

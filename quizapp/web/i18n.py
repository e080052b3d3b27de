"""Which language a page is in, and the size of its text: two plain cookies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import Babel, format_date, format_decimal, get_translations, gettext, refresh
from markupsafe import Markup

from quizapp.domain.items import Edition, Procedure
from quizapp.web.cookies import own_cookie
from quizapp.web.runtime import Runtime, runtime

OWN_NAMES = {"en": "English", "es": "Español"}
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
# How numbers are written. What is 1,234 in the Americas, whose Spanish our words are in, is 1.234 in Spain.
FORMATS = {"es": "es_419"}
LANGUAGE, TEXT_SIZE = "language", "text-size"  # cookies
TEXT_SIZES = ("1", "2", "3")
NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Language:
    """A language that pages are offered in."""

    code: str
    own_name: str


def offered_languages() -> tuple[Language, ...]:
    """The languages of the content for which the interface has words too; drafts where the settings show them.

    On a page that speaks its content's language (see `speak`): those that this content has.
    """
    offered = cast(tuple[Language, ...], current_app.extensions["quizapp_languages"])
    of_content: Collection[str] | None = g.get("languages_of_content")
    return tuple(language for language in offered if of_content is None or language.code in of_content)


def _offered(runtime: Runtime, translated: Collection[str]) -> tuple[Language, ...]:
    catalogue = runtime.editions.catalogue
    show_drafts = runtime.settings.draft_languages
    found: dict[str, Language] = {}
    for procedure_id, edition in catalogue.editions.items():
        for code in edition.languages:
            is_draft = code in catalogue.draft_languages.get(procedure_id, frozenset())
            if code in found or code not in translated or (is_draft and not show_drafts):
                continue
            found[code] = Language(code, OWN_NAMES.get(code, code))
    return tuple(found[code] for code in sorted(found))


def page_language() -> str:
    """What the page speaks: its content's language, else the one picked, else the browser's wish, else English."""
    spoken: str | None = g.get("language_of_content")
    if spoken is not None:
        return spoken
    return picked_language() or request.accept_languages.best_match(_codes()) or "en"


def picked_language() -> str | None:
    """The language that was picked on this device, where it is offered."""
    picked = own_cookie(LANGUAGE)
    return picked if picked in _codes() else None


def _codes() -> list[str]:
    return [language.code for language in offered_languages()]


def speak(procedure_id: str | None, language: str, languages: Collection[str]) -> None:
    """Put this request's page into its content's language, whatever was picked: half a page is understood by nobody.

    `procedure_id`: the content's, None where it is no longer known. `languages`: all that it has, to choose between.
    """
    g.language_of_content, g.languages_of_content = language, languages
    g.procedure_of_content = procedure_id
    g.pop("catalogue", None)
    refresh()


def speak_content(edition: Edition) -> Procedure:
    """The procedure in the page's language, or in its source language where it lacks that; the page follows."""
    languages, asked_for = languages_of(edition), page_language()
    procedure = edition.in_language(asked_for if asked_for in languages else edition.source)
    speak(edition.procedure_id, procedure.language, languages)
    return procedure


def languages_of(edition: Edition) -> frozenset[str]:
    """The languages that this procedure is offered in: not its drafts, unless the settings show them."""
    drafts = runtime().editions.catalogue.draft_languages.get(edition.procedure_id, frozenset())
    hidden = frozenset() if runtime().settings.draft_languages else drafts
    return frozenset(_codes()) & edition.languages.keys() - hidden


def is_draft(language: str) -> bool:
    """Whether the page's procedure was reviewed by nobody in this language; on a page of none, whether any was not."""
    drafts = runtime().editions.catalogue.draft_languages
    procedure_id: str | None = g.get("procedure_of_content")
    if procedure_id is not None:
        return language in drafts.get(procedure_id, frozenset())
    return any(language in languages for languages in drafts.values())


def day_words(day: date) -> str:
    """ "24 November 2026", in the page's language."""
    return str(format_date(day, gettext("d MMMM yyyy")))


def decimal_words(given: float, places: int) -> str:
    """A number with this many decimals, and the page's language's decimal sign."""
    return str(format_decimal(given, "0." + "0" * places))


def percent_words(whole: int) -> str:
    """A whole per cent as the page's language writes it: "21%" in English, "21 %" in Spanish."""
    return str(gettext("%(n)s%%", n=whole)).replace(" ", NBSP)


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def text_size() -> str:
    """ "1" (as designed) to "3" (largest)."""
    size = own_cookie(TEXT_SIZE)
    return size if size in TEXT_SIZES else TEXT_SIZES[0]


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    babel = Babel(app, locale_selector=lambda: FORMATS.get(page_language(), page_language()))
    with app.app_context():
        translated = {"en", *(locale.language for locale in babel.list_translations())}
    app.extensions["quizapp_languages"] = _offered(app.extensions["quizapp"], translated)
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

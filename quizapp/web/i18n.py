"""Which language a page is in, and the size of its text: two plain cookies."""

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
# How numbers are written. What is 1,234 in the Americas, whose Spanish our words are in, is 1.234 in Spain.
FORMATS = {"es": "es_419"}
LANGUAGE, TEXT_SIZE = "language", "text-size"  # cookies
TEXT_SIZES = ("1", "2", "3")
NBSP = "\N{NO-BREAK SPACE}"


def offered_languages() -> tuple[Language, ...]:
    """The languages of the content for which the interface has words too; drafts where the settings show them.

    On a page in its content's language (see `set_content_language`): those that this content has.
    """
    content = state().content
    return tuple(o for o in current().languages if content is None or o.code in content.languages)


def _offered(context: Context, translated: Collection[str]) -> tuple[Language, ...]:
    catalogue = context.editions.catalogue
    show_drafts = context.settings.draft_languages
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
    content = state().content
    if content is not None:
        return content.language
    return picked_language() or request.accept_languages.best_match(_codes()) or "en"


def picked_language() -> str | None:
    """The language that was picked on this device, where it is offered."""
    picked = own_cookie(LANGUAGE)
    return picked if picked in _codes() else None


def _codes() -> list[str]:
    return [language.code for language in offered_languages()]


def set_content_language(procedure_id: str | None, language: str, languages: Collection[str]) -> None:
    """Show this request's page in its content's language, whatever was picked: a half-translated page is hard to read.

    `procedure_id`: the content's, None where it is no longer known. `languages`: all that it has, to choose between.
    """
    state().content = ContentLanguage(procedure_id, language, languages)
    state().translations = None
    refresh()


def use_content_language(edition: Edition) -> Procedure:
    """The procedure in the page's language, or in its source language where it lacks that; the page follows."""
    languages, asked_for = languages_of(edition), page_language()
    procedure = edition.in_language(asked_for if asked_for in languages else edition.source)
    set_content_language(edition.procedure_id, procedure.language, languages)
    return procedure


def languages_of(edition: Edition) -> frozenset[str]:
    """The languages that this procedure is offered in: not its drafts, unless the settings show them."""
    drafts = current().editions.catalogue.draft_languages.get(edition.procedure_id, frozenset())
    hidden = frozenset() if current().settings.draft_languages else drafts
    return frozenset(_codes()) & edition.languages.keys() - hidden


def is_draft(language: str) -> bool:
    """Whether the page's procedure was reviewed by nobody in this language; on a page of none, whether any was not."""
    drafts = current().editions.catalogue.draft_languages
    content = state().content
    if content is not None and content.procedure_id is not None:
        return language in drafts.get(content.procedure_id, frozenset())
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
    context_of(app).languages = _offered(context_of(app), translated)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # added by Jinja's i18n extension
        gettext=lambda words: _translations().ugettext(words),
        ngettext=lambda one, many, n: _translations().ungettext(one, many, n),
        newstyle=True,
    )
    # Jinja's own _() calls three functions for each of the some twenty words of a page; the words are the same.
    app.jinja_env.globals["_"] = _words


def _words(message: str, /, **values: object) -> Markup:
    """A message in the page's language. It is our own and may hold markup; its values are escaped."""
    words = Markup(_translations().ugettext(message))  # noqa: S704 - no message comes from outside
    return words % values if "%" in words else words


def _translations() -> Any:
    """The page's translations, looked up once a page, not once a word."""
    here = state()
    if here.translations is None:
        here.translations = get_translations()
    return here.translations

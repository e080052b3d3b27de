"""What stands around every page: language, text size, banners, style sheet."""

from dataclasses import dataclass

from flask import request

from quizapp.web import i18n
from quizapp.web.runtime import runtime
from quizapp.web.static_files import static_url


@dataclass(frozen=True)
class LanguageChoice:
    code: str
    own_name: str
    is_current: bool


@dataclass(frozen=True)
class Chrome:
    """`script_url` is None where a page needs no script. `is_error` puts "Error:" before the title."""

    language: str
    direction: str
    text_size: str
    languages: tuple[LanguageChoice, ...]
    return_path: str
    style_url: str
    icon_url: str
    script_url: str | None
    is_demo: bool
    is_draft_language: bool
    is_error: bool


def chrome_for(page: object) -> Chrome:
    language = i18n.page_language()
    offered = i18n.offered_languages()
    return Chrome(
        language=language,
        direction=i18n.direction(language),
        text_size=i18n.text_size(),
        languages=tuple(LanguageChoice(o.code, o.own_name, o.code == language) for o in offered),
        return_path=request.path if request.method == "GET" else "/",
        style_url=static_url("app.css"),
        icon_url=static_url("icon.svg"),
        script_url=None,
        is_demo=runtime().is_demo,
        is_draft_language=any(o.code == language and o.is_draft for o in offered),
        is_error=bool(getattr(page, "error", None)),
    )

"""The layout of every page: language, text size, banners, style sheets, and the staff menu."""

from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app, render_template, request
from flask.typing import ResponseReturnValue
from jinja2.runtime import Macro
from markupsafe import Markup

from quizapp.web import i18n
from quizapp.web.context import Area, current, end_db, state

KIOSK_WARNING_SECONDS = 30  # more than the 20 that everyone needs to answer


def area_of_request() -> Area:
    """Return the area with the longest prefix of this request's address."""
    matching = (area for area in current().areas if request.path.startswith(area.prefix))
    return max(matching, key=lambda area: len(area.prefix))


def _return_path() -> str:
    """Return where to go after changing the language or text size: "/" if this address only answers forms."""
    if request.method != "GET" and not current_app.url_map.bind("").test(request.path, method="GET"):
        return "/"
    is_filtered = request.query_string and "notice" not in request.args  # a notice is shown once
    return request.full_path if is_filtered else request.path


def safe_local_path(path: str) -> str:
    """Return the path if it is one of ours, else "/": never another host, scheme or header."""
    is_local = path.startswith("/") and not path.startswith("//")
    if is_local and "\\" not in path and path.isprintable() and path.isascii():
        return path
    return "/"


def render_page(
    template: str, status: int = 200, *, is_error_page: bool = False, **context: Any
) -> ResponseReturnValue:
    """Render a template with its context and the layout. A context value named `error` puts "Error:" before the title.

    `is_error_page`: the page must not repeat the requested address.
    The context holds everything the page needs, so the transaction ends first: no writer waits for a template.
    """
    end_db()
    area, language, not_stored = area_of_request(), i18n.page_language(), state().not_stored
    kiosk_minutes, files = current().settings.kiosk_minutes, current().static_files
    layout = SimpleNamespace(
        language=language,
        direction=i18n.direction(language),
        text_size=i18n.picked(i18n.TEXT_SIZE, i18n.TEXT_SIZES) or i18n.TEXT_SIZES[0],
        theme="" if area.prefix else i18n.picked(i18n.THEME, i18n.THEMES) or "",  # "": as the device has it
        languages=i18n.offered_languages(),
        return_path=f"{area.prefix}/" if is_error_page else _return_path(),
        style_urls=[files[name].url for name in area.styles],
        script_urls=[files[name].url for name in area.scripts],
        icon_url=files["icon.svg"].url,
        is_demo=current().is_demo,
        is_draft_language=i18n.is_draft(language),
        is_error=bool(context.get("error")) or not_stored is not None,
        is_patient=not area.prefix,
        kiosk_minutes=kiosk_minutes if kiosk_minutes and area.holds_patient() else 0,
        kiosk_warning_seconds=KIOSK_WARNING_SECONDS,
        not_stored=not_stored,
    )
    layout.settings_buttons = _settings_buttons(layout)
    return render_template(template, layout=layout, _=i18n.message_function(), **context), status


def _settings_buttons(layout: SimpleNamespace) -> Markup:
    """Return the buttons for language, text size and theme, rendered once for each look: 3 % of the CPU of a walk."""
    look = (layout.language, layout.languages, layout.text_size, layout.theme, layout.is_patient)
    kept = current().settings_buttons
    if look not in kept:
        kept[look] = Markup(render_template("settings_buttons.html", layout=layout))  # noqa: S704 - our template
    return kept[look]


def init_app(app: Flask) -> None:
    """Offer the macros of macros/parts.html to every template: importing them there costs 5 % of a page."""
    parts = vars(app.jinja_env.get_template("macros/parts.html").module)
    app.jinja_env.globals.update({name: part for name, part in parts.items() if isinstance(part, Macro)})

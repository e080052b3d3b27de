"""What stands around every page: language, text size, banners, style sheets, and the staff's links."""

from dataclasses import dataclass

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from quizapp.domain.approval import ApprovalState
from quizapp.services.staff import IDLE
from quizapp.web import i18n
from quizapp.web.patient import cookie
from quizapp.web.patient.pages import ErrorPage
from quizapp.web.runtime import runtime
from quizapp.web.staff.access import who_is_signed_in
from quizapp.web.static_files import static_url

# Which section of the staff's menu a page belongs to, by the part of its address after /staff/.
SECTIONS = {
    "": "staff.queue",
    "find": "staff.queue",
    "sheet": "staff.queue",
    "invitations": "staff.invite",
    "poster": "staff.invite",
    "insights": "staff.insights_page",
    "exports": "staff.exports_page",
    "content": "staff.content",
    "accounts": "staff.accounts",
    "audit": "staff.audit_log",
    "account": "staff.account",
}
KIOSK_WARNING_SECONDS = 30  # more than the 20 that everyone needs to answer


@dataclass(frozen=True)
class LanguageChoice:
    code: str
    own_name: str
    is_current: bool


@dataclass(frozen=True)
class NavLink:
    """`current`: what aria-current says: "page" for the open page, "true" for the section it is in, else ""."""

    label: str
    url: str
    current: str


@dataclass(frozen=True)
class StaffChrome:
    """The signed-in person's name and links."""

    name: str
    links: tuple[NavLink, ...]
    idle_minutes: int
    has_unapproved_lessons: bool


@dataclass(frozen=True)
class Chrome:
    """`script_urls` is empty where a page needs no script. `is_error` puts "Error:" before the title.

    `staff` is None for patients and before signing in. `not_stored`: the error's number where the page has come back
    because what was chosen on it could not be stored; else None.
    """

    language: str
    direction: str
    text_size: str
    languages: tuple[LanguageChoice, ...]
    return_path: str
    style_urls: tuple[str, ...]
    script_urls: tuple[str, ...]
    icon_url: str
    is_demo: bool
    is_draft_language: bool
    is_error: bool
    staff: StaffChrome | None
    kiosk_minutes: int
    kiosk_warning_seconds: int
    not_stored: str | None


def chrome_for(page: object) -> Chrome:
    language = i18n.page_language()
    offered = i18n.offered_languages()
    for_staff = request.path.startswith("/staff")
    return Chrome(
        language=language,
        direction=i18n.direction(language),
        text_size=i18n.text_size(),
        languages=tuple(LanguageChoice(o.code, o.own_name, o.code == language) for o in offered),
        return_path=_return_path(page),
        style_urls=_urls("app.css", "staff.css", "print.css") if for_staff else _urls("app.css"),
        script_urls=_scripts(for_staff),
        icon_url=static_url("icon.svg"),
        is_demo=runtime().is_demo,
        is_draft_language=i18n.is_draft(language),
        is_error=bool(getattr(page, "error", None) or g.get("not_stored")),
        staff=_staff() if for_staff else None,
        kiosk_minutes=runtime().settings.kiosk_minutes if _holds_a_patient(for_staff) else 0,
        kiosk_warning_seconds=KIOSK_WARNING_SECONDS,
        not_stored=g.get("not_stored"),
    )


def _return_path(page: object) -> str:
    """Where to go on after changing the language or text size; an error page must not say which address it was."""
    if isinstance(page, ErrorPage):
        return "/staff/" if request.path.startswith("/staff") else "/"
    if request.method != "GET" and not _can_be_opened(request.path):
        return "/"
    is_filtered = request.query_string and "notice" not in request.args  # a notice is said once
    return request.full_path if is_filtered else request.path


def _can_be_opened(path: str) -> bool:
    """Whether a page that answers a form can be asked for again, as a question can where nothing was chosen."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def _scripts(for_staff: bool) -> tuple[str, ...]:
    if request.path.startswith("/preview/"):
        return _urls("preview.js")
    return _urls("staff.js") if for_staff else _urls("app.js")


def _holds_a_patient(for_staff: bool) -> bool:
    """Whether this device can open one patient's answers, from whatever page: a shared tablet must let go of them.

    The question "Are you still there?" itself has its own, shorter time.
    """
    if for_staff or request.endpoint == "site.still_there":
        return False
    return any(cookie.attempt_secret(procedure_id) for procedure_id in runtime().editions.catalogue.editions)


def _urls(*names: str) -> tuple[str, ...]:
    return tuple(static_url(name) for name in names)


def _staff() -> StaffChrome | None:
    who = who_is_signed_in()
    if who is None:
        return None
    links = [
        (_("Sheets"), "staff.queue"),
        (_("Invitations"), "staff.invite"),
        (_("Insights"), "staff.insights_page"),
        (_("Exports"), "staff.exports_page"),
    ]
    if who.is_lead:
        links += [(_("Content"), "staff.content"), (_("Accounts"), "staff.accounts"), (_("Audit"), "staff.audit_log")]
    links += [(_("My account"), "staff.account")]
    return StaffChrome(
        who.name,
        tuple(NavLink(label, url_for(name), _current(name)) for label, name in links),
        int(IDLE.total_seconds() // 60),
        any(
            approval.state is not ApprovalState.APPROVED
            for approvals in runtime().editions.catalogue.approvals.values()
            for approval in approvals
        ),
    )


def _current(section: str) -> str:
    if request.path == url_for(section):
        return "page"
    part = request.path.removeprefix("/staff/").split("/")[0]
    return "true" if SECTIONS.get(part) == section else ""

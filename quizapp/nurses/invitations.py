"""Invitation slips and the waiting room's poster, to print."""

from dataclasses import dataclass

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from quizapp.accounts import audit
from quizapp.accounts.auth import signed_in, staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.nurses import invitation_slips
from quizapp.web.context import commit, current, db, today
from quizapp.web.i18n import direction, languages_of, offered_languages, page_language
from quizapp.web.qr import qr_svg
from quizapp.web.render import show
from quizapp.web.staff import bp, menu_entry


@dataclass(frozen=True)
class PosterLink:
    title: str
    url: str
    language: str


FOUR_TO_A_SHEET = "4"


@dataclass(frozen=True)
class InvitationsPage:
    """`error` is None on the first visit; `count` is what the field holds."""

    procedures: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    posters: tuple[PosterLink, ...]
    most: int
    days: int
    count: str
    error: str | None = None


@dataclass(frozen=True)
class SlipLine:
    qr: Markup
    visit_code: str


@dataclass(frozen=True)
class SlipsPage:
    """Slips to print and cut, four to a sheet of paper; shown once. `said` is for the nurse, the rest for patients."""

    said: str
    language: str
    direction: str
    title: str
    scan: str
    no_phone: str
    code_label: str
    sheets: tuple[tuple[SlipLine, ...], ...]


@dataclass(frozen=True)
class PosterPage:
    """The poster's words are in the patients' language, whatever the nurse's is."""

    language: str
    direction: str
    title: str
    qr: Markup
    lines: tuple[str, ...]


@menu_entry(N_("Invitations"), 2, sections=("invitations", "poster"))
@bp.get("/invitations")
@staff_required
def invite() -> ResponseReturnValue:
    return show("staff/invitations.html", _page())


@bp.post("/invitations")
@staff_required
def make_invitations() -> ResponseReturnValue:
    edition = current().editions.current(request.form.get("procedure", ""))
    language = request.form.get("language", "")
    if edition is None or language not in languages_of(edition):
        abort(400)
    try:
        count = int(request.form.get("count", ""))
        slips = invitation_slips.make(db(), edition, language, current().code_keys, today(), count)
    except ValueError:
        most = invitation_slips.MOST_AT_ONCE
        error = _("Choose a number from 1 to %(most)s.", most=most)
        return show("staff/invitations.html", _page(request.form.get("count", ""), error), 400)
    audit.note(db(), current().clock(), signed_in().name, "invitations", detail=str(count))
    commit()
    lines = [SlipLine(_qr(_site() + url_for("site.invitation", token=s.token)), s.visit_code) for s in slips]
    said = ngettext(
        "%(num)s slip. Print it now: it is shown only once.",
        "%(num)s slips. Print them now: they are shown only once.",
        count,
    )
    with force_locale(language):
        page = SlipsPage(
            said=said,
            language=language,
            direction=direction(language),
            title=edition.in_language(language).title,
            scan=_(
                "Before your visit: scan this with your phone and read the short lessons. You can stop and come back."
            ),
            no_phone=_(
                "No phone that scans? Open %(site)s and press Start. You get a visit code there. "
                "Bring that one instead.",
                site=_site(),
            ),
            code_label=_("Visit code, for your nurse:"),
            sheets=tuple(tuple(lines[start : start + 4]) for start in range(0, len(lines), 4)),
        )
    return show("staff/slips.html", page)


@bp.get("/poster/<procedure_id>")
@staff_required
def poster(procedure_id: str) -> ResponseReturnValue:
    edition = current().editions.current(procedure_id)
    language = request.args.get("language", edition.source if edition else "")
    if edition is None or language not in languages_of(edition):
        abort(404)
    address = _site() + url_for("patient.start", procedure_id=procedure_id)
    with force_locale(language):
        page = PosterPage(
            language=language,
            direction=direction(language),
            title=edition.in_language(language).title,
            qr=_qr(address),
            lines=(
                _("Scan this with your phone, or open %(site)s.", site=_site()),
                _("Read the short lessons, and find out what you would like to ask."),
                _("Tell your nurse the visit code that you get there."),
            ),
        )
    return show("staff/poster.html", page)


def _page(count: str = FOUR_TO_A_SHEET, error: str | None = None) -> InvitationsPage:
    editions = current().editions.catalogue.editions.items()
    return InvitationsPage(
        tuple((procedure_id, edition.in_language(page_language()).title) for procedure_id, edition in editions),
        tuple((language.code, language.own_name) for language in offered_languages()),
        tuple(
            PosterLink(
                edition.in_language(language).title,
                url_for("staff.poster", procedure_id=procedure_id, language=language),
                language,
            )
            for procedure_id, edition in editions
            for language in sorted(languages_of(edition))
        ),
        invitation_slips.MOST_AT_ONCE,
        current().settings.sheet_days,
        count,
        error,
    )


def _site() -> str:
    return current().settings.public_url.rstrip("/") or request.host_url.rstrip("/")


def _qr(text: str) -> Markup:
    return Markup(qr_svg(text).decode())  # noqa: S704 - drawn by us, from an address of ours

"""Invitation slips and the waiting room's poster, to print."""

from dataclasses import dataclass

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from quizapp.services import audit, invitations
from quizapp.web.i18n import offered_languages
from quizapp.web.qr import qr_svg
from quizapp.web.rendering import show
from quizapp.web.runtime import db, runtime, today
from quizapp.web.staff.access import nurses, signed_in
from quizapp.web.staff.blueprint import bp


@dataclass(frozen=True)
class InvitationsPage:
    """`error` is None on the first visit."""

    procedures: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    most: int
    days: int
    error: str | None = None


@dataclass(frozen=True)
class SlipLine:
    qr: Markup
    visit_code: str


@dataclass(frozen=True)
class SlipsPage:
    """Slips to print and cut, four to a sheet of paper; shown once."""

    title: str
    said: str
    site: str
    sheets: tuple[tuple[SlipLine, ...], ...]


@dataclass(frozen=True)
class PosterPage:
    title: str
    qr: Markup
    site: str


@bp.get("/invitations")
@nurses
def invite() -> ResponseReturnValue:
    return show("staff/invitations.html", _page())


@bp.post("/invitations")
@nurses
def make_invitations() -> ResponseReturnValue:
    edition = runtime().editions.current(request.form.get("procedure", ""))
    language = request.form.get("language", "")
    if edition is None or language not in edition.languages or language not in _offered():
        abort(400)
    try:
        count = int(request.form.get("count", ""))
        slips = invitations.make(db(), edition, language, runtime().code_keys, today(), count)
    except ValueError:
        most = invitations.MOST_AT_ONCE
        return show("staff/invitations.html", _page(_("Choose a number from 1 to %(most)s.", most=most)), 400)
    audit.note(db(), runtime().clock(), signed_in().name, "invitations", detail=str(count))
    db().commit()
    lines = [SlipLine(_qr(_site() + url_for("site.invitation", token=s.token)), s.visit_code) for s in slips]
    page = SlipsPage(
        edition.in_language(language).title,
        ngettext(
            "%(num)s slip. Print it now: it is shown only once.",
            "%(num)s slips. Print them now: they are shown only once.",
            count,
        ),
        _site(),
        tuple(tuple(lines[start : start + 4]) for start in range(0, len(lines), 4)),
    )
    return show("staff/slips.html", page)


@bp.get("/poster/<procedure_id>")
@nurses
def poster(procedure_id: str) -> ResponseReturnValue:
    edition = runtime().editions.current(procedure_id)
    if edition is None:
        abort(404)
    address = _site() + url_for("patient.start", procedure_id=procedure_id)
    return show("staff/poster.html", PosterPage(edition.in_language(edition.source).title, _qr(address), _site()))


def _page(error: str | None = None) -> InvitationsPage:
    editions = runtime().editions.catalogue.editions.items()
    return InvitationsPage(
        tuple((procedure_id, edition.in_language(edition.source).title) for procedure_id, edition in editions),
        tuple((language.code, language.own_name) for language in offered_languages()),
        invitations.MOST_AT_ONCE,
        runtime().settings.sheet_days,
        error,
    )


def _offered() -> set[str]:
    return {language.code for language in offered_languages()}


def _site() -> str:
    return runtime().settings.public_url.rstrip("/") or request.host_url.rstrip("/")


def _qr(text: str) -> Markup:
    return Markup(qr_svg(text).decode())  # noqa: S704 - drawn by us, from an address of ours

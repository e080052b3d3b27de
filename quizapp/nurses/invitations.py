"""Invitation slips and the waiting room's poster, to print.

A slip is an attempt that waits for its patient: a link for the patient's device and a visit code for the chart.
"""

from datetime import date
from typing import NamedTuple

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from quizapp.accounts import audit
from quizapp.accounts.auth import signed_in, staff_required
from quizapp.domain.gettext_marker import N_
from quizapp.domain.procedure import Edition
from quizapp.domain.visit_codes import CodeKeys, in_language
from quizapp.patients import attempts
from quizapp.web.context import commit, current, db, today
from quizapp.web.i18n import direction, languages_of, offered_languages, page_language
from quizapp.web.layout import render_page
from quizapp.web.site_address import opens_only_here, site_address
from quizapp.web.staff import bp, menu_entry

MAX_AT_ONCE = 100
SLIPS_PER_SHEET = 4  # of paper


class Slip(NamedTuple):
    """One invitation. Its token is only in the printed link; the database holds a hash."""

    token: str
    visit_code: str


@menu_entry(N_("Invitations"), 2, sections=("invitations", "poster"))
@bp.get("/invitations")
@staff_required
def invite(count: str = str(SLIPS_PER_SHEET), error: str | None = None, status: int = 200) -> ResponseReturnValue:
    """Show the form. `count` is what its field holds."""
    editions = current().editions.catalogue.editions
    return render_page(
        "staff/invitations.html",
        status,
        procedures={name: edition.in_language(page_language()).title for name, edition in editions.items()},
        languages=offered_languages(),
        posters=[edition.in_language(code) for edition in editions.values() for code in sorted(languages_of(edition))],
        most=MAX_AT_ONCE,
        days=current().settings.sheet_days,
        count=count,
        error=error,
    )


@bp.post("/invitations")
@staff_required
def make_invitations() -> ResponseReturnValue:
    edition = current().editions.current(request.form.get("procedure", ""))
    language = request.form.get("language", "")
    if edition is None or language not in languages_of(edition):
        abort(400)
    typed = request.form.get("count", "")
    if opens_only_here(site_address()):
        return _refuse_address(typed)
    try:
        slips = make_slips(db(), edition, language, current().code_keys, today(), int(typed))
    except ValueError:
        return invite(typed, _("Choose a number from 1 to %(most)s.", most=MAX_AT_ONCE), 400)
    audit.note(db(), current().clock(), signed_in().name, "invitations", detail=str(len(slips)))
    commit()
    sheets = [slips[start : start + SLIPS_PER_SHEET] for start in range(0, len(slips), SLIPS_PER_SHEET)]
    with force_locale(language):
        words = {
            "scan": _(
                "Before your visit: scan this with your phone and read the short lessons. You can stop and come back."
            ),
            "no_phone": _(
                "No phone that scans? Open %(site)s, choose “I have a slip with a code”, and type the code below.",
                site=site_address(),
            ),
            "code_label": _("Visit code, for your nurse:"),
        }
    return render_page(
        "staff/slips.html",
        sheets=sheets,
        count=len(slips),
        site=site_address(),
        procedure=edition.in_language(language),
        direction=direction(language),
        **words,
    )


@bp.get("/poster/<procedure_id>")
@staff_required
def poster(procedure_id: str) -> ResponseReturnValue:
    edition = current().editions.current(procedure_id)
    language = request.args.get("language", edition.source if edition else "")
    if edition is None or language not in languages_of(edition):
        abort(404)
    if opens_only_here(site_address()):
        return _refuse_address()
    with force_locale(language):
        lines = (
            _("Scan this with your phone, or open %(site)s.", site=site_address()),
            _("Read the short lessons, and find out what you would like to ask."),
            _("Tell your nurse the visit code that you get there."),
        )
    return render_page(
        "staff/poster.html",
        procedure=edition.in_language(language),
        direction=direction(language),
        address=site_address() + url_for("patient.start", procedure_id=procedure_id),
        lines=lines,
    )


def make_slips(
    session: Session, edition: Edition, language: str, keys: CodeKeys, today: date, count: int
) -> tuple[Slip, ...]:
    """Begin an attempt for each of 1 to 100 slips. Raises ValueError for other counts."""
    if not 1 <= count <= MAX_AT_ONCE:
        raise ValueError(f"1 to {MAX_AT_ONCE} slips at once")
    slips = []
    for _number in range(count):
        attempt, secret = attempts.begin(session, edition, language, keys, today, state="invited")
        code = in_language(keys.code(secret, attempt.code_hmac), language)
        slips.append(Slip(attempts.to_token(secret), code))
    return tuple(slips)


def _refuse_address(count: str = str(SLIPS_PER_SHEET)) -> ResponseReturnValue:
    """Show the form with how to set an address right that patients could not open."""
    words = _(
        "Patients could not open %(site)s: this address works on the server’s own computer only. Open the staff pages "
        "at an address that other devices reach (“quizapp serve --host 0.0.0.0” prints it), or have QUIZAPP_PUBLIC_URL "
        "set to it. Then try again.",
        site=site_address(),
    )
    return invite(count, words, 409)

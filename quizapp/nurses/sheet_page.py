"""The page of one sheet: prepare, talk, record outcomes, close, print."""

from datetime import timedelta
from typing import Any

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import audit, kept_form
from quizapp.accounts.auth import staff_required
from quizapp.domain import flags
from quizapp.domain.flags import PRIORITY_LABELS, Priority
from quizapp.domain.outcomes import OUTCOME_LABELS, SETTLED, Outcome
from quizapp.domain.talk_list import Topic
from quizapp.models import Attempt
from quizapp.nurses import reviews
from quizapp.nurses.sheets import (
    Sheet,
    find,
    get_sheet_or_404,
    get_sheet_to_change_or_404,
    load_sheet,
    message,
    message_id,
    nurse,
)
from quizapp.web.context import commit, current, db, end_db, today
from quizapp.web.errors import resendable
from quizapp.web.i18n import use_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

FIELD = "outcome."  # in front of a card's items, joined by dots: "outcome.first.second"

WARNINGS = ("other-sheet", "code-first", "changed")  # messages about the wrong patient, or about nothing recorded

# Why an outcome or a close was refused, and the message that says so.
REFUSALS: dict[type[reviews.NotAllowed], str] = {
    reviews.CodeNeeded: "code-first",
    reviews.FlagsChanged: "changed",
    reviews.OutcomesMissing: "outcomes-missing",
    reviews.KeptForFollowUp: "follow-up",
}


def _outcomes() -> dict[str, Outcome]:
    """Return what was chosen, by item, without cards left open. Each card's field names the items that it covers."""
    try:
        return {
            item_id: Outcome(chosen)
            for name, chosen in request.form.items()
            if name.startswith(FIELD) and chosen
            for item_id in name.removeprefix(FIELD).split(".")
        }
    except ValueError:
        abort(400)


@bp.app_template_filter("outcome")
def outcome_label(outcome: Outcome) -> str:
    return str(_(OUTCOME_LABELS[outcome]))


@bp.app_template_filter("priority")
def priority_label(priority: Priority) -> str:
    return str(_(PRIORITY_LABELS[priority]))


@bp.app_template_filter("flag")
def flag_words(topic: Topic) -> str:
    """Name a topic's flag, and say what happened at both tries if there are two."""
    label, reason = _(flags.rule_of(topic.flag).label), flags.reason(topic.record)
    if not reason:
        return str(label)
    first, second = map(_, reason)
    return str(_("%(flag)s: %(first)s, %(second)s", flag=label, first=first, second=second))


@bp.get("/sheet/<attempt_id>")
@staff_required
def sheet(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    other = find(db(), nurse(), request.args.get("other", ""))
    if other is not None and not reviews.is_unlocked(db(), nurse(), other):
        other = None
    loaded = load(attempt)
    _note_if_preparing(attempt, is_unlocked=is_unlocked)
    kept = kept_form.kept_fields(request.path)
    marked = {name: value for name, value in kept.items() if name.startswith(FIELD)}
    return _show(loaded, is_unlocked=is_unlocked, message=message(), other=other, chosen=marked)


def _sheet_again(attempt_id: str) -> ResponseReturnValue:
    """The sheet with the outcomes that could not be stored still marked."""
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    return _show(load(attempt), 503, is_unlocked=is_unlocked, chosen=request.form)


@bp.post("/sheet/<attempt_id>")
@staff_required
@resendable(_sheet_again)
def record_outcomes(attempt_id: str) -> ResponseReturnValue:
    """Save what was chosen; then, if asked to, close the sheet. What was saved stays if it cannot close."""
    attempt = get_sheet_to_change_or_404(attempt_id)
    outcomes, then, now = _outcomes(), request.form.get("then", "save"), current().clock()
    if then not in ("save", "close", "unlink"):
        abort(400)
    try:
        reviews.record(db(), nurse(), attempt, outcomes, now)
        if then == "close":
            reviews.close(db(), nurse(), attempt, now)
        elif then == "unlink":
            reviews.close_and_unlink(db(), nurse(), attempt, now)
    except reviews.NotAllowed as refusal:
        commit()
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice=REFUSALS[type(refusal)]), 303)
    commit()
    kept_form.forget()
    if then == "save":
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="saved"), 303)
    done = "closed" if then == "close" else "unlinked"
    return redirect(url_for("staff.queue", notice=done), 303)


@bp.post("/sheet/<attempt_id>/stop")
@staff_required
@resendable()
def stop_for_patient(attempt_id: str) -> ResponseReturnValue:
    """End the attempt of a patient who has left, so that outcomes can be recorded."""
    attempt = db().get(Attempt, attempt_id, with_for_update=True) or abort(404)
    try:
        reviews.stop(db(), nurse(), attempt, current().editions.procedure_of(db(), attempt), current().clock())
    except reviews.CodeNeeded:
        abort(404)
    commit()
    return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="stopped"), 303)


@bp.get("/sheet/<attempt_id>/print")
@staff_required
def print_sheet(attempt_id: str) -> ResponseReturnValue:
    attempt = get_sheet_or_404(attempt_id)
    is_unlocked = reviews.is_unlocked(db(), nurse(), attempt)
    loaded = load(attempt)
    _note_if_preparing(attempt, is_unlocked=is_unlocked)
    return render_page(
        "staff/sheet_print.html",
        sheet=loaded,
        is_unlocked=is_unlocked,
        outcomes=tuple(Outcome),
        settled=SETTLED,
        printed=today(),
        kept_until=today() + timedelta(days=loaded.days_left),
    )


def load(attempt: Attempt) -> Sheet:
    """Load a sheet in the page's language; the page follows if the content lacks that."""
    editions = current().editions
    language = use_content_language(editions.by_id(db(), attempt.edition)).language
    return load_sheet(db(), editions, attempt, language, current().retention, today())


def _show(
    sheet: Sheet,
    status: int = 200,
    *,
    is_unlocked: bool,
    message: str | None = None,
    other: Attempt | None = None,
    chosen: Any = (),
) -> ResponseReturnValue:
    """Render the sheet. `chosen`: outcomes by field, as marked before. `other`: the sheet of another code.

    `missing`: numbers of the cards that kept it from closing just now.
    """
    just_refused = is_unlocked and message_id() == REFUSALS[reviews.OutcomesMissing]
    cards = enumerate(sheet.talk.all, start=1)
    return render_page(
        "staff/sheet.html",
        status,
        sheet=sheet,
        is_unlocked=is_unlocked,
        message=message,
        other=other,
        is_warning=message_id() in WARNINGS,
        chosen=dict(chosen),
        missing=tuple(number for number, card in cards if just_refused and sheet.is_open(card)),
        outcomes=tuple(Outcome),
        settled=SETTLED,
        flag_rules=flags.FLAG_RULES,
    )


def _note_if_preparing(attempt: Attempt, *, is_unlocked: bool) -> None:
    """Audit that a sheet was opened from the queue. If its code was entered, that was audited then."""
    if is_unlocked:
        return
    end_db()
    with current().database.writing() as session:
        audit.note(session, current().clock(), nurse().name, "sheet-opened", attempt.id, "to prepare")
        session.commit()

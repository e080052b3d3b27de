"""The page of one sheet: prepare, talk, record outcomes, close, print; and the note for the patient's chart."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts import audit, kept_form
from quizapp.accounts.auth import signed_in, staff_required
from quizapp.domain import flags
from quizapp.domain.flags import PRIORITY_LABELS, Priority
from quizapp.domain.outcomes import OUTCOME_LABELS, SETTLED, Outcome
from quizapp.domain.talk_list import TalkCard, Topic
from quizapp.models import Attempt
from quizapp.nurses import reviews
from quizapp.nurses.sheets import Sheet, find, find_to_change, load_sheet, message
from quizapp.web.context import commit, current, db, end_db, today
from quizapp.web.errors import resendable
from quizapp.web.i18n import day_words, use_content_language
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

QR_BYTES = 600  # at most 89 modules a side
FIELD = "outcome."  # in front of a card's items, joined by dots: "outcome.first.second"

WARNINGS = ("other-sheet", "code-first", "changed")  # messages about the wrong patient, or about nothing recorded
DONE = {"save": "saved", "close": "closed", "unlink": "unlinked"}  # what the buttons do, and the message after it


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
    """Show the sheet. Outcomes that could not be stored, or were marked when the session ended, are still marked.

    `other`: the sheet of another code. `missing`: numbers of the cards that kept it from closing just now.
    """
    other = find(db(), signed_in(), request.args.get("other", ""))
    if other is not None and not reviews.is_unlocked(db(), signed_in(), other):
        other = None
    loaded, is_unlocked = _open(attempt_id)
    marked = request.form or kept_form.kept_fields(request.path)
    notice = request.args.get("notice")
    just_refused = is_unlocked and notice == reviews.Refusal.OUTCOMES_MISSING
    cards = enumerate(loaded.talk.all, start=1)
    return render_page(
        "staff/sheet.html",
        sheet=loaded,
        is_unlocked=is_unlocked,
        message=message(),
        other=other,
        is_warning=notice in WARNINGS,
        chosen={name: value for name, value in marked.items() if name.startswith(FIELD)},
        missing=tuple(number for number, card in cards if just_refused and loaded.is_open(card)),
        outcomes=tuple(Outcome),
        settled=SETTLED,
        flag_rules=flags.FLAG_RULES,
    )


@bp.post("/sheet/<attempt_id>")
@staff_required
@resendable(sheet)
def record_outcomes(attempt_id: str) -> ResponseReturnValue:
    """Save what was chosen; then, if asked to, close the sheet. What was saved stays if it cannot close."""
    attempt = find_to_change(db(), attempt_id) or abort(404)
    outcomes, then, now = _outcomes(), request.form.get("then", "save"), current().clock()
    if then not in DONE:
        abort(400)
    try:
        reviews.record(db(), signed_in(), attempt, outcomes, now)
        if then == "close":
            reviews.close(db(), signed_in(), attempt, now)
        elif then == "unlink":
            reviews.close_and_unlink(db(), signed_in(), attempt, now)
    except reviews.NotAllowed as error:
        commit()
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice=error.refusal), 303)
    commit()
    kept_form.forget()
    if then == "save":
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice=DONE[then]), 303)
    return redirect(url_for("staff.queue", notice=DONE[then]), 303)


@bp.post("/sheet/<attempt_id>/stop")
@staff_required
@resendable()
def stop_for_patient(attempt_id: str) -> ResponseReturnValue:
    """End the attempt of a patient who has left, so that outcomes can be recorded."""
    attempt = db().get(Attempt, attempt_id, with_for_update=True) or abort(404)
    try:
        reviews.stop(db(), signed_in(), attempt, current().editions.procedure_of(db(), attempt), current().clock())
    except reviews.NotAllowed:
        abort(404)
    commit()
    return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="stopped"), 303)


@bp.get("/sheet/<attempt_id>/print")
@staff_required
def print_sheet(attempt_id: str) -> ResponseReturnValue:
    loaded, is_unlocked = _open(attempt_id)
    return render_page(
        "staff/sheet_print.html",
        sheet=loaded,
        is_unlocked=is_unlocked,
        outcomes=tuple(Outcome),
        settled=SETTLED,
        printed=today(),
        kept_until=today() + timedelta(days=loaded.days_left),
    )


def _open(attempt_id: str) -> tuple[Sheet, bool]:
    """Return a sheet, and whether its code was entered, as was audited then. If not, audit that it was opened."""
    attempt = find(db(), signed_in(), attempt_id) or abort(404)
    is_unlocked, loaded = reviews.is_unlocked(db(), signed_in(), attempt), _load(attempt)
    if not is_unlocked:
        end_db()
        with current().database.transaction() as session:
            audit.note(session, current().clock(), signed_in().name, "sheet-opened", attempt_id, "to prepare")
    return loaded, is_unlocked


def _load(attempt: Attempt) -> Sheet:
    """Load a sheet in the page's language; the page follows if the content lacks that."""
    editions = current().editions
    language = use_content_language(editions.by_id(db(), attempt.edition)).language
    return load_sheet(db(), editions, attempt, language, current().settings.retention, today())


# --- the note for the chart: plain text, without a code or a name -----------------------------------------------


@bp.get("/sheet/<attempt_id>/record")
@staff_required
def record_text(attempt_id: str) -> ResponseReturnValue:
    """Show the note only after the visit code was entered: the chart must not get another patient's."""
    attempt = find(db(), signed_in(), attempt_id) or abort(404)
    if not reviews.is_unlocked(db(), signed_in(), attempt):
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="code-first"), 303)
    lines = tuple(_note_lines(_load(attempt)))
    return render_page("staff/record.html", lines=lines, parts=_qr_parts(lines), attempt_id=attempt_id)


def _qr_parts(lines: Iterable[str]) -> list[str]:
    """Cut the note at line ends into texts of about QR_BYTES: one large QR code is hard to scan from a screen."""
    parts = [""]
    for line in lines:
        if parts[-1] and len((parts[-1] + line).encode()) > QR_BYTES:
            parts.append("")
        parts[-1] += f"{line}\n"
    return parts


def _note_lines(sheet: Sheet) -> Iterator[str]:
    yield _("Talk about the lessons: %(title)s", title=sheet.procedure.title)
    day = day_words(sheet.attempt.day)
    if sheet.attempt.state == "open":
        yield _("Still answering, at lesson %(number)s on %(day)s.", number=sheet.lesson, day=day)
    elif sheet.attempt.state == "stopped":
        yield _("Stopped at lesson %(number)s on %(day)s.", number=sheet.lesson, day=day)
    else:
        yield _("Lessons finished on %(day)s.", day=day)
    for card in sheet.talk.all:
        yield ""
        yield from _card_note(sheet, card)
    if sheet.prompts:
        yield ""
        yield _("The patient wants to ask:")
        yield from (f"- {prompt.text}" for prompt, _read in sheet.prompts)
    yield ""
    yield _("From a check of how well the leaflet explained. It is no test result and no judgement of capacity.")


def _card_note(sheet: Sheet, card: TalkCard) -> Iterator[str]:
    yield " / ".join(sheet.topics(card))
    for belief in card.beliefs:
        yield _("  Before the talk: %(belief)s", belief=sheet.procedure.misconception_name(belief))
    firsts = [topic.record.first for topic in card.topics]
    if any(first is not None and first.option_id is None for first in firsts):
        yield _("  Before the talk: began with “I don’t know yet”")
    if all(topic.record.right_at == 2 for topic in card.topics):
        yield _("  Before the talk: right at the second try")
    for fact in sheet.facts(card):
        yield _("  Leaflet: %(fact)s", fact=fact.text)
    for topic in card.topics:
        asked = sheet.asked_again(topic.record)
        if asked:
            yield _("  Asked again in the room: “%(question)s”", question=asked.form.stem)
            yield (
                _("  Answered as in the leaflet")
                if asked.is_right
                else _("  Not answered as in the leaflet: “%(answer)s”", answer=asked.chosen.text)
                if asked.chosen
                else _("  Answered “I don’t know yet”")
            )
    latest = [sheet.reviews[item_id][-1] for item_id in card.item_ids if item_id in sheet.reviews]
    for outcome, day in dict.fromkeys((review.outcome, review.day) for review in latest):
        words = _(OUTCOME_LABELS[outcome]) if outcome else _("open again, since it was asked again")
        yield _("  Outcome: %(outcome)s, %(day)s", outcome=words, day=day_words(day))
    if not latest:
        yield _("  Outcome: none recorded")

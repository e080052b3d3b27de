"""The note for the patient's chart: what was talked about, in plain text, without a code or a name."""

from collections.abc import Iterable, Iterator

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp.accounts.auth import staff_required
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.domain.talk_list import TalkCard
from quizapp.nurses import reviews
from quizapp.nurses.sheet_page import load
from quizapp.nurses.sheets import Sheet, get_sheet_or_404, nurse
from quizapp.web.context import db
from quizapp.web.i18n import day_words
from quizapp.web.layout import render_page
from quizapp.web.staff import bp

QR_BYTES = 600  # at most 89 modules a side


@bp.get("/sheet/<attempt_id>/record")
@staff_required
def record_text(attempt_id: str) -> ResponseReturnValue:
    """Show the note only after the visit code was entered: the chart must not get another patient's."""
    attempt = get_sheet_or_404(attempt_id)
    if not reviews.is_unlocked(db(), nurse(), attempt):
        return redirect(url_for("staff.sheet", attempt_id=attempt_id, notice="code-first"), 303)
    lines = tuple(_lines(load(attempt)))
    return render_page("staff/record.html", lines=lines, parts=_qr_parts(lines), attempt_id=attempt_id)


def _qr_parts(lines: Iterable[str]) -> list[str]:
    """Cut the note at blank lines into texts of about QR_BYTES: one large QR code is hard to scan from a screen.

    Only a paragraph longer than that makes a longer text.
    """
    parts = [""]
    for paragraph in "\n".join(lines).split("\n\n"):
        if parts[-1] and len((parts[-1] + paragraph).encode()) > QR_BYTES:
            parts.append("")
        parts[-1] += f"{paragraph}\n\n"
    return [part.rstrip("\n") + "\n" for part in parts]


def _lines(sheet: Sheet) -> Iterator[str]:
    yield _("Talk about the lessons: %(title)s", title=sheet.procedure.title)
    day = day_words(sheet.attempt.day)
    if sheet.still_at:
        yield _("Still answering, at lesson %(number)s on %(day)s.", number=sheet.still_at, day=day)
    elif sheet.stopped_at:
        yield _("Stopped at lesson %(number)s on %(day)s.", number=sheet.stopped_at, day=day)
    else:
        yield _("Lessons finished on %(day)s.", day=day)
    for card in sheet.talk.all:
        yield ""
        yield from _card_lines(sheet, card)
    if sheet.prompts:
        yield ""
        yield _("The patient wants to ask:")
        yield from (f"- {prompt.text}" for prompt, _read in sheet.prompts)
    yield ""
    yield _("From a check of how well the leaflet explained. It is no test result and no judgement of capacity.")


def _card_lines(sheet: Sheet, card: TalkCard) -> Iterator[str]:
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

"""When something could not be stored: the same page comes back, with the choice still made and "try again" above it.

Reading mostly still works then (a full or locked disk). Where it does not, or where the page is not one of these, the
error page's button sends the same form once more.
"""

from collections.abc import Callable
from dataclasses import replace

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from quizapp.services import rechecks
from quizapp.web.patient import assembling
from quizapp.web.patient.walker import get_edition_or_404, get_walker_or_redirect
from quizapp.web.rendering import show
from quizapp.web.runtime import db, end_db, read_from_here
from quizapp.web.staff import recheck, sheet
from quizapp.web.staff.sheet_pages import CardView

# Forms that hold no password, so that the error page may hold them.
MAY_BE_SENT_AGAIN = {
    "site.open_invitation",
    "patient.begin",
    "patient.read_lesson",
    "patient.answer",
    "patient.finish",
    "patient.stop",
    "staff.find_sheet",
    "staff.enter_code",
    "staff.record_outcomes",
    "staff.start_recheck",
    "staff.answer_recheck",
}


def page_again(error_id: str) -> ResponseReturnValue | None:
    """The page that this form came from, or None where it cannot be shown."""
    show_again = PAGES.get(request.endpoint or "")
    if show_again is None:
        return None
    g.not_stored = error_id
    try:
        read_from_here()
        return show_again(**(request.view_args or {}))
    except (HTTPException, SQLAlchemyError):
        g.pop("not_stored")
        return None
    finally:
        end_db()


def form_again() -> tuple[tuple[str, str], ...]:
    """The fields as they were sent, for one more try; none where they must not stand on a page."""
    if request.method != "POST" or request.endpoint not in MAY_BE_SENT_AGAIN:
        return ()
    return tuple(request.form.items(multi=True))


def _start(procedure_id: str) -> ResponseReturnValue:
    return show("patient/start.html", assembling.start_page(get_edition_or_404(procedure_id), None), 503)


def _lesson(procedure_id: str, number: int) -> ResponseReturnValue:
    walker = get_walker_or_redirect(procedure_id)
    return show("patient/lesson.html", assembling.lesson_page(walker, number), 503)


def _question(procedure_id: str, item_id: str) -> ResponseReturnValue | None:
    walker = get_walker_or_redirect(procedure_id)
    if walker.standing.step.item_id != item_id:  # stored meanwhile, by another press of the same button
        return None
    page = assembling.question_page(walker, item_id)
    return show("patient/question.html", replace(page, chosen=request.form.get("option", "")), 503)


def _prompts(procedure_id: str) -> ResponseReturnValue:
    page = assembling.prompts_page(get_walker_or_redirect(procedure_id))
    return show("patient/prompts.html", replace(page, ticked=tuple(request.form.getlist("prompts"))), 503)


def _sheet(attempt_id: str) -> ResponseReturnValue:
    page = sheet.page_to_record(attempt_id)

    def marked(cards: tuple[CardView, ...]) -> tuple[CardView, ...]:
        return tuple(replace(card, chosen=request.form.get(card.field, "")) for card in cards)

    return show("staff/sheet.html", replace(page, cards=marked(page.cards), also=marked(page.also)), 503)


def _recheck() -> ResponseReturnValue | None:
    attempt = recheck.handed_over()
    procedure = recheck.procedure_of(attempt) if attempt else None
    question = rechecks.next_question(db(), attempt, procedure) if attempt and procedure else None
    if attempt is None or question is None or question.item.id != request.form.get("item"):
        return None
    return recheck.show_question(attempt, question, chosen=request.form.get("option", ""), status=503)


PAGES: dict[str, Callable[..., ResponseReturnValue | None]] = {
    "patient.begin": _start,
    "patient.read_lesson": _lesson,
    "patient.answer": _question,
    "patient.finish": _prompts,
    "staff.record_outcomes": _sheet,
    "staff.answer_recheck": _recheck,
}


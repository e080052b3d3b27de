"""What a patient sees on the nurse's device: one question, in the language of the walk, or "hand it back"."""

from dataclasses import dataclass, replace

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.domain.journey import options_in_order
from quizapp.domain.procedure import Procedure
from quizapp.domain.recheck_items import RecheckQuestion
from quizapp.models import Attempt
from quizapp.nurses.sheet_forms import DONT_KNOW
from quizapp.web.i18n import set_content_language
from quizapp.web.layout import make_layout


@dataclass(frozen=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True)
class RecheckPage:
    """One question. `error` tells whether nothing was chosen; `chosen` is what was chosen before another error."""

    stem: str
    options: tuple[Option, ...]
    dont_know: str
    item_id: str
    form_id: str
    number: int
    of_total: int
    error: bool
    action: str
    hand_back_url: str
    chosen: str


@dataclass(frozen=True)
class HandBackPage:
    """The nurse's password brings the staff pages back; `recheck_url` is None when all was answered."""

    nurse_name: str
    recheck_url: str | None
    error: bool
    action: str


def recheck_page(
    attempt: Attempt,
    questions: tuple[RecheckQuestion, ...],
    question: RecheckQuestion,
    *,
    is_missing: bool,
    chosen: str,
) -> RecheckPage:
    options = question.form.options
    order = options_in_order(question.form, question.item, attempt.id)
    return RecheckPage(
        stem=question.form.stem,
        options=tuple(Option(options[index].id, options[index].text) for index in order),
        dont_know=DONT_KNOW,
        item_id=question.item.id,
        form_id=question.form.id,
        number=questions.index(question) + 1,
        of_total=len(questions),
        error=is_missing,
        action=url_for("staff.answer_recheck"),
        hand_back_url=url_for("staff.hand_back"),
        chosen=chosen,
    )


def hand_back_page(nurse_name: str, *, is_done: bool, is_refused: bool) -> HandBackPage:
    return HandBackPage(
        nurse_name=nurse_name,
        recheck_url=None if is_done else url_for("staff.recheck"),
        error=is_refused,
        action=url_for("staff.take_back"),
    )


def show_to_patient(template: str, page: object, procedure: Procedure | None, status: int) -> ResponseReturnValue:
    """A page in the patient's language and look, whatever the nurse's device is set to; English without one."""
    if procedure is None:
        set_content_language(None, "en", ())
    else:
        set_content_language(procedure.id, procedure.language, ())
    around = replace(make_layout(is_error=bool(getattr(page, "error", None))), script_urls=(), staff=None)
    return render_template(template, page=page, layout=around), status

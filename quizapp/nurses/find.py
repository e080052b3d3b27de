"""The visit code: from the staff start page, and on a sheet that was opened to prepare."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts.auth import staff_required
from quizapp.nurses.nursing import get_sheet_to_change_or_404, nurse
from quizapp.nurses.queue_pages import find_view
from quizapp.nurses.sheet_forms import CodeForm
from quizapp.nurses.visit_code_lookup import Found, LookUp, look_up
from quizapp.web.context import commit, current, db
from quizapp.web.messages import notice
from quizapp.web.render import show
from quizapp.web.retry_page import resendable
from quizapp.web.staff import bp


@bp.get("/find")
@staff_required
def find() -> ResponseReturnValue:
    return show("staff/find.html", find_view(notice()))


@bp.post("/find")
@staff_required
@resendable()
def find_sheet() -> ResponseReturnValue:
    looked_up = _look_up()
    if looked_up.found is Found.SHEET and looked_up.attempt:
        return redirect(url_for("staff.sheet", attempt_id=looked_up.attempt.id), 303)
    return redirect(url_for("staff.find", notice=looked_up.found.value), 303)


@bp.post("/sheet/<attempt_id>/code")
@staff_required
@resendable()
def enter_code(attempt_id: str) -> ResponseReturnValue:
    """Unlock this sheet. The code of another one does not lead there unasked: the page offers to open it."""
    attempt = get_sheet_to_change_or_404(attempt_id)
    looked_up = _look_up()
    if looked_up.found is not Found.SHEET or looked_up.attempt is None:
        return redirect(url_for("staff.sheet", attempt_id=attempt.id, notice=looked_up.found.value), 303)
    if looked_up.attempt.id != attempt.id:
        other = looked_up.attempt.id
        return redirect(url_for("staff.sheet", attempt_id=attempt.id, notice="other-sheet", other=other), 303)
    return redirect(url_for("staff.sheet", attempt_id=attempt.id), 303)


def _look_up() -> LookUp:
    """What the typed code leads to; a wrong or empty one counts and is audited as well."""
    form = CodeForm()
    typed = str(form.code.data) if form.validate_on_submit() else ""
    looked_up = look_up(db(), nurse(), current().code_keys, typed, current().clock())
    commit()
    return looked_up

"""The nurse behind a request, and the sheet that it is about."""

from flask import abort

from quizapp.services import sheets
from quizapp.services.reviews import Nurse
from quizapp.storage.models.attempts import Attempt
from quizapp.web.runtime import db
from quizapp.web.staff.access import signed_in


def nurse() -> Nurse:
    who = signed_in()
    return Nurse(who.staff_id, who.name, who.session_hash)


def get_sheet_or_404(attempt_id: str) -> Attempt:
    attempt = sheets.find(db(), attempt_id)
    if attempt is None:
        abort(404)
    return attempt


def get_sheet_to_change_or_404(attempt_id: str) -> Attempt:
    """The sheet, held for a change until the transaction ends."""
    attempt = sheets.find_to_change(db(), attempt_id)
    if attempt is None:
        abort(404)
    return attempt

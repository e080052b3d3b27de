"""The nurse behind a request, and the sheet that it is about."""

from flask import abort

from quizapp.accounts.auth import signed_in
from quizapp.models import Attempt
from quizapp.nurses import sheet_contents
from quizapp.nurses.reviews import Nurse
from quizapp.web.context import db


def nurse() -> Nurse:
    who = signed_in()
    return Nurse(who.staff_id, who.name, who.session_hash)


def get_sheet_or_404(attempt_id: str) -> Attempt:
    attempt = sheet_contents.find(db(), attempt_id)
    if attempt is None:
        abort(404)
    return attempt


def get_sheet_to_change_or_404(attempt_id: str) -> Attempt:
    """The sheet, held for a change until the transaction ends."""
    attempt = sheet_contents.find_to_change(db(), attempt_id)
    if attempt is None:
        abort(404)
    return attempt

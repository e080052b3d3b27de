"""Sentences about what has just happened. The address names one; it never carries the words."""

from flask import request
from flask_babel import gettext as _

from quizapp.domain.gettext_marker import N_

NOTICES = {
    "saved": N_("Saved."),
    "closed": N_("The sheet is closed. It has left the queue."),
    "unlinked": N_("The sheet is closed and deleted. Nothing leads back to the patient."),
    "no-such-code": N_(
        "No sheet has this visit code. Please look at it once more. A code stops working when its sheet is deleted."
    ),
    "wait": N_("Too many codes did not fit. Please wait a minute, then try once more."),
    "under-way": N_("This patient is still answering. “Stop here and show my nurse” makes the sheet."),
    "other-sheet": N_("This code belongs to another sheet. Please make sure which patient is with you."),
    "code-first": N_("Enter the visit code of this sheet first. Nothing was recorded."),
    "outcomes-missing": N_("Saved."),  # the sheet itself says what is still missing, for as long as something is
    "changed": N_("The patient has gone on since, so nothing was recorded. This is how it stands now."),
    "for-physician": N_("Saved. Something is left to the physician, so the sheet stays. You can still close it."),
    "nothing-to-ask": N_("There is no question left to ask again."),
    "handed-back": N_("The answers given in the room now stand beside the first ones."),
    "not-answered": N_("Nothing was answered in the room."),
}


def notice_name() -> str:
    """Return the notice that this request's address names, or ""."""
    return request.args.get("notice", "")


def notice() -> str | None:
    """Return the sentence that this request's address names, or None."""
    text = NOTICES.get(notice_name())
    return _(text) if text else None

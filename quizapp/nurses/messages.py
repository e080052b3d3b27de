"""Messages about what has just happened. The address carries the name of one, never its text."""

from flask import request
from flask_babel import gettext as _

from quizapp.domain.gettext_marker import N_

MESSAGES = {
    "saved": N_("Saved."),
    "closed": N_("The sheet is closed. It is no longer in the queue."),
    "unlinked": N_("The sheet is closed and deleted. Nothing leads back to the patient."),
    "no-such-code": N_(
        "No sheet has this visit code. Please check it. A code stops working when its sheet is deleted."
    ),
    "wait": N_("Too many codes did not match. Please wait a minute, then try again."),
    "not-begun": N_("Not begun: with this code, no lesson has been read yet."),
    "stopped": N_("The patient has stopped. Now you can record how the talk went."),
    "other-sheet": N_("This code belongs to another sheet. Please make sure which patient is with you."),
    "code-first": N_("Enter the visit code of this sheet first. Nothing was recorded."),
    "outcomes-missing": N_("Saved."),  # the sheet itself says what is missing, as long as something is
    "changed": N_("The patient has gone on since, so nothing was recorded. This is the sheet now."),
    "follow-up": N_("Saved. Something is left to follow up, so the sheet is kept. You can still close it."),
    "nothing-to-ask": N_("There is no question left to ask again."),
    "handed-back": N_("The answers given in the room are now next to the first ones."),
    "reopened": N_("Asked again, not everything was answered as in the leaflet. Those topics are open again."),
    "not-answered": N_("Nothing was answered in the room."),
}


def message_id() -> str:
    """Return the name in this request's address, or ""."""
    return request.args.get("notice", "")


def message() -> str | None:
    """Return the message that this request's address names, or None."""
    text = MESSAGES.get(message_id())
    return _(text) if text else None

"""The audit's rows in words, for its page. The file that a lead takes along keeps what was noted."""

from flask_babel import gettext as _

from quizapp.accounts.audit import COMMAND_LINE, UNKNOWN_NAME
from quizapp.domain.gettext_marker import N_

DETAILS = {
    "first lead": N_("first lead"),
    "everywhere": N_("everywhere"),
    "on": N_("turned on"),
    "off": N_("turned off"),
    "to prepare": N_("to prepare"),
    "by its visit code": N_("by its visit code"),
    "and unlinked": N_("and deleted at once"),
    "audit": N_("the audit"),
}
# After an account's name.
ENDINGS = {
    " (nurse)": (" (%s)", N_("nurse")),
    " (lead)": (" (%s)", N_("lead")),
    ": reset": (": %s", N_("new link")),
    ": disabled": (": %s", N_("closed")),
    ": enabled": (": %s", N_("opened again")),
}


def name(noted: str) -> str:
    """Who did it: an account's name as it is."""
    return str(_(noted)) if noted in (UNKNOWN_NAME, COMMAND_LINE) else noted


def detail(noted: str) -> str:
    """What a detail says in words; names, ids and an export's choices stay as they are."""
    if noted in DETAILS:
        return str(_(DETAILS[noted]))
    for ending, (frame, word) in ENDINGS.items():
        if noted.endswith(ending):
            return str(noted.removesuffix(ending) + frame % _(word))
    return noted

"""What each flag and each priority means, in a nurse's words."""

from quizapp.domain.flags import Priority
from quizapp.domain.gettext_marker import N_

# As style sheets name them.
PRIORITY_CODES = {
    Priority.TALK_FIRST: "talk-first",
    Priority.TALK: "talk",
    Priority.CHECK: "check",
}

PRIORITY_LABELS = {
    Priority.TALK_FIRST: N_("Talk first"),
    Priority.TALK: N_("Talk"),
    Priority.CHECK: N_("Check"),
}

PRIORITY_MEANINGS = {
    Priority.TALK_FIRST: N_("An important point that the patient likely believes otherwise. Start with these."),
    Priority.TALK: N_("Not understood, not known or not reached. Talk about it before consent."),
    Priority.CHECK: N_("Put right at the second try, or a smaller point not known. Ask if there is time."),
}

FLAG_MEANINGS = {
    "wrong-twice": N_("An important point, missed in two wordings. The explanation in between did not help."),
    "sure-and-wrong": N_("An important point, missed while being sure. Sure and wrong seldom mends itself."),
    "still-unsure": N_("An important point that is still open: not known, or the second try was not taken."),
    "not-reached": N_("An important point that the patient did not come to, because they stopped before it."),
    "wrong": N_("Another point, answered otherwise than the leaflet says. The explanation was shown."),
    "right-after": N_("An important point, missed first and right in other words afterwards."),
    "not-known": N_("Another point where the patient chose “don't know yet”. The explanation was shown."),
}

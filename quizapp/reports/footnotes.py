"""What is to be said of published figures: how many wait, and what was left out.

In English, as the columns and labels of the tables that carry it: a file must not differ with the language of whoever
took it. The report repeats it as published, and marks it as English.
"""

from collections.abc import Iterable

from quizapp.disclosure.suppression import least_shown, rounded
from quizapp.reports.published_figures import GroupFigures, Profile


def waiting_words(waits: int, profile: Profile, min_group: int) -> str:
    """How many attempts wait: a small number is left out of what may be published."""
    if profile.closed_quarters_only and 0 < waits < least_shown(min_group):
        return f"Fewer than {least_shown(min_group)} finished attempts still wait to be counted."
    if profile.closed_quarters_only and waits:
        return f"About {rounded(waits)} finished attempts still wait to be counted."
    if waits:
        return f"{waits} finished attempts still wait to be counted."
    return "No finished attempts wait to be counted."


def rules_words(groups: Iterable[GroupFigures], profile: Profile) -> tuple[str, ...]:
    """What was left out, and why; nothing for exact counts."""
    if not profile.closed_quarters_only:
        return ()
    below = " or ".join(str(n) for n in sorted({group.min_group for group in groups}))
    left_out = f"Counts below {below} are left out" if below else "Small counts are left out"
    return (
        f"{left_out}, and others so that none of those can be worked out. The rest are rounded to 5, and "
        "percentages are of rounded numbers. Only quarters that are over are shown.",
    )

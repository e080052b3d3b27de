"""Words of the exports page. Those inside a file are English, whoever takes it along."""

from flask_babel import gettext as _


def table_titles() -> dict[str, str]:
    return {
        "summary": _("Summary"),
        "options": _("Options chosen at the first try"),
        "misconceptions": _("Beliefs across questions"),
        "scores": _("Distribution of scores"),
        "outcomes": _("Outcomes of talks"),
        "editions": _("What changed when"),
        "dictionary": _("What every column means"),
        "all": _("All tables (not for CSV)"),
    }


def profile_titles() -> dict[str, str]:
    return {
        "publishable": _("Publishable"),
        "internal": _("Internal, exact"),
    }


def reasons() -> dict[str, str]:
    return {
        "quality-meeting": _("for a quality meeting"),
        "check-a-question": _("to check a question"),
        "answer-an-audit": _("to answer an audit"),
    }


def not_offered(choice: str) -> str:
    """What to do where something was asked for that is not on offer."""
    sentences: dict[str, str] = {
        "procedure": _("That procedure is not here. Choose one from the list."),
        "table": _("There is no such table. Choose one from the list."),
        "profile": _("Choose for whom it is: publishable, or internal for leads."),
        "quarter": _("That quarter has no figures, or it is not over yet. Choose one from the list."),
        "edition": _("That edition has no figures that can be shown. Choose one from the list."),
        "language": _("That language has no figures that can be shown. Choose one from the list."),
    }
    return sentences[choice]

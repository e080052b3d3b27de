"""The sentences of the report for a quality meeting."""

from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.disclosure.partial_sums import Pooled
from quizapp.domain.outcomes import Outcome
from quizapp.reports.insight_words import number
from quizapp.reports.report_changes import EditionChange
from quizapp.reports.report_figures import Report
from quizapp.reports.report_missed import Missed
from quizapp.web.i18n import day_words, percent_words

LEFT_OUT = "–"


def amount(given: Pooled) -> str:
    """ "330", "at least 330" where some of it is left out, or a dash where all is."""
    if given.complete:
        return number(given.n)
    return _("at least %(n)s", n=number(given.n)) if given.n else LEFT_OUT


def share(given: Missed) -> str:
    """ "75 of 220 (34%)", "at least 75 of 220 (34%)", or a dash."""
    if not given.answers or not (given.missed.n or given.missed.complete):
        return LEFT_OUT
    words = _("%(missed)s of %(answers)s", missed=amount(given.missed), answers=number(given.answers))
    return words if given.percent is None else f"{words} ({percent_words(given.percent)})"


def left_out(report: Report) -> str:
    if not report.left_out:
        return ""
    return ngettext(
        "In %(num)s of %(groups)s group of one quarter, edition and language too few took part to show anything.",
        "In %(num)s of %(groups)s groups of one quarter, edition and language too few took part to show anything.",
        report.left_out,
        groups=report.groups,
    )


def none_missed(report: Report) -> str:
    """What is said where no question is shown to have been missed."""
    if report.is_whole:
        return _("No question was missed.")
    return _("The numbers are too small to publish which questions were missed. This does not mean that few were.")


def none_believed(report: Report) -> str:
    """What is said where no belief is shown to have been chosen."""
    if report.is_whole:
        return _("No answer that stands for a belief was chosen.")
    return _("The numbers are too small to publish which beliefs were chosen.")


def in_short(report: Report) -> tuple[str, ...]:
    """The first of everything, in a sentence each."""
    sentences = []
    if report.missed:
        most = report.missed[0]
        stem = most.item.forms[0].stem
        sentences.append(_("Missed most: “%(stem)s” by %(share)s.", stem=stem, share=share(most.share)))
    if report.beliefs:
        belief = report.beliefs[0]
        sentences.append(
            _(
                "Believed most: %(belief)s, chosen %(times)s times.",
                belief=belief.belief.name,
                times=amount(belief.chosen),
            )
        )
    if report.talks.talks.n:
        understood = report.talks.outcomes[Outcome.UNDERSTOOD]
        sentences.append(
            _(
                "Talked over: %(talks)s points; understood after talking: %(understood)s.",
                talks=amount(report.talks.talks),
                understood=amount(understood),
            )
        )
    if report.changes:
        last = day_words(report.changes[-1].after.first_day)
        sentences.append(_("The last new edition came on %(day)s.", day=last))
    return tuple(sentences)


def changes(one: EditionChange) -> tuple[str, ...]:
    """What a new edition changed, a sentence each."""
    counts = [
        (len(one.lessons), _("Lessons rewritten: %(titles)s.", titles=", ".join(each.title for each in one.lessons))),
        (len(one.changes.changed), _("Questions reworded: %(count)s.", count=len(one.changes.changed))),
        (len(one.changes.added), _("New questions: %(count)s.", count=len(one.changes.added))),
        (len(one.changes.removed), _("Questions taken out: %(count)s.", count=len(one.changes.removed))),
    ]
    sentences = tuple(sentence for count, sentence in counts if count)
    return sentences or (_("No lesson or question changed in the source language."),)

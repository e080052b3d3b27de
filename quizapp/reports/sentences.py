"""The words for figures on the pages of insights, report and exports: template filters, in the page's language."""

from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.disclosure.publication import PartialSum
from quizapp.domain.procedure import Item
from quizapp.domain.text_diff import TextChange
from quizapp.models import EditionRow
from quizapp.reports.comparisons import Watch, WatchedItem
from quizapp.reports.report_figures import Missed
from quizapp.stats.claims import FEWEST_ANSWERS, Comparison
from quizapp.stats.concerns import CRITICAL_TOLERANCE, TOLERANCE, Held, ItemConcern
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES, Share
from quizapp.stats.rising_misses import ENOUGH_BEFORE
from quizapp.web.filters import percent
from quizapp.web.i18n import NBSP, day_words, decimal_words, percent_words
from quizapp.web.staff import bp

LEFT_OUT = "–"
sentence = bp.app_template_filter()


@sentence
def figure(value: int | float | Share | PartialSum | Missed | None, people: int | None = None) -> str:
    """Return a dash for a figure that is not shown. `people`: the number that is already shown next to it.

    A count is "1 234", a correlation "0.31", a share "31 of 148 (21%, 15 to 28%)" or, of `people`, "31 (21%, ...)"; of
    few people it has counts only. A sum of published numbers is "at least 330" if some are left out.
    """
    if isinstance(value, Share):
        return _share(value, value.n == people)
    if isinstance(value, PartialSum):
        if value.complete:
            return figure(value.n)
        return _("at least %(n)s", n=figure(value.n)) if value.n else LEFT_OUT
    if isinstance(value, Missed):
        return _missed(value)
    if isinstance(value, int):
        # A narrow space between thousands: no language reads it as a decimal point.
        return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    if value is None:
        return LEFT_OUT
    return decimal_words(round(value, 2) + 0.0, 2).replace("-", "−")  # adding 0.0 turns -0.0 into 0.0


def _share(share: Share, is_brief: bool) -> str:
    if not share.n:
        return LEFT_OUT
    counts = figure(share.count) if is_brief else _of(share.count, share.n)
    if share.value is None or share.interval is None:
        return counts
    low, high = round(100 * share.interval.low), round(100 * share.interval.high)
    between = _("%(low)s to %(high)s%%", low=low, high=high).replace(" ", NBSP)
    return f"{counts} ({percent(share.value)}, {between})"


def _missed(missed: Missed) -> str:
    if not missed.answers.n or not (missed.missed.n or missed.missed.complete):
        return LEFT_OUT
    counts = _of(missed.missed, missed.answers)
    return counts if missed.percent is None else f"{counts} ({percent_words(missed.percent)})"


def _of(count: int | PartialSum, n: int | PartialSum) -> str:
    return _("%(count)s of %(n)s", count=figure(count), n=figure(n))


@sentence
def without_interval(share: Share) -> str:
    """Return "310 of 420 (74%)": for several answers of the same people, for which an interval would be too narrow."""
    counts = _of(share.count, share.n) if share.n else LEFT_OUT
    return counts if share.value is None else f"{counts} ({percent(share.value)})"


@sentence
def one_decimal(value: float | None) -> str:
    return LEFT_OUT if value is None else decimal_words(value, 1)


@sentence
def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


@sentence
def stem(item: Item) -> str:
    return item.forms[0].stem


@sentence
def edition_name(row: EditionRow, n: int) -> str:
    """ "24 November 2026 (3f2a91), 363 counted": the letters tell two editions of one day apart."""
    day, letters = day_words(row.first_day), row.id[:6]
    return _("%(day)s (%(letters)s), %(n)s counted", day=day, letters=letters, n=figure(n))


@sentence
def waiting(n: int, counted: int, min_group: int) -> str:
    """How many attempts are not counted yet, and why; "" if none waits."""
    if not n:
        return ""
    if not counted:
        return ngettext(
            "%(num)s waits: attempts are counted once %(group)s of one edition and language wait, so that nobody can "
            "be picked out.",
            "%(num)s wait, in all editions and languages together: attempts are counted once %(group)s of one edition "
            "and language wait, so that nobody can be picked out.",
            n,
            group=min_group,
        )
    return ngettext(
        "%(num)s more waits: attempts are counted once %(group)s of one edition and language wait, so that nobody can "
        "be picked out.",
        "%(num)s more wait, in all editions and languages together: attempts are counted once %(group)s of one edition "
        "and language wait, so that nobody can be picked out.",
        n,
        group=min_group,
    )


@sentence
def too_few(n: int) -> list[str]:
    """Why the page shows less than it could; nothing if it shows everything."""
    below = {
        ENOUGH_FOR_SHARES: _(
            "Below %(n)s answers there are counts only: of so few, a percentage says more than anybody knows.",
            n=ENOUGH_FOR_SHARES,
        ),
        ENOUGH_FOR_CORRELATIONS: _(
            "Below %(n)s answers there is no correlation and no alpha: they would be mostly chance.",
            n=ENOUGH_FOR_CORRELATIONS,
        ),
    }
    return [words for enough, words in below.items() if n < enough]


@sentence
def belief_held(held: Held) -> str:
    """ "31 of 148 (21%, 15 to 28%), 9 of them sure. After the second try 4 still missed it." """
    sure = _("%(share)s, %(n)s of them sure.", share=figure(held.share), n=figure(held.sure))
    if held.still_missed is None:
        return sure
    return sure + " " + _("After the second try %(n)s still missed it.", n=figure(held.still_missed))


@sentence
def nothing_stands_out(n: int) -> str:
    if n < ENOUGH_FOR_SHARES:
        return _(
            "Fewer than %(n)s answers are counted so far: too few to say anything about shares.", n=ENOUGH_FOR_SHARES
        )
    return _(
        "No belief is surely held by more than %(critical)s of patients at a critical question, "
        "or %(other)s at another.",
        critical=percent(CRITICAL_TOLERANCE),
        other=percent(TOLERANCE),
    )


@sentence
def advice(concern: ItemConcern) -> str:
    """What to do: check the key, or rewrite the lesson's block."""
    if concern.is_about_the_key:
        return _("Check this question’s key.")
    block = concern.lesson.block(concern.evidence.figures.item.block)
    return _("Rewrite “%(block)s” in the lesson “%(lesson)s”.", block=block.heading, lesson=concern.lesson.title)


@sentence
def reasons(concern: ItemConcern) -> list[str]:
    figures = concern.evidence.figures
    most_chosen = max(figures.options, key=lambda one: one.share.count).option.text
    words = {
        "many-miss": _("%(share)s missed it at the first try.", share=figure(figures.missed)),
        "nurses-say-bad": _(
            "In %(share)s talks the nurse said that the question is bad.", share=figure(concern.evidence.bad_question)
        ),
        "distractor-beats-key": _("More patients chose “%(answer)s” than the leaflet’s answer.", answer=most_chosen),
        "distractor-goes-with-knowing": _(
            "Those who choose one of the wrong answers know more of the rest than the others do."
        ),
    }
    return [words[reason] for reason in concern.reasons]


@sentence
def points(comparison: Comparison) -> str:
    """A difference in percentage points with its interval, signed; "" if there is none."""
    if comparison.difference is None or comparison.interval is None:
        return ""
    difference, low, high = map(_signed, (comparison.difference, comparison.interval.low, comparison.interval.high))
    return _("%(difference)s points (%(low)s to %(high)s)", difference=difference, low=low, high=high)


def _signed(share: float) -> str:
    rounded = round(100 * share)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


@sentence
def verdict(comparison: Comparison) -> str:
    """ "better", "worse", or "can't tell yet" with what it would take. The shares are of those who were right."""
    if comparison.above:
        return _("better")
    if comparison.below:
        return _("worse")
    if not comparison.is_enough:
        return _("can’t tell yet: fewer than %(n)s answers on one side", n=FEWEST_ANSWERS)
    if comparison.more_needed is None:
        return _("can’t tell yet, and more answers may not settle it")
    return _("can’t tell yet, about %(n)s more needed", n=figure(comparison.more_needed))


@sentence
def changed_text(change: TextChange) -> str:
    """The lesson, question and part that a changed text is in."""
    parts = {
        "title": _("title"),
        "main": _("main message"),
        "block": _("text"),
        "stem": _("question"),
        "option": _("answer"),
        "feedback": _("explanation"),
        "dont-know": _("explanation after “I don’t know yet”"),
    }
    return " · ".join(filter(None, (change.lesson_title, change.stem, parts[change.part])))


@sentence
def no_alarm(watch: Watch) -> str:
    """What to say if there is no alarm: it is calm only if something is watched."""
    if watch.has_begun:
        return _("No alarm at a question that is watched.")
    return _(
        "The watch has not begun: it compares a quarter with the ones before, and needs %(needed)s answers from those.",
        needed=ENOUGH_BEFORE,
    )


@sentence
def watched(one: WatchedItem) -> str:
    """Whether a critical item is missed more than before: how many missed it then, and since."""
    if one.alarm is None:
        if one.has_begun:
            return _("No alarm. So far %(share)s missed it.", share=figure(one.missed))
        return _("Not watched yet: fewer than %(needed)s answers before the last quarter.", needed=ENOUGH_BEFORE)
    before, after = figure(one.alarm.before), figure(one.alarm.after)
    period = {"since": one.since, "until": one.until, "quarter": one.since, "after": after, "before": before}
    if one.since == one.until:
        return _("In %(quarter)s %(after)s missed it, before that %(before)s.", **period)
    return _("From %(since)s to %(until)s %(after)s missed it, before that %(before)s.", **period)

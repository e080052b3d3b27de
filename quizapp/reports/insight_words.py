"""The sentences of the insights page."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.domain.text_diff import TextChange
from quizapp.reports.charts import percent
from quizapp.reports.insight_figures import Doubt, Watched
from quizapp.stats.beliefs import CRITICAL_TOLERANCE, TOLERANCE, Held
from quizapp.stats.comparisons import Comparison, Verdict
from quizapp.stats.intervals import Interval
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES, Share
from quizapp.stats.watching import BASELINE
from quizapp.web.i18n import NBSP, OWN_NAMES, decimal_words, percent_words


def share(given: Share) -> str:
    """ "31 of 148 (21%, 15 to 28%)"; the counts alone of few people, and a dash of none."""
    if given.value is None or given.interval is None:
        return _counts(given)
    return f"{_counts(given)} ({percent(given.value)}, {between(given.interval)})"


def brief(given: Share) -> str:
    """ "31 (21%, 15 to 28%)", where n stands beside it."""
    if given.value is None or given.interval is None:
        return number(given.count) if given.n else "–"
    return f"{number(given.count)} ({percent(given.value)}, {between(given.interval)})"


def counts(given: Share) -> str:
    """ "310 of 420 (74%)": for answers of the same people, of which an interval would promise too much."""
    return _counts(given) if given.value is None else f"{_counts(given)} ({percent(given.value)})"


def _counts(given: Share) -> str:
    return _("%(count)s of %(n)s", count=number(given.count), n=number(given.n)) if given.n else "–"


def number(given: int) -> str:
    """Thousands apart by a narrow space, which no language reads as a decimal point."""
    return f"{given:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def between(interval: Interval) -> str:
    """ "15 to 28%"."""
    low, high = round(100 * interval.low), round(100 * interval.high)
    return _("%(low)s to %(high)s%%", low=low, high=high).replace(" ", NBSP)


def points(comparison: Comparison) -> str:
    """A difference in percentage points with its interval, signed; "" where there is none."""
    if comparison.difference is None or comparison.interval is None:
        return ""
    return _(
        "%(difference)s points (%(low)s to %(high)s)",
        difference=_signed(comparison.difference),
        low=_signed(comparison.interval.low),
        high=_signed(comparison.interval.high),
    )


def _signed(given: float) -> str:
    rounded = round(100 * given)
    return f"+{rounded}" if rounded > 0 else f"−{-rounded}" if rounded < 0 else "0"


def correlation(given: float | None) -> str:
    if given is None:
        return "–"
    return decimal_words(round(given, 2) + 0.0, 2).replace("-", "−")  # adding 0.0 makes minus nothing plain nothing


def decimal(given: float | None) -> str:
    return "–" if given is None else decimal_words(given, 1)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def language(code: str) -> str:
    """The language's own name where it is known, else its code."""
    return OWN_NAMES.get(code, code)


def held(one: Held) -> str:
    """ "31 of 148 (21%, 15 to 28%), 9 of them sure. After the second try 4 still missed it." """
    sure = _("%(share)s, %(n)s of them sure.", share=share(one.share), n=number(one.sure))
    if one.still_missed is None:
        return sure
    after = _("After the second try %(n)s still missed it.", n=number(one.still_missed))
    return f"{sure} {after}"


def nothing_stands_out(n: int) -> str:
    if n < ENOUGH_FOR_SHARES:
        return _("Fewer than %(n)s answers are counted so far: too few to say anything of shares.", n=ENOUGH_FOR_SHARES)
    return _(
        "No belief is surely held by more than %(critical)s of patients at a critical question, "
        "or %(other)s at another.",
        critical=percent(CRITICAL_TOLERANCE),
        other=percent(TOLERANCE),
    )


def what_is_missing(n: int) -> tuple[str, ...]:
    """Why the page shows less than it could; nothing where it shows everything."""
    sentences = []
    if n < ENOUGH_FOR_SHARES:
        sentences.append(
            _(
                "Below %(n)s answers there are counts only: of so few, a percentage says more than anybody knows.",
                n=ENOUGH_FOR_SHARES,
            )
        )
    if n < ENOUGH_FOR_CORRELATIONS:
        sentences.append(
            _(
                "Below %(n)s answers there is no correlation and no alpha: they would be mostly chance.",
                n=ENOUGH_FOR_CORRELATIONS,
            )
        )
    return tuple(sentences)


def reasons(doubt: Doubt) -> tuple[str, ...]:
    words = {
        "many-miss": lambda: _("%(share)s missed it at the first try.", share=share(doubt.evidence.figures.missed)),
        "nurses-say-bad": lambda: _(
            "In %(share)s talks the nurse said that the question is bad.", share=share(doubt.evidence.bad_question)
        ),
        "distractor-beats-key": lambda: _(
            "More patients chose “%(answer)s” than the leaflet’s answer.", answer=_most_chosen(doubt)
        ),
        "distractor-goes-with-knowing": lambda: _(
            "Those who know the rest choose another answer more than they choose the key."
        ),
    }
    return tuple(words[reason.id]() for reason in doubt.reasons)


def _most_chosen(doubt: Doubt) -> str:
    return max(doubt.evidence.figures.options, key=lambda one: one.share.count).option.text


def advice(doubt: Doubt) -> str:
    """What to do: the lesson's block to rewrite, or the key to check."""
    if any(reason.points_to == "key" for reason in doubt.reasons):
        return _("Check this question’s key.")
    block = doubt.lesson.block(doubt.evidence.figures.item.block)
    return _("Rewrite “%(block)s” in the lesson “%(lesson)s”.", block=block.heading, lesson=doubt.lesson.title)


def is_chance(comparison: Comparison) -> bool:
    """Whether a difference would count by itself, but not among all that are compared."""
    sides = (comparison.own, comparison.base)
    return comparison.verdict is Verdict.CANT_TELL and all(s.is_enough for s in sides) and comparison.more_needed == 0


def verdict(comparison: Comparison) -> str:
    """ "better", "worse", or "can't tell yet" with what it would take."""
    if comparison.verdict is Verdict.BETTER:
        return _("better")
    if comparison.verdict is Verdict.WORSE:
        return _("worse")
    if is_chance(comparison):
        return _("can’t tell yet: may be chance")
    if not (comparison.own.is_enough and comparison.base.is_enough):
        return _("can’t tell yet: fewer than %(n)s answers on one side", n=ENOUGH_FOR_SHARES)
    if comparison.more_needed is None:
        return _("can’t tell yet: too small a difference")
    return _("can’t tell yet, about %(n)s more needed", n=number(comparison.more_needed))


def may_be_chance(n: int) -> str:
    """Why a difference can be too large for itself and too small among n."""
    return _("With %(n)s questions compared, some differ by chance.", n=number(n))


def cant_tell(n: int) -> str:
    return ngettext("Can’t tell yet: %(num)s question.", "Can’t tell yet: %(num)s questions.", n)


def edition(day: str, letters: str, n: int) -> str:
    """ "2026-11-24 (3f2a91), 363 counted": two editions of one day differ by the letters."""
    return _("%(day)s (%(letters)s), %(n)s counted", day=day, letters=letters, n=number(n))


def only_in_one(only_after: int, only_before: int) -> str:
    """What cannot be compared; "" where both editions ask the same."""
    new = ngettext("%(num)s question is new.", "%(num)s questions are new.", only_after) if only_after else ""
    gone = ngettext("%(num)s question is gone.", "%(num)s questions are gone.", only_before) if only_before else ""
    return " ".join(filter(None, (new, gone)))


def place(change: TextChange) -> str:
    """Where a text stands that changed."""
    parts = {
        "title": lambda: _("title"),
        "main": lambda: _("main message"),
        "block": lambda: _("text"),
        "stem": lambda: _("question"),
        "option": lambda: _("answer"),
        "feedback": lambda: _("explanation"),
        "dont-know": lambda: _("explanation after “I don’t know yet”"),
    }
    return " · ".join(filter(None, (change.lesson_title, change.stem, parts[change.part]())))


def waiting(counted: int, n: int, min_group: int) -> str:
    """How many attempts are not counted yet, and why; "" where none waits."""
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


def no_alarm(watches: Sequence[Watched]) -> str:
    """What is said where there is no alarm: calm only where something is watched."""
    if any(one.has_begun for one in watches):
        return _("No alarm at a question that is watched.")
    return _(
        "The watch has not begun: it needs %(needed)s answers to a question first; %(n)s so far.",
        needed=BASELINE,
        n=max((one.watch.n for one in watches), default=0),
    )


def watched(one: Watched) -> str:
    """How a critical item has fared, and how often its chart cries wolf."""
    watch = one.watch
    if watch.usual_percent is None or watch.false_alarm_every is None:
        return _("%(n)s answers so far; the first 100 say what is usual.", n=watch.n)
    if watch.is_hopeless:
        return _("More than half of the first 100 missed it: first mend the text, then it can be watched.")
    alarm = (
        ngettext(
            "%(num)s alarm, the last in %(quarter)s: it may be missed more often than before.",
            "%(num)s alarms, the last in %(quarter)s: it may be missed more often than before.",
            watch.alarms,
            quarter=one.last_alarm,
        )
        if watch.alarms
        else _("No alarm.")
    )
    rate = _(
        "Usually about %(usual)s miss it. While that stays so, about one false alarm in %(every)s patients.",
        usual=percent_words(watch.usual_percent),
        every=number(watch.false_alarm_every),
    )
    return f"{alarm} {rate}"

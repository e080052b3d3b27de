"""What the queue and the code field show, and how that is built from what the services know."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.domain.flags import Priority
from quizapp.domain.gettext_marker import N_
from quizapp.domain.visit_code_words import WORDS
from quizapp.nurses.flag_words import PRIORITY_CODES, PRIORITY_LABELS, PRIORITY_MEANINGS
from quizapp.nurses.queue_queries import COUNT_LIMIT, PAGE_SIZE, QueueFilter, QueueList
from quizapp.nurses.queue_service import QueuedSheet, QueuePage
from quizapp.web.context import current
from quizapp.web.i18n import OWN_NAMES, page_language

TOPICS_BY_NAME = 4

LIST_LABELS = {
    QueueList.OPEN: N_("All open"),
    QueueList.TALK_FIRST: PRIORITY_LABELS[Priority.TALK_FIRST],
    QueueList.TALK: PRIORITY_LABELS[Priority.TALK],
    QueueList.CHECK: PRIORITY_LABELS[Priority.CHECK],
    QueueList.TO_CLOSE: N_("To close"),
    QueueList.PHYSICIAN: N_("For the physician"),
}


@dataclass(frozen=True)
class ChoiceView:
    """One choice of a filter; `value` "" stands for any."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Meaning:
    label: str
    text: str


@dataclass(frozen=True)
class Count:
    """How many flags of a priority are open."""

    priority: str
    text: str


@dataclass(frozen=True)
class QueueLine:
    """One sheet. `procedure` is "" where there is one only; `stopped` is None for a finished walk."""

    url: str
    topics: str
    content_language: str
    counts: tuple[Count, ...]
    procedure: str
    language: str
    stopped: str | None
    age: str
    left: str
    leaves_soon: bool
    is_closed: bool


@dataclass(frozen=True)
class QueueView:
    """The queue, with the code field on top. `notice` is None where nothing happened just now."""

    notice: str | None
    find_action: str
    code_words: str
    action: str
    lists: tuple[ChoiceView, ...]
    procedures: tuple[ChoiceView, ...]
    languages: tuple[ChoiceView, ...]
    total: str
    lines: tuple[QueueLine, ...]
    earlier_url: str | None
    later_url: str | None
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class FindView:
    """The code field alone. `error` is None before a code was tried."""

    error: str | None
    find_action: str
    code_words: str
    queue_url: str


def queue_view(queue: QueuePage, wanted: QueueFilter, notice: str | None) -> QueueView:
    editions = current().editions.catalogue.editions
    languages = sorted({language for edition in editions.values() for language in edition.languages})
    return QueueView(
        notice=notice,
        find_action=url_for("staff.find"),
        code_words=" ".join(WORDS),
        action=url_for("staff.queue"),
        lists=tuple(ChoiceView(each.value, _(LIST_LABELS[each]), each is wanted.list) for each in QueueList),
        procedures=_choices(
            {name: edition.in_language(page_language()).title for name, edition in editions.items()},
            wanted.procedure,
        ),
        languages=_choices({code: OWN_NAMES.get(code, code) for code in languages}, wanted.language),
        total=_total(queue),
        lines=tuple(_line(sheet) for sheet in queue.sheets),
        earlier_url=_page_url(wanted, queue.number - 1) if queue.number > 1 else None,
        later_url=_page_url(wanted, queue.number + 1) if queue.has_next else None,
        meanings=tuple(Meaning(_(PRIORITY_LABELS[priority]), _(PRIORITY_MEANINGS[priority])) for priority in Priority),
    )


def find_view(error: str | None) -> FindView:
    return FindView(error, url_for("staff.find"), " ".join(WORDS), url_for("staff.queue"))


def _choices(labels: dict[str, str], chosen: str | None) -> tuple[ChoiceView, ...]:
    """Nothing to choose where there is one only."""
    if len(labels) < 2:
        return ()
    every = ChoiceView("", _("All"), chosen is None)
    return (every, *(ChoiceView(value, label, value == chosen) for value, label in labels.items()))


def _total(queue: QueuePage) -> str:
    """How many there are, and which of them this page shows where it shows not all."""
    if queue.total >= COUNT_LIMIT:
        total = str(_("%(count)s sheets or more", count=COUNT_LIMIT))
    else:
        total = str(ngettext("%(num)s sheet", "%(num)s sheets", queue.total))
    if len(queue.sheets) in (0, queue.total):
        return total
    before = (queue.number - 1) * PAGE_SIZE
    last = before + len(queue.sheets)
    return str(_("%(total)s, %(first)s to %(last)s shown", total=total, first=before + 1, last=last))


def _line(sheet: QueuedSheet) -> QueueLine:
    return QueueLine(
        url=url_for("staff.sheet", attempt_id=sheet.attempt_id),
        topics=_topics(sheet),
        content_language=sheet.procedure.language,
        counts=tuple(
            Count(PRIORITY_CODES[p], f"{n} {_(PRIORITY_LABELS[p]).lower()}") for p, n in sheet.open_flags.items() if n
        ),
        procedure="" if set(current().editions.catalogue.editions) == {sheet.procedure.id} else sheet.procedure.title,
        language=OWN_NAMES.get(sheet.language, sheet.language),
        stopped=_("Stopped at lesson %(number)s", number=sheet.stopped_at) if sheet.stopped_at else None,
        age=_age(sheet.age_days),
        left=ngettext("%(num)s day left", "%(num)s days left", sheet.days_left),
        leaves_soon=sheet.days_left <= 2,
        is_closed=sheet.is_closed,
    )


def _topics(sheet: QueuedSheet) -> str:
    """The first topics by name, and how many more there are."""
    if not sheet.topics:
        return str(_("All talked about"))
    more = len(sheet.topics) - TOPICS_BY_NAME
    named = " · ".join(sheet.topics[:TOPICS_BY_NAME])
    return str(_("%(topics)s and %(count)s more", topics=named, count=more)) if more > 0 else named


def _age(days: int) -> str:
    if days == 0:
        return str(_("today"))
    return str(ngettext("%(num)s day ago", "%(num)s days ago", days))


def _page_url(wanted: QueueFilter, number: int) -> str:
    return url_for(
        "staff.queue",
        list=wanted.list.value,
        procedure=wanted.procedure,
        language=wanted.language,
        page=number,
    )

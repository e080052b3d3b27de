"""The copy for the record: what was talked about, in plain text, with no code and nobody's name."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from quizapp.domain.grading import Result
from quizapp.domain.outcomes import OUTCOME_LABELS
from quizapp.domain.talk_list import TalkCard
from quizapp.nurses.sheet_assembling import prompt_lines, topic_words
from quizapp.nurses.sheet_contents import Sheet
from quizapp.nurses.sheet_pages import RecordPage
from quizapp.web.i18n import day_words


def record_page(sheet: Sheet) -> RecordPage:
    text = "\n".join(_lines(sheet))
    return RecordPage(text, text.count("\n") + 1, url_for("staff.sheet", attempt_id=sheet.attempt.id))


def _lines(sheet: Sheet) -> Iterator[str]:
    yield _("Talk about the lessons: %(title)s", title=sheet.procedure.title)
    day = day_words(sheet.attempt.day)
    if sheet.stopped_at:
        yield _("Stopped at lesson %(number)s on %(day)s.", number=sheet.stopped_at, day=day)
    else:
        yield _("Lessons finished on %(day)s.", day=day)
    for card in sheet.talk.all:
        yield ""
        yield from _card_lines(sheet, card)
    asked = prompt_lines(sheet)
    if asked:
        yield ""
        yield _("The patient wants to ask:")
        yield from (f"- {line.words.text}" for line in asked)
    yield ""
    yield _("From a check of how well the leaflet explained. It is no test result and no judgement of capacity.")


def _card_lines(sheet: Sheet, card: TalkCard) -> Iterator[str]:
    yield " / ".join(dict.fromkeys(topic_words(sheet, topic.record.item) for topic in card.topics))
    for belief in card.beliefs:
        yield _("  Before the talk: %(belief)s", belief=sheet.procedure.misconception_name(belief))
    firsts = [topic.record.first for topic in card.topics]
    if any(first is not None and first.option_id is None for first in firsts):
        yield _("  Before the talk: began with “I don’t know yet”")
    if all(topic.record.second_result is Result.RIGHT for topic in card.topics):
        yield _("  Before the talk: right at the second try")
    for fact_id in dict.fromkeys(topic.record.item.fact for topic in card.topics):
        yield _("  Leaflet: %(fact)s", fact=sheet.procedure.fact(fact_id).text)
    latest = [sheet.reviews[item_id][-1] for item_id in card.item_ids if item_id in sheet.reviews]
    for review in dict.fromkeys((r.outcome, r.day) for r in latest):
        outcome, day = review
        yield _("  Outcome: %(outcome)s, %(day)s", outcome=_(OUTCOME_LABELS[outcome]), day=day_words(day))
    if not latest:
        yield _("  Outcome: none recorded")

"""Builds the pages about one sheet from what the services know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.domain.flags import FLAG_RULES, RULES_BY_ID
from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, ItemRecord, Response, Result, result_of
from quizapp.domain.journey import options_in_order
from quizapp.domain.outcomes import OUTCOME_LABELS, ReviewedFlag, may_close
from quizapp.domain.procedure import Fact, Form, Item
from quizapp.domain.talk_list import TalkCard
from quizapp.domain.visit_code_words import WORDS
from quizapp.models import Recheck
from quizapp.nurses import sheet_pages
from quizapp.nurses.flag_words import FLAG_MEANINGS, PRIORITY_CODES, PRIORITY_LABELS
from quizapp.nurses.sheet_contents import Sheet
from quizapp.nurses.sheet_pages import Words
from quizapp.web.context import current, db
from quizapp.web.i18n import OWN_NAMES, day_words

HOW_SURE = {Certainty.SURE: N_("sure"), Certainty.THINK: N_("thought so"), Certainty.NONE: ""}


def sheet_page(
    sheet: Sheet, is_unlocked: bool, notice: str | None, other_sheet_url: str | None
) -> sheet_pages.SheetPage:
    attempt_id = sheet.attempt.id
    cards = [card_view(sheet, card, number) for number, card in enumerate(sheet.talk.all, start=1)]
    shown_as_cards = len(sheet.talk.cards)
    flagged = {item_id for card in sheet.talk.all for item_id in card.item_ids}
    return sheet_pages.SheetPage(
        facts=sheet_facts(sheet),
        is_unlocked=is_unlocked,
        notice=notice,
        unfinished=None,
        other_sheet_url=other_sheet_url,
        code_words=" ".join(WORDS),
        code_action=url_for("staff.enter_code", attempt_id=attempt_id),
        action=url_for("staff.record_outcomes", attempt_id=attempt_id),
        cards=tuple(cards[:shown_as_cards]),
        also=tuple(cards[shown_as_cards:]),
        outcomes=outcome_choices(),
        prompts=prompt_lines(sheet),
        others=tuple(_question(sheet, r, "") for r in sheet.records if r.item.id not in flagged),
        recheck=_recheck(sheet),
        flag_help=tuple(
            sheet_pages.FlagHelp(f"{_(PRIORITY_LABELS[rule.priority])}: {_(rule.label)}", _(FLAG_MEANINGS[rule.id]))
            for rule in FLAG_RULES
        ),
        queue_url=url_for("staff.queue"),
        print_url=url_for("staff.print_sheet", attempt_id=attempt_id),
        record_url=url_for("staff.record_text", attempt_id=attempt_id),
    )


def marking_what_is_missing(page: sheet_pages.SheetPage) -> sheet_pages.SheetPage:
    """The page after it could not be closed. As it is, where nothing is missing any more."""
    left = [card.number for card in (*page.cards, *page.also) if card.is_open]
    if not left:
        return page
    sentence = ngettext(
        "Saved, but not closed: %(num)s topic still needs an outcome.",
        "Saved, but not closed: %(num)s topics still need an outcome.",
        len(left),
    )

    def marked(cards: tuple[sheet_pages.CardView, ...]) -> tuple[sheet_pages.CardView, ...]:
        return tuple(replace(card, is_marked=card.is_open) for card in cards)

    return replace(
        page,
        unfinished=sheet_pages.Unfinished(sentence, f"#card-{left[0]}"),
        cards=marked(page.cards),
        also=marked(page.also),
    )


def print_page(sheet: Sheet, is_unlocked: bool, today: date) -> sheet_pages.PrintPage:
    return sheet_pages.PrintPage(
        facts=replace(sheet_facts(sheet), kept_until=day_words(today + timedelta(days=sheet.days_left))),
        is_unlocked=is_unlocked,
        printed=day_words(today),
        cards=tuple(card_view(sheet, card, number) for number, card in enumerate(sheet.talk.all, start=1)),
        outcomes=outcome_choices(),
        prompts=prompt_lines(sheet),
        back_url=url_for("staff.sheet", attempt_id=sheet.attempt.id),
    )


def sheet_facts(sheet: Sheet) -> sheet_pages.SheetFacts:
    attempt = sheet.attempt
    same = sheet.procedure.language == sheet.read.language
    return sheet_pages.SheetFacts(
        procedure=sheet.procedure.title,
        ended=day_words(attempt.day),
        days_left=sheet.days_left,
        kept_until="",
        stopped_at=sheet.stopped_at,
        closed=day_words(attempt.closed_day) if attempt.closed_day else None,
        for_physician=attempt.for_physician,
        read_language=None if same else OWN_NAMES.get(sheet.read.language, sheet.read.language),
        read_code=sheet.read.language,
    )


def card_view(sheet: Sheet, card: TalkCard, number: int) -> sheet_pages.CardView:
    items = [topic.record.item for topic in card.topics]
    questions = [_question(sheet, t.record, _(RULES_BY_ID[t.flag.rule_id].label)) for t in card.topics]
    return sheet_pages.CardView(
        number=number,
        priority=PRIORITY_CODES[card.priority],
        priority_label=_(PRIORITY_LABELS[card.priority]),
        topics=tuple(dict.fromkeys(topic_words(sheet, item) for item in items)),
        teach_back=tuple(_both(item.teach_back, _as_read(sheet, item).teach_back) for item in items),
        beliefs=_beliefs(sheet, card),
        facts=_facts(sheet, card),
        questions=tuple(questions),
        was_asked=any(question.tries for question in questions),
        reviews=_reviews(sheet, card),
        field="outcome." + ".".join(card.item_ids),
        is_open=not may_close(_reviewed(sheet, card)),
    )


def _beliefs(sheet: Sheet, card: TalkCard) -> tuple[sheet_pages.BeliefView, ...]:
    """First try first. Two about one question contradict each other, so each says which try it comes from."""
    tries = (_("first try"), _("second try")) if len(card.topics) == 1 and len(card.beliefs) == 2 else ("", "")
    return tuple(
        sheet_pages.BeliefView(
            _both(sheet.procedure.misconception_name(belief), sheet.read.misconception_name(belief)), tried
        )
        for belief, tried in zip_longest(card.beliefs, tries, fillvalue="")
        if belief
    )


def _reviewed(sheet: Sheet, card: TalkCard) -> Iterator[ReviewedFlag]:
    for topic in card.topics:
        recorded = sheet.reviews.get(topic.flag.item_id)
        yield ReviewedFlag(topic.flag.priority, recorded[-1].outcome if recorded else None)


def topic_words(sheet: Sheet, item: Item) -> str:
    """What an item is about: the heading of its block."""
    return sheet.procedure.lesson_of(item.id).block(item.block).heading


def prompt_lines(sheet: Sheet) -> tuple[sheet_pages.PromptLine, ...]:
    read = {prompt.id: prompt.text for prompt in sheet.read.prompts()}
    return tuple(
        sheet_pages.PromptLine(theme.title, _both(prompt.text, read[prompt.id]))
        for theme in sheet.procedure.themes
        for prompt in theme.prompts
        if prompt.id in sheet.prompt_ids
    )


def outcome_choices() -> tuple[sheet_pages.OutcomeChoice, ...]:
    return tuple(
        sheet_pages.OutcomeChoice(outcome.value, _(label), str(key))
        for key, (outcome, label) in enumerate(OUTCOME_LABELS.items(), start=1)
    )


def _facts(sheet: Sheet, card: TalkCard) -> tuple[sheet_pages.FactView, ...]:
    local = current().editions.catalogue.local_notes.get(sheet.procedure.id, {})
    source = current().editions.by_id(db(), sheet.attempt.edition).source
    facts: dict[str, Fact] = {}
    for topic in card.topics:
        fact = sheet.procedure.fact(topic.record.item.fact)
        facts[fact.id] = fact
    return tuple(
        sheet_pages.FactView(
            _both(fact.text, sheet.read.fact(fact.id).text), fact.varies, local.get(fact.id, ""), source
        )
        for fact in facts.values()
    )


def _reviews(sheet: Sheet, card: TalkCard) -> tuple[sheet_pages.ReviewLine, ...]:
    """What was recorded on the card, in order; once, where it holds for several of its flags."""
    recorded = dict.fromkeys(review for item_id in card.item_ids for review in sheet.reviews.get(item_id, ()))
    return tuple(
        sheet_pages.ReviewLine(_(OUTCOME_LABELS[review.outcome]), review.staff_name, day_words(review.day))
        for review in sorted(recorded, key=lambda review: review.number)
    )


def _question(sheet: Sheet, record: ItemRecord, flag_label: str) -> sheet_pages.QuestionView:
    item = record.item
    tries = [
        _try(sheet, item, response, label)
        for response, label in ((record.first, _("First try")), (record.second, _("Second try")))
        if response is not None
    ]
    again = sheet.rechecked.get(item.id)
    if again is not None:
        tries.append(_try(sheet, item, _in_the_room(again), _("In the room")))
    return sheet_pages.QuestionView(topic_words(sheet, item), flag_label, tuple(tries))


def _in_the_room(again: Recheck) -> Response:
    return Response(again.item, 3, again.form, again.option, Certainty.NONE)


def _try(sheet: Sheet, item: Item, response: Response, label: str) -> sheet_pages.TryView:
    form = item.form(response.form_id) or item.forms[0]
    read = _as_read(sheet, item).form(form.id) or form
    chosen = form.option(response.option_id) if response.option_id else None
    return sheet_pages.TryView(
        label=label,
        stem=_both(form.stem, read.stem),
        options=tuple(
            sheet_pages.OptionView(
                _option_words(form, read, index),
                is_chosen=form.options[index] is chosen,
                is_key=form.options[index].key,
            )
            for index in options_in_order(form, item, sheet.attempt.id)
        ),
        chosen=_option_words(form, read, form.options.index(chosen)) if chosen else None,
        how_sure=_(HOW_SURE[response.certainty]) if HOW_SURE[response.certainty] else "",
        matched=result_of(item, response) is Result.RIGHT,
    )


def _option_words(form: Form, read: Form, index: int) -> Words:
    option = form.options[index]
    same = read.option(option.id)
    return _both(option.text, same.text if same else option.text)


def _recheck(sheet: Sheet) -> sheet_pages.RecheckView:
    missed = any(record.first_result in (Result.WRONG, Result.DONT_KNOW) for record in sheet.records)
    return sheet_pages.RecheckView(
        waiting=sum(question.item.id not in sheet.rechecked for question in sheet.recheck),
        asked=len(sheet.rechecked),
        impossible=missed and not sheet.recheck,
        action=url_for("staff.start_recheck", attempt_id=sheet.attempt.id),
    )


def _as_read(sheet: Sheet, item: Item) -> Item:
    """The same item in the patient's language; a translation has every item."""
    return sheet.read.item(item.id) or item


def _both(text: str, read: str) -> Words:
    return Words(text, None if read == text else read)

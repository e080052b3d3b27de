"""Sheets: what a nurse sees of one attempt, and the sheet and the nurse of a request."""

from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.auth import SignedIn
from quizapp.aggregation.cleanup import days_left
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.domain.flags import flags_for
from quizapp.domain.gettext_marker import N_
from quizapp.domain.grading import Certainty, ItemRecord, Response, Result, item_records, result_of
from quizapp.domain.journey import current_step, options_in_order
from quizapp.domain.outcomes import Review, ReviewedFlag, may_close
from quizapp.domain.procedure import Fact, Form, Item, Option, Procedure, Prompt
from quizapp.domain.talk_list import RecheckQuestion, TalkCard, TalkList, recheck_questions, talk_list, topics
from quizapp.models import Attempt, Recheck
from quizapp.nurses.reviews import is_unlocked, reviews_of
from quizapp.patients import attempts

SHEET_STATES = ("stopped", "finished")
IN_THE_ROOM = 3  # the number of a try that was answered on the nurse's device


@dataclass(frozen=True)
class Try:
    """One try as the patient saw it. `read` is `form` in the patient's language; `options` are in the order shown.

    `number` is 1, 2 or IN_THE_ROOM; `chosen` is None for "I don't know yet".
    """

    number: int
    form: Form
    read: Form
    options: tuple[Option, ...]
    chosen: Option | None
    certainty: Certainty
    is_right: bool


@dataclass(frozen=True)
class Sheet:
    """One attempt as a nurse sees it.

    `procedure` is in the nurse's language, `read` in the patient's; both are of the attempt's edition. Notes on what
    is done here (`local_notes`, by fact) are in the edition's `source` language only.
    `lesson`: the one at which the patient is or has stopped, counted from 1. `rechecked`: what was chosen in the room.
    """

    attempt: Attempt
    procedure: Procedure
    read: Procedure
    source: str
    local_notes: dict[str, str]
    records: tuple[ItemRecord, ...]
    talk: TalkList
    reviews: dict[str, tuple[Review, ...]]
    recheck: tuple[RecheckQuestion, ...]
    rechecked: dict[str, Response]
    prompt_ids: frozenset[str]
    lesson: int
    days_left: int

    def topic(self, item: Item) -> str:
        """Return what an item is about: the heading of its block."""
        return self.procedure.lesson_of(item.id).block(item.block).heading

    def topics(self, card: TalkCard) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.topic(topic.record.item) for topic in card.topics))

    def item_as_read(self, item: Item) -> Item:
        """Return the same item in the patient's language."""
        return self.read.item(item.id) or item

    def facts(self, card: TalkCard) -> tuple[Fact, ...]:
        fact_ids = dict.fromkeys(topic.record.item.fact for topic in card.topics)
        return tuple(self.procedure.fact(fact_id) for fact_id in fact_ids)

    @property
    def gaps(self) -> tuple[Fact, ...]:
        """What the leaflet leaves out, and a talk therefore must not."""
        return tuple(fact for fact in self.procedure.facts if fact.kind == "gap")

    @property
    def others(self) -> tuple[ItemRecord, ...]:
        """The items without a flag."""
        flagged = {item_id for card in self.talk.all for item_id in card.item_ids}
        return tuple(record for record in self.records if record.item.id not in flagged)

    @property
    def prompts(self) -> tuple[tuple[Prompt, Prompt], ...]:
        """What the patient wants to ask: each in the nurse's language and in the patient's."""
        read = {prompt.id: prompt for prompt in self.read.prompts()}
        return tuple((p, read[p.id]) for p in self.procedure.prompts() if p.id in self.prompt_ids)

    def reviews_of(self, card: TalkCard) -> tuple[Review, ...]:
        """Return a card's reviews in order; once if one is for several of its flags."""
        recorded = dict.fromkeys(review for item_id in card.item_ids for review in self.reviews.get(item_id, ()))
        return tuple(sorted(recorded, key=lambda review: review.number))

    def is_open(self, card: TalkCard) -> bool:
        """Return whether the sheet cannot be closed without this card's outcome."""
        return not may_close(self._reviewed_flags(card))

    def is_reopened(self, card: TalkCard) -> bool:
        """Return whether asking again in the room opened one of the card's flags again."""
        return any(flag.is_reopened for flag in self._reviewed_flags(card))

    def _reviewed_flags(self, card: TalkCard) -> list[ReviewedFlag]:
        return [ReviewedFlag.of(t.flag.priority, self.reviews.get(t.flag.item_id, ())) for t in card.topics]

    def tries(self, record: ItemRecord) -> list[Try]:
        """Return an item's tries, then the one in the room; none if it was not reached."""
        responses = (record.first, record.second, self.rechecked.get(record.item.id))
        return [self._try(record.item, response) for response in responses if response is not None]

    def asked_again(self, record: ItemRecord) -> Try | None:
        """Return what the patient chose in the room; None if the item was not asked again."""
        response = self.rechecked.get(record.item.id)
        return self._try(record.item, response) if response else None

    def _try(self, item: Item, response: Response) -> Try:
        form = item.form(response.form_id) or item.forms[0]
        return Try(
            number=response.try_number,
            form=form,
            read=self.item_as_read(item).form(form.id) or form,
            options=options_in_order(form, item, self.attempt.id),
            chosen=form.option(response.option_id) if response.option_id else None,
            certainty=response.certainty,
            is_right=result_of(item, response) is Result.RIGHT,
        )


def is_under_way(attempt: Attempt) -> bool:
    """Return whether a patient has read a lesson and may still be answering. Only the visit code opens such a sheet."""
    return attempt.state == "open" and attempt.lessons_read > 0


def find(session: Session, nurse: SignedIn, attempt_id: str) -> Attempt | None:
    """Return a sheet by its id, for reading; one that is under way only if this nurse has entered its visit code."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.state in SHEET_STATES:
        return attempt
    return attempt if is_under_way(attempt) and is_unlocked(session, nurse, attempt) else None


def find_to_change(session: Session, attempt_id: str) -> Attempt | None:
    """Return a sheet by its id, locked until the transaction ends; None for one that is under way."""
    attempt = session.get(Attempt, attempt_id, with_for_update=True)
    return attempt if attempt is not None and attempt.state in SHEET_STATES else None


def in_the_room(item_id: str, form_id: str, option_id: str | None) -> Response:
    return Response(item_id, IN_THE_ROOM, form_id, option_id, Certainty.NONE)


def rechecked_items(session: Session, attempt_id: str) -> dict[str, Response]:
    """Return what the patient chose in the room, by item."""
    rows = session.scalars(select(Recheck).where(Recheck.attempt == attempt_id))
    return {row.item: in_the_room(row.item, row.form, row.option) for row in rows}


def load_sheet(
    session: Session, editions: Editions, attempt: Attempt, language: str, retention: Retention, today: date
) -> Sheet:
    """Return everything on a sheet, in the nurse's `language` and in the patient's.

    While the patient is still answering, the flags are those of the answers so far.
    """
    edition = editions.by_id(session, attempt.edition)
    procedure = edition.in_language(language)
    records = item_records(procedure, attempts.responses(session, attempt.id))
    if attempt.state == "open":
        flags = [flag for flag in flags_for(records) if flag.rule_id != "not-reached"]
    else:
        flags = attempts.flags(session, attempt.id)
    return Sheet(
        attempt=attempt,
        procedure=procedure,
        read=edition.in_language(attempt.language),
        source=edition.source,
        local_notes=editions.catalogue.local_notes.get(edition.procedure_id, {}),
        records=records,
        talk=talk_list(flags, records),
        reviews=reviews_of(session, attempt.id),
        recheck=recheck_questions(topic.record for topic in topics(flags, records)),
        rechecked=rechecked_items(session, attempt.id),
        prompt_ids=frozenset(attempts.prompts(session, attempt.id)),
        lesson=current_step(procedure, attempt.lessons_read, records).lesson,
        days_left=days_left(attempt, retention, today),
    )


MESSAGES = {
    "saved": N_("Saved."),
    "closed": N_("The sheet is closed. It is no longer in the queue."),
    "unlinked": N_("The sheet is closed and deleted. Nothing leads back to the patient."),
    "no-such-code": N_(
        "No sheet has this visit code. Please check it. A code stops working when its sheet is deleted."
    ),
    "first-word": N_("The first word is in no visit code. Please check how it is spelled."),
    "second-word": N_("The second word is in no visit code. Please check how it is spelled."),
    "wait": N_("Too many codes did not match. Please wait a minute, then try again."),
    "not-begun": N_("Not begun: with this code, no lesson has been read yet."),
    "stopped": N_("The patient has stopped. Now you can record how the talk went."),
    "other-sheet": N_("This code belongs to another sheet. Please make sure which patient is with you."),
    "code-first": N_("Enter the visit code of this sheet first. Nothing was recorded."),
    "outcomes-missing": N_("Saved."),  # the sheet itself says what is missing, as long as something is
    "changed": N_("The patient has gone on since, so nothing was recorded. This is the sheet now."),
    "follow-up": N_("Saved. Something is left to follow up, so the sheet is kept. You can still close it."),
    "nothing-to-ask": N_("There is no question left to ask again."),
    "handed-back": N_("The answers given in the room are now next to the first ones."),
    "reopened": N_("Asked again, not everything was answered as in the leaflet. Those topics are open again."),
    "not-answered": N_("Nothing was answered in the room."),
}


def message() -> str | None:
    """Return the message that this request's address names, or None."""
    text = MESSAGES.get(request.args.get("notice", ""))
    return _(text) if text else None

"""What a patient can ask for: begin, read, answer, stop, finish."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.aggregation.release import release_full_batch
from quizapp.domain.flags import flags_for
from quizapp.domain.grading import Certainty, ItemRecord, Response, item_records, score
from quizapp.domain.journey import Step, StepKind, current_step
from quizapp.domain.procedure import Edition, Item, Procedure
from quizapp.domain.visit_codes import CodeKeys, secret_hash
from quizapp.models import Attempt
from quizapp.patients import attempt_queries

SECRET_BYTES = 20


class WrongStep(Exception):
    """What was asked for is not the patient's next step; nothing was changed."""


class AttemptClosed(WrongStep):
    """The attempt is finished, or a nurse has recorded an outcome: it cannot be changed any more."""


class UnknownOption(ValueError):
    """An option, form or try that this item does not have; nothing was changed."""


@dataclass(frozen=True)
class Progress:
    """Where an attempt stands: its items' tries, and the step that comes next."""

    records: tuple[ItemRecord, ...]
    step: Step

    def record(self, item_id: str) -> ItemRecord | None:
        return next((record for record in self.records if record.item.id == item_id), None)


def begin(
    session: Session,
    edition: Edition,
    language: str,
    keys: CodeKeys,
    today: date,
    seed: bytes | None = None,
    state: str = "open",
) -> tuple[Attempt, bytes]:
    """A new attempt and its secret, which is kept nowhere else.

    The same `seed` gives the same attempt, so that a doubled request begins one. Two secrets may give one visit code
    (there are 65 million): then the next secret of the seed is taken.
    """
    seed = seed or secrets.token_bytes(SECRET_BYTES)
    for number in range(20):
        secret = hashlib.sha256(seed + bytes([number])).digest()[:SECRET_BYTES]
        stored = find(session, secret)
        if stored is None:
            attempt = Attempt(
                id=secrets.token_urlsafe(16),
                procedure=edition.procedure_id,
                edition=edition.id,
                language=language,
                state=state,
                day=today,
                lessons_read=0,
                secret_hash=secret_hash(secret),
                code_hmac=keys.new(secret)[1],
                tallied=False,
            )
            try:
                with session.begin_nested():
                    attempt_queries.add(session, attempt)
                return attempt, secret
            except IntegrityError:  # a doubled request was faster, or the visit code is taken
                stored = find(session, secret)
        if stored is not None:
            return stored, secret
    raise RuntimeError("no free visit code was found; too many sheets are open")


def find(session: Session, secret: bytes) -> Attempt | None:
    """The attempt of a patient's secret, for reading."""
    return attempt_queries.by_secret(session, secret_hash(secret))


def find_to_change(session: Session, secret: bytes) -> Attempt | None:
    """The attempt of a patient's secret, held until the transaction ends."""
    return attempt_queries.locked_by_secret(session, secret_hash(secret))


def standing(session: Session, attempt: Attempt, procedure: Procedure) -> Progress:
    records = item_records(procedure, attempt_queries.responses(session, attempt.id))
    return Progress(records, current_step(procedure, attempt.lessons_read, records))


def switch_language(session: Session, attempt: Attempt, language: str) -> None:
    """Go on in another language: the place and the answers stay. After the end nothing changes."""
    if can_go_on(session, attempt):
        attempt.language = language
        session.flush()


def visit_code(attempt: Attempt, secret: bytes, keys: CodeKeys) -> str:
    """The code that leads a nurse to this attempt's sheet, shown again on the patient's own device."""
    return keys.code(secret, attempt.code_hmac)


def can_go_on(session: Session, attempt: Attempt) -> bool:
    """Whether the patient may still change it: until the finish, or a nurse's first outcome on a stopped one."""
    if attempt.state == "finished" or attempt.closed_day is not None:
        return False
    return attempt.state != "stopped" or not attempt_queries.has_reviews(session, attempt.id)


def read_lesson(session: Session, attempt: Attempt, procedure: Procedure, number: int, today: date) -> Progress:
    """Note that a lesson (counted from 1) was read, and say where the patient stands now.

    Raises WrongStep if it is not next; twice is as once.
    """
    now = standing(session, attempt, procedure)
    if number <= attempt.lessons_read:
        return now
    _must_be_open(session, attempt)
    if now.step != Step(StepKind.LESSON, number):
        raise WrongStep
    attempt.lessons_read = number
    _touch(session, attempt, procedure, today)
    return Progress(now.records, current_step(procedure, number, now.records))


def answer(
    session: Session,
    attempt: Attempt,
    procedure: Procedure,
    item: Item,
    try_number: int,
    form_id: str,
    option_id: str | None,
    certainty: Certainty,
    today: date,
) -> None:
    """Store a response. The first stored one stands: answering a try again changes nothing.

    `option_id` None is "I don't know yet", stored with no certainty. Raises UnknownOption for what the item does not
    offer at this try, WrongStep if it is not the patient's next step, AttemptClosed after the end.
    """
    if not 1 <= try_number <= item.tries:
        raise UnknownOption(f"{item.id} has no try {try_number}")
    form = item.form_for(try_number)
    if form_id != form.id or (option_id is not None and form.option(option_id) is None):
        raise UnknownOption(f"{item.id} does not offer {form_id}/{option_id} at try {try_number}")
    now = standing(session, attempt, procedure)
    record = now.record(item.id)
    if record and (record.first if try_number == 1 else record.second):
        return
    _must_be_open(session, attempt)
    if now.step != Step(StepKind.QUESTION, now.step.lesson, item.id, try_number):
        raise WrongStep
    sure = certainty if option_id is not None else Certainty.NONE
    if option_id is not None and sure is Certainty.NONE:
        raise UnknownOption("an option needs a certainty")
    attempt_queries.keep_response(session, attempt.id, Response(item.id, try_number, form.id, option_id, sure))
    _touch(session, attempt, procedure, today)


def stop(session: Session, attempt: Attempt, procedure: Procedure, today: date) -> None:
    """Make the sheet with what there is. Stopping again, or after the finish, changes nothing."""
    if attempt.state == "stopped" or not can_go_on(session, attempt):
        return
    attempt.state = "stopped"
    attempt.day = today
    _store_flags(session, attempt, standing(session, attempt, procedure).records)


def finish(
    session: Session, attempt: Attempt, procedure: Procedure, prompt_ids: Iterable[str], today: date, min_group: int
) -> None:
    """Keep the ticked prompts and end the attempt: score and flags are stored, a full batch enters the tallies.

    Finishing again changes nothing. Raises WrongStep if something is still to do, UnknownOption for a prompt that the
    procedure does not have.
    """
    if attempt.state == "finished":
        return
    _must_be_open(session, attempt)
    now = standing(session, attempt, procedure)
    if now.step.kind is not StepKind.PROMPTS:
        raise WrongStep
    chosen = set(prompt_ids)
    if not chosen <= {prompt.id for prompt in procedure.prompts()}:
        raise UnknownOption("a prompt that this procedure does not have")
    attempt_queries.keep_prompts(session, attempt.id, sorted(chosen))
    attempt.state = "finished"
    attempt.day = today
    attempt.score = score(now.records)
    _store_flags(session, attempt, now.records)
    release_full_batch(session, procedure, attempt.edition, attempt.language, today, min_group)


def _must_be_open(session: Session, attempt: Attempt) -> None:
    if not can_go_on(session, attempt):
        raise AttemptClosed


def _touch(session: Session, attempt: Attempt, procedure: Procedure, today: date) -> None:
    if attempt.day != today:  # set to the same day it would count as changed, at every answer
        attempt.day = today
    if attempt.state == "invited":
        attempt.state = "open"
    if attempt.state == "stopped":  # the patient goes on: the sheet grows with the answers
        _store_flags(session, attempt, standing(session, attempt, procedure).records)
    session.flush()


def _store_flags(session: Session, attempt: Attempt, records: Iterable[ItemRecord]) -> None:
    flags = flags_for(records)
    if attempt.state == "finished":
        flags = tuple(flag for flag in flags if flag.rule_id != "not-reached")
    attempt_queries.replace_flags(session, attempt, flags)

"""What a patient can do with an attempt: begin, read, answer, stop, finish."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.aggregation.release import release_full_batch
from quizapp.db import insert_or_ignore
from quizapp.domain.flags import flags_for
from quizapp.domain.grading import Certainty, ItemRecord, Response, item_records, score
from quizapp.domain.journey import Step, StepKind, current_step
from quizapp.domain.procedure import Edition, Procedure
from quizapp.domain.visit_codes import CodeKeys, secret_hash
from quizapp.models import Attempt, ChosenPrompt, ResponseRow, ReviewRow
from quizapp.patients.attempt_queries import replace_flags, responses

SECRET_BYTES = 20
# Every page of a patient needs this one; built once.
_BY_SECRET = select(Attempt).where(Attempt.secret_hash == bindparam("secret_hash"))
_BY_SECRET_TO_CHANGE = _BY_SECRET.with_for_update()


class WrongStep(Exception):
    """The request is not for the patient's next step. Nothing was changed."""


class AttemptClosed(WrongStep):
    """The attempt can no longer be changed: it is finished, or a nurse has recorded an outcome."""


class UnknownOption(ValueError):
    """The item has no such option, form or try. Nothing was changed."""


@dataclass(frozen=True)
class Progress:
    """How far an attempt has come: the tries at each item, and the next step."""

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
    """Create an attempt. Return it with its secret, which is stored nowhere else.

    The same `seed` gives the same attempt, so a request that is sent twice begins one. Two secrets can give the same
    visit code (there are 65 million); then the seed's next secret is used.
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
                    session.add(attempt)
                return attempt, secret
            except IntegrityError:  # a copy of this request was faster, or the visit code is taken
                stored = find(session, secret)
        if stored is not None:
            return stored, secret
    raise RuntimeError("no free visit code was found; too many sheets are open")


def find(session: Session, secret: bytes) -> Attempt | None:
    """Return the attempt with this secret, for reading."""
    return session.scalar(_BY_SECRET, {"secret_hash": secret_hash(secret)})


def find_to_change(session: Session, secret: bytes) -> Attempt | None:
    """Return the attempt with this secret, locked until the transaction ends."""
    return session.scalar(_BY_SECRET_TO_CHANGE, {"secret_hash": secret_hash(secret)})


def progress(session: Session, attempt: Attempt, procedure: Procedure) -> Progress:
    records = item_records(procedure, responses(session, attempt.id))
    return Progress(records, current_step(procedure, attempt.lessons_read, records))


def switch_language(session: Session, attempt: Attempt, language: str) -> None:
    """Go on in another language, with the same place and answers. Does nothing once the attempt is closed."""
    if can_go_on(session, attempt):
        attempt.language = language
        session.flush()


def visit_code(attempt: Attempt, secret: bytes, keys: CodeKeys) -> str:
    """Return the code with which a nurse finds this attempt's sheet. It can be derived only with the secret."""
    return keys.code(secret, attempt.code_hmac)


def can_go_on(session: Session, attempt: Attempt) -> bool:
    """Return whether the patient may still change it: not finished, and if stopped, not yet reviewed by a nurse."""
    if attempt.state == "finished" or attempt.closed_day is not None:
        return False
    if attempt.state != "stopped":
        return True
    return session.scalar(select(ReviewRow.number).where(ReviewRow.attempt == attempt.id).limit(1)) is None


def read_lesson(session: Session, attempt: Attempt, procedure: Procedure, number: int, today: date) -> Progress:
    """Store that a lesson (counted from 1) was read, and return the progress after it.

    Reading a lesson again changes nothing. Raises WrongStep if it is not the next step, AttemptClosed once the
    attempt is closed.
    """
    before = progress(session, attempt, procedure)
    if number <= attempt.lessons_read:
        return before
    _require_open(session, attempt)
    if before.step != Step(StepKind.LESSON, number):
        raise WrongStep
    attempt.lessons_read = number
    _touch(session, attempt, procedure, today)
    return Progress(before.records, current_step(procedure, number, before.records))


def answer(session: Session, attempt: Attempt, procedure: Procedure, response: Response, today: date) -> None:
    """Store a response. The first one stored for a try is final: sending another changes nothing.

    "I don't know yet" is stored without certainty. Raises UnknownOption if the item does not offer this response at
    this try, WrongStep if it is not the next step, AttemptClosed once the attempt is closed.
    """
    _require_offered(procedure, response)
    before = progress(session, attempt, procedure)
    record = before.record(response.item_id)
    if record and (record.first if response.try_number == 1 else record.second):
        return
    _require_open(session, attempt)
    if before.step != Step(StepKind.QUESTION, before.step.lesson, response.item_id, response.try_number):
        raise WrongStep
    insert_or_ignore(
        session,
        ResponseRow,
        attempt=attempt.id,
        item=response.item_id,
        try_number=response.try_number,
        form=response.form_id,
        option=response.option_id,
        certainty=(response.certainty if response.option_id is not None else Certainty.NONE).value,
    )
    _touch(session, attempt, procedure, today)


def stop(session: Session, attempt: Attempt, procedure: Procedure, today: date) -> None:
    """Make the sheet from the answers so far. Does nothing if it was stopped before, or is closed."""
    if attempt.state == "stopped" or not can_go_on(session, attempt):
        return
    attempt.state = "stopped"
    attempt.day = today
    _store_flags(session, attempt, progress(session, attempt, procedure).records)


def finish(
    session: Session, attempt: Attempt, procedure: Procedure, prompt_ids: Iterable[str], today: date, min_group: int
) -> None:
    """End the attempt: store the ticked prompts, score and flags, and release a full batch into the tallies.

    Finishing again changes nothing. Raises WrongStep if a lesson or question is left, UnknownOption for a prompt that
    the procedure does not have.
    """
    if attempt.state == "finished":
        return
    _require_open(session, attempt)
    end = progress(session, attempt, procedure)
    if end.step.kind is not StepKind.PROMPTS:
        raise WrongStep
    chosen = set(prompt_ids)
    if not chosen <= {prompt.id for prompt in procedure.prompts()}:
        raise UnknownOption("a prompt that this procedure does not have")
    session.execute(delete(ChosenPrompt).where(ChosenPrompt.attempt == attempt.id))
    if chosen:
        session.execute(insert(ChosenPrompt), [{"attempt": attempt.id, "prompt": prompt} for prompt in sorted(chosen)])
    attempt.state = "finished"
    attempt.day = today
    attempt.score = score(end.records)
    _store_flags(session, attempt, end.records)
    release_full_batch(session, procedure, attempt.edition, attempt.language, today, min_group)


def _require_offered(procedure: Procedure, response: Response) -> None:
    item = procedure.item(response.item_id)
    if item is None or not 1 <= response.try_number <= item.tries:
        raise UnknownOption(f"{response.item_id} has no try {response.try_number}")
    form = item.form_for(response.try_number)
    if response.form_id != form.id or (response.option_id is not None and form.option(response.option_id) is None):
        raise UnknownOption(f"{item.id} does not offer {response} now")
    if response.option_id is not None and response.certainty is Certainty.NONE:
        raise UnknownOption("an option needs a certainty")


def _require_open(session: Session, attempt: Attempt) -> None:
    if not can_go_on(session, attempt):
        raise AttemptClosed


def _touch(session: Session, attempt: Attempt, procedure: Procedure, today: date) -> None:
    if attempt.day != today:  # setting the same day would count as a change, at every answer
        attempt.day = today
    if attempt.state == "invited":
        attempt.state = "open"
    if attempt.state == "stopped":  # the patient goes on after all, so the sheet follows
        _store_flags(session, attempt, progress(session, attempt, procedure).records)
    session.flush()


def _store_flags(session: Session, attempt: Attempt, records: Iterable[ItemRecord]) -> None:
    flags = flags_for(records)
    if attempt.state == "finished":
        flags = tuple(flag for flag in flags if flag.rule_id != "not-reached")
    replace_flags(session, attempt, flags)

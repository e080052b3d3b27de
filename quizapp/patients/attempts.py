"""Attempts: find one, read what is stored of it, and what a patient can do: begin, read, answer, stop, finish."""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from quizapp.aggregation.release import release_full_batch
from quizapp.db import insert_or_ignore
from quizapp.domain.flags import Flag, Priority, flags_for
from quizapp.domain.grading import Certainty, ItemRecord, Response, item_records, score
from quizapp.domain.journey import Step, StepKind, current_step
from quizapp.domain.outcomes import ReviewedFlag, queue_place
from quizapp.domain.procedure import Edition, Procedure
from quizapp.domain.visit_codes import CodeKeys, secret_hash
from quizapp.models import Attempt, ChosenPrompt, FlagRow, ResponseRow, ReviewRow

SECRET_BYTES = 20
# Every page of a patient needs these queries, so they are built once. What is only read is read as columns: the mapped
# classes cost as much again.
_BY_SECRET = select(Attempt).where(Attempt.secret_hash == bindparam("secret_hash"))
_BY_SECRET_TO_CHANGE = _BY_SECRET.with_for_update()
_ATTEMPT, _RESPONSE = cast(Table, Attempt.__table__), cast(Table, ResponseRow.__table__)
_ANSWERS = tuple(_RESPONSE.c[name] for name in ("item", "try_number", "form", "option", "certainty"))
_RESPONSES = select(*_ANSWERS).where(_RESPONSE.c.attempt == bindparam("attempt_id"))
_WITH_RESPONSES = select(*_ATTEMPT.c, *_ANSWERS).select_from(_ATTEMPT.outerjoin(_RESPONSE))
_READ = _WITH_RESPONSES.where(_ATTEMPT.c.secret_hash == bindparam("secret_hash"))


class WrongStep(Exception):
    """The request is not for the patient's next step, or the attempt can no longer change. Nothing was changed."""


class UnknownOption(BadRequest):
    """The item has no such option, form or try. Nothing was changed; a view answers with 400."""


@dataclass(frozen=True)
class Progress:
    """How far an attempt has come: the tries at each item, and the next step."""

    records: tuple[ItemRecord, ...]
    step: Step

    def record(self, item_id: str) -> ItemRecord | None:
        return next((record for record in self.records if record.item.id == item_id), None)


# --- find and read ----------------------------------------------------------------------------------------------


def read(session: Session, secret: bytes) -> tuple[Attempt, list[Response]] | None:
    """Return the attempt with this secret, as a row that has its attributes and cannot be changed; and its responses.

    One statement, and no mapped class: together 5 % of a walk.
    """
    rows = session.connection().execute(_READ, {"secret_hash": secret_hash(secret)}).all()
    if not rows:
        return None
    return cast(Attempt, rows[0]), [_response(*row[-len(_ANSWERS) :]) for row in rows if row.item]


def find(session: Session, secret: bytes, *, to_change: bool = False) -> Attempt | None:
    """Return the attempt with this secret; `to_change` locks it until the transaction ends."""
    query = _BY_SECRET_TO_CHANGE if to_change else _BY_SECRET
    return session.scalar(query, {"secret_hash": secret_hash(secret)})


def by_code(session: Session, hmacs: Iterable[bytes], *, to_change: bool = False) -> Attempt | None:
    """Return the attempt whose visit code has one of these HMACs (one for each key that is still accepted)."""
    query = select(Attempt).where(Attempt.code_hmac.in_(list(hmacs)))
    return session.scalar(query.with_for_update() if to_change else query)


def responses(session: Session, attempt_id: str) -> list[Response]:
    return [_response(*row) for row in session.execute(_RESPONSES, {"attempt_id": attempt_id})]


def _response(item: str, try_number: int, form: str, option: str | None, certainty: str) -> Response:
    return Response(item, try_number, form, option, Certainty(certainty))


def prompts(session: Session, attempt_id: str) -> set[str]:
    """Return the ids of the ticked prompts."""
    return set(session.scalars(select(ChosenPrompt.prompt).where(ChosenPrompt.attempt == attempt_id)))


def flags(session: Session, attempt_id: str) -> list[Flag]:
    """Return an attempt's flags, most serious first."""
    query = select(FlagRow).where(FlagRow.attempt == attempt_id).order_by(FlagRow.priority, FlagRow.item)
    return [Flag(row.item, row.rule, Priority(row.priority)) for row in session.scalars(query)]


def progress(
    session: Session, attempt: Attempt, procedure: Procedure, stored: Sequence[Response] | None = None
) -> Progress:
    """Return how far an attempt has come; `stored`: its responses, if they were read before."""
    records = item_records(procedure, responses(session, attempt.id) if stored is None else stored)
    return Progress(records, current_step(procedure, attempt.lessons_read, records))


def can_go_on(session: Session, attempt: Attempt) -> bool:
    """Return whether the patient may still change it: not finished, and if stopped, not yet reviewed by a nurse."""
    if attempt.state == "finished" or attempt.closed_day is not None:
        return False
    return attempt.state != "stopped" or not session.scalar(select(exists().where(ReviewRow.attempt == attempt.id)))


def to_token(secret: bytes) -> str:
    """Return a secret as text, for links and cookies."""
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def to_secret(token: str | None) -> bytes | None:
    """Return the secret in a token; None if it is no token."""
    try:
        secret = base64.b64decode((token or "") + "=" * (-len(token or "") % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == SECRET_BYTES else None


# --- what a patient can do --------------------------------------------------------------------------------------


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
        insert_or_ignore(
            session,
            Attempt,
            id=secrets.token_urlsafe(16),
            procedure=edition.procedure_id,
            edition=edition.id,
            language=language,
            state=state,
            day=today,
            secret_hash=secret_hash(secret),
            code_hmac=keys.new(secret)[1],
        )
        attempt = find(session, secret)
        if attempt is not None:  # None if the visit code was taken
            return attempt, secret
    raise RuntimeError("no free visit code was found; too many sheets are open")


def switch_language(session: Session, attempt: Attempt, language: str) -> None:
    """Go on in another language, with the same place and answers. Does nothing once the attempt is closed."""
    if can_go_on(session, attempt):
        attempt.language = language
        session.flush()


def read_lesson(session: Session, attempt: Attempt, procedure: Procedure, number: int, today: date) -> Progress:
    """Store that a lesson (counted from 1) was read, and return the progress after it.

    Reading a lesson again changes nothing. Raises WrongStep if it is not the next step.
    """
    before = progress(session, attempt, procedure)
    if number <= attempt.lessons_read:
        return before
    if before.step != Step(StepKind.LESSON, number) or not can_go_on(session, attempt):
        raise WrongStep
    attempt.lessons_read = number
    _touch(session, attempt, procedure, today)
    return Progress(before.records, current_step(procedure, number, before.records))


def answer(session: Session, attempt: Attempt, procedure: Procedure, response: Response, today: date) -> None:
    """Store a response. The first one stored for a try is final: sending another changes nothing.

    "I don't know yet" is stored without certainty. Raises UnknownOption if the item does not offer this response at
    this try, WrongStep if it is not the next step.
    """
    _require_offered(procedure, response)
    before = progress(session, attempt, procedure)
    record = before.record(response.item_id)
    if record and (record.first if response.try_number == 1 else record.second):
        return
    step = Step(StepKind.QUESTION, before.step.lesson, response.item_id, response.try_number)
    if before.step != step or not can_go_on(session, attempt):
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


def _require_offered(procedure: Procedure, response: Response) -> None:
    item = procedure.item(response.item_id)
    if item is None or not 1 <= response.try_number <= item.tries:
        raise UnknownOption(f"{response.item_id} has no try {response.try_number}")
    form = item.form_for(response.try_number)
    if response.form_id != form.id or (response.option_id is not None and form.option(response.option_id) is None):
        raise UnknownOption(f"{item.id} does not offer {response} now")
    if response.option_id is not None and response.certainty is Certainty.NONE:
        raise UnknownOption("an option needs a certainty")


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
    end = progress(session, attempt, procedure)
    if end.step.kind is not StepKind.PROMPTS or not can_go_on(session, attempt):
        raise WrongStep
    chosen = set(prompt_ids)
    if not chosen <= {prompt.id for prompt in procedure.prompts()}:
        raise UnknownOption("a prompt that this procedure does not have")
    if chosen:
        session.execute(insert(ChosenPrompt), [{"attempt": attempt.id, "prompt": prompt} for prompt in sorted(chosen)])
    attempt.state = "finished"
    attempt.day = today
    attempt.score = score(end.records)
    _store_flags(session, attempt, end.records)
    release_full_batch(session, procedure, attempt.edition, attempt.language, today, min_group)


def _touch(session: Session, attempt: Attempt, procedure: Procedure, today: date) -> None:
    if attempt.day != today:  # setting the same day would count as a change, at every answer
        attempt.day = today
    if attempt.state == "invited":
        attempt.state = "open"
    if attempt.state == "stopped":  # the patient goes on after all, so the sheet follows
        _store_flags(session, attempt, progress(session, attempt, procedure).records)
    session.flush()


def _store_flags(session: Session, attempt: Attempt, records: Iterable[ItemRecord]) -> None:
    """Replace the flags of a stopped or finished attempt, and put its sheet into the queue."""
    found = flags_for(records)
    attempt.queue_place = queue_place([ReviewedFlag(flag.priority, outcome=None) for flag in found])
    session.flush()
    session.execute(delete(FlagRow).where(FlagRow.attempt == attempt.id))
    rows = [{"attempt": attempt.id, "item": f.item_id, "rule": f.rule_id, "priority": f.priority.value} for f in found]
    if rows:
        session.execute(insert(FlagRow), rows)

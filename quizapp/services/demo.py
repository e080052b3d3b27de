"""Made-up attempts, through the same services as real ones, to try things out on."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.grading import Certainty, Result
from quizapp.domain.items import Edition, Item, Procedure
from quizapp.domain.visit_codes import CodeKeys
from quizapp.services import attempts
from quizapp.services.editions import Editions
from quizapp.services.releases import Retention
from quizapp.services.sweeping import sweep
from quizapp.storage.database import Database
from quizapp.storage.models import Attempt, Mark, TallyGroup

BATCH = 500  # attempts in one transaction


class NotEmpty(Exception):
    """The database has real attempts, which made-up ones must never mix with."""


@dataclass(frozen=True)
class MadeUpPatient:
    """How likely a made-up patient is right, sure when answering, and without an answer; each from 0 to 1."""

    skill: float
    boldness: float
    doubt: float


def fill(
    database: Database,
    editions: Editions,
    keys: CodeKeys,
    retention: Retention,
    today: date,
    count: int,
    seed: int,
) -> int:
    """Make `count` attempts over the last days, the same ones for the same seed; how many were made.

    Raises NotEmpty if the database holds attempts that are not made up.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    with database.writing() as session:
        _mark(session)
        session.commit()
    catalogue = [edition for _, edition in sorted(editions.catalogue.editions.items())]
    made = 0
    while made < count:
        size = min(BATCH, count - made)
        with database.writing() as session:
            for _ in range(size):
                day = today - timedelta(days=chance.randrange(min(10, retention.sheet_days)))
                _one(session, chance.choice(catalogue), keys, retention.min_group, day, chance)
            session.commit()
        made += size
    sweep(database, editions, retention, today)
    return made


def _mark(session: Session) -> None:
    if session.get(Mark, "demo") is not None:
        return
    for table in (Attempt.id, TallyGroup.n):
        if session.scalar(select(table).limit(1)) is not None:
            raise NotEmpty(
                "This database has real attempts. Make the demo in another place: "
                "QUIZAPP_INSTANCE_PATH=demo-instance quizapp demo"
            )
    session.add(Mark(name="demo"))


def _one(
    session: Session, edition: Edition, keys: CodeKeys, min_group: int, day: date, chance: random.Random
) -> None:
    languages = sorted(edition.languages)
    language = chance.choices(languages, [4 if code == edition.source else 1 for code in languages])[0]
    procedure = edition.in_language(language)
    patient = MadeUpPatient(chance.betavariate(7, 2), chance.betavariate(2, 2), chance.betavariate(1, 9))
    attempt, _ = attempts.begin(session, edition, language, keys, day)
    stops_after = chance.randrange(1, len(procedure.lessons)) if chance.random() < 0.08 else None
    for number, lesson in enumerate(procedure.lessons, start=1):
        attempts.read_lesson(session, attempt, procedure, number, day)
        for item in lesson.items:
            _answer(session, attempt, procedure, item, patient, day, chance)
        if number == stops_after:
            attempts.stop(session, attempt, procedure, day)
            return
    prompts = [prompt.id for prompt in procedure.prompts() if chance.random() < 0.15]
    attempts.finish(session, attempt, procedure, prompts, day, min_group)


def _answer(
    session: Session,
    attempt: Attempt,
    procedure: Procedure,
    item: Item,
    patient: MadeUpPatient,
    day: date,
    chance: random.Random,
) -> None:
    for try_number in range(1, item.tries + 1):
        form = item.form_for(try_number)
        skill = patient.skill if try_number == 1 else min(1.0, patient.skill + 0.2)
        option_id: str | None = None
        if chance.random() >= patient.doubt:
            distractors = [option for option in form.options if not option.key]
            weights = [2.0 ** -position for position in range(len(distractors))]
            chosen = form.key if chance.random() < skill else chance.choices(distractors, weights)[0]
            option_id = chosen.id
        certainty = Certainty.SURE if chance.random() < patient.boldness else Certainty.THINK
        attempts.answer(
            session, attempt, procedure, item, try_number, form.id, option_id, certainty, day
        )
        record = attempts.standing(session, attempt, procedure).record(item.id)
        if record is None or record.first_result is Result.RIGHT:
            return

"""Made-up attempts, through the same services as real ones, to try things out on."""

import random
from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.aggregation.cleanup import sweep
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.demo.made_up_quarters import make_history
from quizapp.demo.made_up_walks import MadeUpPatient, draw_patient, ease_of_items, respond
from quizapp.domain.procedure import Edition, Item, Procedure
from quizapp.domain.visit_codes import CodeKeys
from quizapp.models import Attempt, DatabaseFlag
from quizapp.patients import attempts
from quizapp.tally_models import TallyGroup

BATCH = 500  # attempts in one transaction
MOST_SHEETS = 200  # a clinic has no more at a time
ENOUGH_FOR_A_PAST = 100


class NotEmpty(Exception):
    """The database has real attempts, which made-up ones must never mix with."""


def fill(
    database: Database,
    editions: Editions,
    keys: CodeKeys,
    retention: Retention,
    today: date,
    count: int,
    seed: int,
) -> int:
    """Make `count` attempts, the same ones for the same seed; how many were made.

    The last few, MOST_SHEETS at most, are of these days and have sheets; from ENOUGH_FOR_A_PAST on the others were
    counted in earlier quarters. Raises NotEmpty if the database holds attempts that are not made up.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    with database.writing() as session:
        _mark(session)
        session.commit()
    catalogue = [edition for _, edition in sorted(editions.catalogue.editions.items())]
    recent = count if count < ENOUGH_FOR_A_PAST else min(MOST_SHEETS, count // 2)
    past, left_over = divmod(count - recent, len(catalogue))
    counted = 0
    with database.writing() as session:
        for place, edition in enumerate(catalogue if count > recent else ()):
            counted += make_history(session, edition, today, past + (place < left_over), retention.min_group, seed)
        session.commit()
    made = 0
    while made < recent:
        size = min(BATCH, recent - made)
        with database.writing() as session:
            for _ in range(size):
                day = today - timedelta(days=chance.randrange(min(10, retention.sheet_days)))
                _one(session, chance.choice(catalogue), keys, retention.min_group, day, chance)
            session.commit()
        made += size
    sweep(database, editions, retention, today)
    return made + counted


def _mark(session: Session) -> None:
    if session.get(DatabaseFlag, "demo") is not None:
        return
    for table in (Attempt.id, TallyGroup.n):
        if session.scalar(select(table).limit(1)) is not None:
            raise NotEmpty(
                "This database has real attempts. Make the demo in another place: "
                "QUIZAPP_INSTANCE_PATH=demo-instance quizapp demo"
            )
    session.add(DatabaseFlag(name="demo"))


def _one(session: Session, edition: Edition, keys: CodeKeys, min_group: int, day: date, chance: random.Random) -> None:
    languages = sorted(edition.languages)
    language = chance.choices(languages, [4 if code == edition.source else 1 for code in languages])[0]
    procedure = edition.in_language(language)
    patient, ease = draw_patient(chance), ease_of_items(procedure)
    attempt, _ = attempts.begin(session, edition, language, keys, day)
    stops_after = chance.randrange(1, len(procedure.lessons)) if chance.random() < 0.08 else None
    for number, lesson in enumerate(procedure.lessons, start=1):
        attempts.read_lesson(session, attempt, procedure, number, day)
        for item in lesson.items:
            _answer(session, attempt, procedure, item, patient, ease, day, chance)
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
    ease: Mapping[str, float],
    day: date,
    chance: random.Random,
) -> None:
    for try_number in range(1, item.tries + 1):
        given = respond(item, try_number, patient, ease, chance)
        attempts.answer(session, attempt, procedure, given, day)
        if given.option_id == item.form_for(try_number).key.id:
            return

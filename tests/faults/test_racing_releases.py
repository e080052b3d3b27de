"""Servers that release batches at the same moment, in different quarters by their clocks, lose no watch's answers."""

import threading

from sqlalchemy import func, select

from quizapp.aggregation.release import count_batch
from quizapp.aggregation.tally_writes import GroupKey
from quizapp.db import Database
from quizapp.domain.grading import Certainty, Response
from quizapp.tally_models import DriftState, TallyGroup
from tests.builders import keep_edition, make_test_edition

EDITION = make_test_edition()
PROCEDURE = EDITION.in_language("en")
KEY = GroupKey(EDITION.procedure_id, EDITION.id, "en")
BATCH, ROUNDS = 11, 12
QUARTERS = ("2026-Q3", "2026-Q4")


def everything_right() -> list[Response]:
    return [Response(i.id, 1, i.forms[0].id, i.forms[0].key.id, Certainty.SURE) for i in PROCEDURE.items()]


def release(url: str, quarter: str, ready: threading.Barrier, failures: list[Exception]) -> None:
    database = Database(url)
    for _ in range(ROUNDS):
        ready.wait()
        try:
            with database.writing() as session:
                count_batch(session, PROCEDURE, quarter, KEY, BATCH, [everything_right() for _ in range(BATCH)])
                session.commit()
        except Exception as error:
            failures.append(error)
    database.dispose()


def test_it_watches_every_answer_of_batches_released_at_once_in_two_quarters(database, database_url):
    with database.writing() as session:
        keep_edition(session, EDITION)
        session.commit()
    ready, failures = threading.Barrier(len(QUARTERS)), list[Exception]()
    threads = [threading.Thread(target=release, args=(database_url, q, ready, failures)) for q in QUARTERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    everyone = BATCH * ROUNDS * len(QUARTERS)
    with database.reading() as session:
        assert session.scalar(select(func.sum(TallyGroup.n))) == everyone
        critical = {item.id for item in PROCEDURE.items() if item.critical}
        assert {row.item: row.n for row in session.scalars(select(DriftState))} == dict.fromkeys(critical, everyone)

"""A motivated intruder: gets every file and much else, and after the purge can link nobody and put nobody in order.

The intruder holds the database, its log, a backup, what the server wrote, all visit codes that were ever given out, and
the order in which the patients came (from the clinic's appointment list). Not the server's key: whoever has that and
the files from before the purge can look a code up, as a nurse can.
"""

import hashlib
import hmac
import random
import subprocess
from datetime import datetime, timedelta

import pytest
from scipy.stats import kendalltau
from sqlalchemy import select

from quizapp import backups, migrate
from quizapp.accounts import accounts
from quizapp.accounts.audit import pseudonym_of
from quizapp.aggregation import cleanup
from quizapp.config import Retention
from quizapp.content.editions import Editions
from quizapp.db import Database
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.outcomes import Outcome
from quizapp.models import Attempt, Audit, StaffSession
from quizapp.nurses import reviews
from quizapp.patients import attempts
from quizapp.tally_models import WaitingAttempt, WaitingResponse
from tests.builders import KEYS, TODAY, begin, keep_edition, make_item, make_nurse, make_procedure, make_test_edition

pytestmark = pytest.mark.slow

PATIENTS = 1_000
OPTIONS = ("right", "left", "middle", None)
# Five items with four answers each: 1,024 ways, so that the test (not the intruder) knows each patient's rows again.
EDITION = make_test_edition(make_procedure((tuple(make_item(f"item-{number}") for number in range(5)),)))


class Catalogue:
    def __init__(self):
        self.editions = {EDITION.procedure_id: EDITION}


def answers_of(patient: int) -> tuple[str | None, ...]:
    return tuple(OPTIONS[patient // 4**number % 4] for number in range(5))


def walk(session, patient: int, ways: list[int], today) -> tuple[Attempt, bytes]:
    """One patient, who answers in a way of their own."""
    attempt, secret = begin(session, EDITION, today)
    procedure = EDITION.in_language("en")
    attempts.read_lesson(session, attempt, procedure, 1, today)
    for item, option in zip(procedure.items(), answers_of(ways[patient]), strict=True):
        attempts.answer(session, attempt, procedure, Response(item.id, 1, "a", option, Certainty.THINK), today)
    # No batch is ever full, the intruder's best case: all wait as bare rows, each with its answers.
    attempts.finish(session, attempt, procedure, ("my-risks",), today, 100_000)
    return attempt, secret


def talk(session, attempt: Attempt, staff_id: int, now: datetime) -> None:
    """A nurse opens the sheet by its code and records an outcome, in the order in which patients come."""
    nurse = make_nurse(staff_id, "Nurse One", b"s" * 32)
    reviews.unlock(session, nurse, attempt)
    flags = attempts.flags(session, attempt.id)
    if flags:
        reviews.record(session, nurse, attempt, {flags[0].item_id: Outcome.UNDERSTOOD}, now)


def tau(of_patient: dict[int, int]) -> float:
    """How well a position tells the order of arrival: 1 or -1 exactly, 0 not at all."""
    patients = sorted(of_patient)
    return float(kendalltau(patients, [of_patient[patient] for patient in patients]).statistic)


def positions(data: bytes, ids: dict[int, str]) -> dict[int, int]:
    return {patient: data.find(name.encode()) for patient, name in ids.items() if name.encode() in data}


def within_pages(found: dict[int, int], size: int = 4096) -> dict[int, int]:
    """The place inside a page: SQLite fills pages from their end, so this would tell what came first."""
    return {patient: place % size for patient, place in found.items()}


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """All that the intruder gets, and what the test knows besides."""
    folder = tmp_path_factory.mktemp("intruder")
    database = Database(f"sqlite:///{folder / 'quizapp.sqlite3'}")
    migrate.upgrade(database)
    editions, retention = Editions(Catalogue()), Retention(14, 2, 100_000)
    ways = random.Random(7).sample(range(4**5), PATIENTS)
    now, patient, codes, ids, secrets = datetime(2026, 11, 24, 9), 0, [], {}, []
    with database.writing() as session:
        keep_edition(session, EDITION)
        staff_id = accounts.add(session, "Nurse One", "nurse").id
        session.add(StaffSession(token_hash=b"s" * 32, staff=staff_id, started=now, last_seen=now))
        session.commit()
    for day in range(20):
        today = TODAY + timedelta(days=day)
        with database.writing() as session:
            for _ in range(PATIENTS // 20):
                attempt, secret = walk(session, patient, ways, today)
                talk(session, attempt, staff_id, now + timedelta(days=day, minutes=6 * (patient % 50)))
                codes.append(KEYS.code(secret, attempt.code_hmac))
                ids[patient] = attempt.id
                secrets.append(secret)
                patient += 1
            session.commit()
        if day < 19:
            cleanup.sweep(database, editions, retention, today)
    backups.back_up(f"sqlite:///{folder / 'quizapp.sqlite3'}", folder / "backup")
    with database.reading() as session:
        in_backup = set(session.scalars(select(Attempt.id)))
    for day in range(20, 40):
        cleanup.sweep(database, editions, retention, TODAY + timedelta(days=day))
    files = {
        path.name: subprocess.run(["cat", path], capture_output=True, check=True).stdout for path in folder.iterdir()
    }
    with database.reading() as session:
        assert session.scalars(select(Attempt.id)).all() == []
        rows = session.execute(select(WaitingResponse.attempt, WaitingResponse.item, WaitingResponse.option))
        given: dict[str, dict[str, str | None]] = {}
        for bare, item, option in rows:
            given.setdefault(bare, {})[item] = option
        scanned = list(session.scalars(select(WaitingAttempt.id)))
        audited = list(session.scalars(select(Audit.sheet).where(Audit.sheet.is_not(None)).order_by(Audit.id)))
    database.dispose()
    by_answers = {tuple(found[f"item-{number}"] for number in range(5)): bare for bare, found in given.items()}
    bare_ids = {patient: by_answers[answers_of(ways[patient])] for patient in range(PATIENTS)}
    return {
        "files": files,
        "codes": codes,
        "ids": ids,
        "bare": bare_ids,
        "scanned": scanned,
        "audited": audited,
        "in_backup": in_backup,
        "secrets": secrets,
    }


def test_it_links_no_visit_code_to_anything_in_the_files(scene):
    """Not the code itself in any spelling, and nothing that can be computed from it without the server's key."""
    linked = 0
    for code in scene["codes"]:
        plain = [code, code.replace("-", " "), code.replace("-", ""), code.upper()]
        hashes = [hash_of(text.encode()).digest() for text in plain for hash_of in (hashlib.sha256, hashlib.sha1)]
        hashes += [hmac.digest(key, b"store:" + code.encode(), "sha256") for key in (b"", b"quizapp", b"visit-code:")]
        marks = [text.encode() for text in plain] + hashes + [value.hex().encode() for value in hashes]
        linked += any(mark in data for data in scene["files"].values() for mark in marks)
    print(f"\n{len(scene['codes'])} codes given out, {linked} linked to anything in {sorted(scene['files'])}")
    assert linked == 0


def test_it_holds_no_trace_of_a_sheet_in_the_purged_database(scene):
    """Neither code HMAC nor secret hash, even with the server's key; a pseudonym of the sheet in the audit only."""
    purged = b"".join(data for name, data in scene["files"].items() if name.startswith("quizapp.sqlite3"))
    stored = [KEYS.candidates(code)[0] for code in scene["codes"]]
    assert sum(value in purged for value in stored) == 0
    assert sum(hashlib.sha256(secret).digest() in purged for secret in scene["secrets"]) == 0
    backup = scene["files"]["backup"]
    assert sum(value in backup for value in stored) == len(scene["in_backup"]) > 0, "the search itself works"
    # The audit names sheets by pseudonyms that lead nowhere: they are of no bare row.
    assert set(scene["audited"]) <= set(map(pseudonym_of, scene["ids"].values()))
    assert not set(scene["audited"]) & set(map(pseudonym_of, scene["bare"].values()))


def test_it_gives_back_no_order_of_arrival(scene):
    """Wherever a patient's bare answers stand: by key, as the table is read, in the file, inside a page.

    A sheet that is not purged yet holds its day on purpose, so by days live ones can be put in order.
    """
    bare, data = scene["bare"], scene["files"]["quizapp.sqlite3"]
    rank = {name: place for place, name in enumerate(sorted(bare.values()))}
    read = {name: place for place, name in enumerate(scene["scanned"])}
    in_file = positions(data, bare)
    assert len(in_file) == PATIENTS
    found = {
        "by key": tau({patient: rank[name] for patient, name in bare.items()}),
        "as read": tau({patient: read[name] for patient, name in bare.items()}),
        "in the file": tau(in_file),
        "inside pages": tau(within_pages(in_file)),
    }
    print("\n" + ", ".join(f"{where}: tau {value:+.3f}" for where, value in found.items()))
    assert all(abs(value) < 0.1 for value in found.values()), found

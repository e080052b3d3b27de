"""Databases of a size that would take months to walk: rows written straight into the tables."""

import random
import secrets
from datetime import timedelta
from itertools import islice

from sqlalchemy import insert

from quizapp.accounts import accounts, sessions
from quizapp.db import Database
from quizapp.domain.flags import Flag, Priority
from quizapp.domain.outcomes import ReviewedFlag, queue_place
from quizapp.domain.procedure import Edition
from quizapp.models import Attempt, FlagRow, ResponseRow
from quizapp.web.context import utc_now

AT_ONCE = 2_000


def fill_sheets(database: Database, edition: Edition, wanted: int, seed: int = 1) -> None:
    """`wanted` finished sheets that nobody has talked over: every answer stored, and one to four flags each.

    They count as tallied, as nearly all of a live site's do.
    """
    chance, today = random.Random(seed), utc_now().date()
    items = list(edition.in_language(edition.source).items())
    left = iter(range(wanted))
    while batch := list(islice(left, AT_ONCE)):
        attempts, responses, flags = [], [], []
        for _ in batch:
            attempt_id = secrets.token_urlsafe(16)
            missed = chance.sample(items, chance.randint(1, 4))
            raised = [
                Flag(item.id, "missed", Priority.TALK_FIRST if item.critical else Priority.TALK) for item in missed
            ]
            attempts.append(
                {
                    "id": attempt_id,
                    "procedure": edition.procedure_id,
                    "edition": edition.id,
                    "language": edition.source,
                    "state": "finished",
                    "day": today - timedelta(days=chance.randrange(14)),
                    "lessons_read": 7,
                    "secret_hash": secrets.token_bytes(32),
                    "code_hmac": secrets.token_bytes(32),
                    "score": len(items) - len(missed),
                    "tallied": True,
                    "closed_day": None,
                    "queue_place": queue_place([ReviewedFlag(flag.priority, outcome=None) for flag in raised]),
                    "for_physician": False,
                }
            )
            flags += [
                {"attempt": attempt_id, "item": f.item_id, "rule": f.rule_id, "priority": f.priority.value}
                for f in raised
            ]
            responses += [
                {
                    "attempt": attempt_id,
                    "item": item.id,
                    "try_number": 1,
                    "form": item.forms[0].id,
                    "option": chance.choice([o.id for o in item.forms[0].options if o.key is (item not in missed)]),
                    "certainty": "think",
                }
                for item in items
            ]
        with database.writing() as session:
            session.execute(insert(Attempt), attempts)
            session.execute(insert(ResponseRow), responses)
            session.execute(insert(FlagRow), flags)
            session.commit()


def sign_in_lead(database: Database) -> dict[str, str]:
    """The cookie of a lead who is signed in."""
    with database.writing() as session:
        account = accounts.add(session, f"Lead {secrets.token_hex(4)}", "lead")
        assert account
        account.password_hash = "nobody signs in with it"
        session.flush()
        token = sessions.start(session, account.id, utc_now())
        session.commit()
    return {"staff": token}

"""What the insights page costs by how many attempts are counted, on SQLite: time, CPU, SQL statements, bytes.

    python -m tests.bench.insights [--times 40]

The tallies of 10^3 to 10^6 attempts are written directly: two editions, two languages, four quarters, every item and
option of the real procedure, talks. The page is asked for in turn at each size, so that all sizes meet
the same load; ratios are of medians of one run.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from quizapp.accounts import accounts, password_hashing
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.content.editions import make_edition
from quizapp.domain.procedure import Edition
from quizapp.tally_models import TallyGroup, TallyOption, TallyOutcome
from tests.builders import keep_edition
from tests.walking import csrf_token

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4")
WANTED_MS, WANTED_RATIO = 100, 1.5
PASSWORD = "seven green boats on a lake"


def write_tallies(session: Session, edition: Edition, attempts: int) -> None:
    """Every way that every item can go, in each quarter and language, with `attempts` people in all."""
    chance, places = random.Random(1), len(QUARTERS) * len(edition.languages)
    n = attempts // places
    for quarter in QUARTERS:
        for language in edition.languages:
            place = {"quarter": quarter, "procedure": edition.procedure_id, "edition": edition.id, "language": language}
            items = list(edition.in_language(language).items())
            mean = 0.8 * len(items)
            session.add(TallyGroup(**place, n=n, sum_score=int(n * mean), sum_score_sq=int(n * (mean**2 + 4))))
            for item in items:
                ways = [
                    (option, certainty, retry)
                    for option in ("", *(o.id for o in item.forms[0].options))
                    for certainty in (("none",) if option == "" else ("sure", "think"))
                    for retry in (
                        ("right", "wrong", "dont-know")
                        if item.critical and option != item.forms[0].key.id
                        else ("none",)
                    )
                ]
                weights = [20.0 if way[0] == item.forms[0].key.id else chance.random() for way in ways]
                left = n
                for way, weight in zip(ways, weights, strict=True):
                    people = left if way == ways[-1] else int(n * weight / sum(weights))
                    left -= people
                    score = mean + (0.3 if way[0] == item.forms[0].key.id else -0.5)
                    session.add(
                        TallyOption(
                            **place,
                            item=item.id,
                            form="a",
                            option=way[0],
                            certainty=way[1],
                            retry=way[2],
                            n=people,
                            sum_score=int(people * score),
                            sum_score_sq=int(people * (score**2 + 4)),
                        )
                    )
                for outcome, part in (("understood", 10), ("bad-question", 200)):
                    session.add(TallyOutcome(**place, item=item.id, outcome=outcome, n=n // part))


def make_app(folder: Path, attempts: int) -> Flask:
    app = create_app(Settings(instance_path=folder / str(attempts), secret_key="a key for the bench"))
    context = app.extensions["quizapp"]
    served = context.editions.catalogue.editions["it-pump"]
    earlier = make_edition(
        replace(served, id="", languages={code: replace(one, title="Before") for code, one in served.languages.items()})
    )
    with context.database.writing() as session:
        keep_edition(session, earlier, date(2026, 1, 1))
        for edition in (served, earlier):
            write_tallies(session, edition, attempts // 2)
        account = accounts.add(session, "Nurse One", "nurse")
        account.password_hash = password_hashing.hash_password(PASSWORD, "Nurse One")
        session.commit()
    return app


class Reader:
    """A nurse who opens the page again and again."""

    def __init__(self, app: Flask) -> None:
        self.client, self.ms, self.cpu_ms, self.statements = app.test_client(), [], [], 0
        event.listen(app.extensions["quizapp"].database.engine, "before_cursor_execute", self._count)
        token = csrf_token(self.client.get("/staff/login").text)
        fields = {"csrf_token": token, "name": "Nurse One", "password": PASSWORD}
        assert self.client.post("/staff/login", data=fields).status_code == 303

    def _count(self, *_: object) -> None:
        self.statements += 1

    def open(self) -> int:
        """The bytes of the page."""
        self.statements = 0
        started, cpu = time.perf_counter(), time.process_time()
        reply = self.client.get("/staff/insights")
        self.ms.append(1000 * (time.perf_counter() - started))
        self.cpu_ms.append(1000 * (time.process_time() - cpu))
        assert reply.status_code == 200
        return len(reply.data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=40)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        readers = {size: Reader(make_app(Path(folder), size)) for size in SIZES}
        for reader in readers.values():
            reader.open()
        pages = dict.fromkeys(SIZES, 0)
        for _ in range(times):
            for size, reader in readers.items():
                pages[size] = reader.open()
    medians = {size: statistics.median(reader.ms[1:]) for size, reader in readers.items()}
    found = {
        "times": times,
        "sizes": {
            str(size): {
                "first_ms": round(reader.ms[0], 1),
                "median_ms": round(medians[size], 1),
                "fastest_ms": round(min(reader.ms), 1),
                "first_cpu_ms": round(reader.cpu_ms[0], 1),
                "median_cpu_ms": round(statistics.median(reader.cpu_ms[1:]), 1),
                "statements": reader.statements,
                "bytes": pages[size],
            }
            for size, reader in readers.items()
        },
        "ratio_of_a_million_to_ten_thousand": round(medians[1_000_000] / medians[10_000], 2),
        "wanted": {"ms": WANTED_MS, "ratio": WANTED_RATIO},
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()

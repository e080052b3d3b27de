"""How long each table takes over 1,000,000 attempts, and how much memory: `python -m tests.bench.exports [ATTEMPTS]`.

Prints JSON: for each table and format the seconds by the clock and of the processor, and how many times the time it
is of reading the same figures alone. Each runs in a process of its own, which says the most memory that it used.
Wanted: each table under 2 s and 200 MB; all of them in one file, and the report, are printed beside that.
"""

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from quizapp import config, migrate
from quizapp.aggregation import tallies
from quizapp.aggregation.tallies import GroupKey
from quizapp.content.editions import Catalogue, Editions, load_catalogue, make_edition, store_edition
from quizapp.db import Database
from quizapp.domain.grading import item_records
from quizapp.domain.procedure import Edition
from quizapp.reports.export_book import make_book
from quizapp.reports.export_tables import EXPORTS
from quizapp.reports.figures import PROFILES, Thresholds, group_figures
from quizapp.reports.formats import EXPORTERS
from quizapp.reports.query import ALL, Query
from quizapp.reports.report import make_report
from quizapp.stats.classical_test_theory import ScoreSums
from quizapp.stats.item_figures import Tally, tally
from quizapp.tally_models import TallyOutcome
from tests.fake_tallies import answers

YEARS = range(2021, 2026)
EDITIONS, LANGUAGES = 3, ("en", "es")
FIGURES, REPORT = "figures", "report"
MADE_UP = 120  # attempts that are really made up for a group; their counts are multiplied
WANTED_SECONDS, WANTED_MEGABYTES = 2.0, 200
TODAY = date(2026, 2, 1)


@dataclass(frozen=True)
class Job:
    """One thing to export; "report" stands for the page, "figures" for reading them alone."""

    table: str
    format: str


def jobs() -> Iterator[Job]:
    yield Job(FIGURES, "nothing")
    for table in EXPORTS:
        for format_id in EXPORTERS:
            yield Job(table, format_id)
    for exporter in EXPORTERS.values():
        if exporter.whole_books:
            yield Job(ALL, exporter.id)
    yield Job(REPORT, "page")


def three_editions(catalogue: Catalogue) -> list[Edition]:
    """The shipped procedure in two languages, as if it had been changed twice."""
    now = next(iter(catalogue.editions.values()))
    words = now.in_language(now.source)
    return [
        make_edition(
            Edition(
                "",
                now.procedure_id,
                now.source,
                {code: type(words)(**{**vars(words), "language": code, "short": f"{number}"}) for code in LANGUAGES},
            )
        )
        for number in range(EDITIONS)
    ]


def fill(database: Database, editions: list[Edition], attempts: int) -> int:
    """As many attempts over all quarters, editions and languages; how many groups there are."""
    quarters = [f"{year}-Q{quarter}" for year in YEARS for quarter in range(1, 5)]
    places = [(quarter, edition, language) for quarter in quarters for edition in editions for language in LANGUAGES]
    times = attempts // (len(places) * MADE_UP) + 1
    rng = random.Random(1)
    with database.writing() as session:
        for number, edition in enumerate(editions):
            store_edition(session, edition, date(2021 + number, 1, 2))
        for quarter in quarters:
            tallies.count_under(session, quarter, 11)
        for quarter, edition, language in places:
            procedure = edition.in_language(language)
            right = {item.id: rng.choice((0.5, 0.7, 0.9, 0.97)) for item in procedure.items()}
            made = tally(item_records(procedure, answers(procedure, right, rng)) for _ in range(MADE_UP))
            tallies.add_tally(session, quarter, GroupKey(edition.procedure_id, edition.id, language), many(made, times))
            session.add_all(
                TallyOutcome(
                    quarter=quarter, procedure=edition.procedure_id, edition=edition.id, language=language,
                    item=item.id, outcome=outcome, n=rng.randrange(40 * times),
                )
                for item in procedure.items()
                for outcome in ("understood", "still-unclear", "physician")
            )  # fmt: skip
        session.commit()
    return len(places)


def many(made: Tally, times: int) -> Tally:
    """The same attempts, that many times over."""

    def more(sums: ScoreSums) -> ScoreSums:
        return type(sums)(*(times * n for n in vars(sums).values()))

    return Tally(
        more(made.group),
        {score: times * n for score, n in made.scores.items()},
        {key: more(sums) for key, sums in made.cells.items()},
    )


def run(database: Database, editions: Editions, procedure: str, job: Job) -> int:
    """Do it once; how many rows or bytes came out."""
    with database.reading() as session:
        limits = Thresholds(11, 11)
        if job.table == FIGURES:
            return len(group_figures(session, editions, procedure, PROFILES["publishable"], TODAY))
        if job.table == REPORT:
            return len(make_report(session, editions, Query(procedure), limits, TODAY).missed)
        book = make_book(session, editions, Query(procedure, job.table), limits, TODAY)
        return len(EXPORTERS[job.format].write(book))


def measured(url: str, job: Job, answer: Connection) -> None:
    database, editions = Database(url), Editions(load_catalogue(config.questions_folder()))
    procedure = next(iter(editions.catalogue.editions))
    start, worked = time.perf_counter(), time.process_time()
    size = run(database, editions, procedure, job)
    seconds, worked = time.perf_counter() - start, time.process_time() - worked
    used = {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "size": size}
    answer.send({"seconds": round(seconds, 2), "of the processor": round(worked, 2), **used})


def main() -> int:
    attempts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{Path(place) / 'quizapp.sqlite3'}"
        database = Database(url)
        migrate.upgrade(database)
        groups = fill(database, three_editions(load_catalogue(config.questions_folder())), attempts)
        database.dispose()
        found = {}
        for job in jobs():
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=measured, args=(url, job, sender))
            process.start()
            found[f"{job.table} as {job.format}"] = receiver.recv()
            process.join()
    alone = found[f"{FIGURES} as nothing"]["of the processor"]
    for figures in found.values():
        figures["times the figures alone"] = round(figures["of the processor"] / alone, 1)
    single = [figures for name, figures in found.items() if name.split()[0] in EXPORTS]
    slowest, largest = (max(figures[what] for figures in single) for what in ("seconds", "megabytes"))
    whole = {"attempts": attempts, "groups": groups, "slowest": slowest, "largest": largest}
    print(json.dumps({**whole, "of": found}, indent=1))
    return 0 if slowest < WANTED_SECONDS and largest < WANTED_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())

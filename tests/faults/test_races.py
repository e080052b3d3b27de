"""Twenty racing copies of every POST in the walk, over HTTP, on both databases."""

import copy
import threading
from collections import Counter

import pytest
from sqlalchemy import create_engine, func, select

from quizapp.models import Attempt, ChosenPrompt, FlagRow, ResponseRow
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, start_server

COPIES = 20


@pytest.fixture
def server(database_url, tmp_path):
    running = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), database_url=database_url)
    yield running
    running.stop()


def race(patient: HttpPatient, path: str, fields: dict[str, str]) -> tuple[Counter[int], HttpPatient]:
    """Send copies of one POST at once, each with its own copy of the device; the statuses, and one device after."""
    ready, statuses, devices = threading.Barrier(COPIES), [], []

    def send() -> None:
        device = copy.deepcopy(patient)
        ready.wait()
        reply = device.request("POST", path, fields)
        device.url = reply.location
        statuses.append(reply.status)
        devices.append(device)

    threads = [threading.Thread(target=send) for _ in range(COPIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses), devices[0]


def test_it_leaves_one_row_of_twenty_copies_of_every_post_in_the_walk(server, database_url):
    engine = create_engine(database_url)

    def count(table: type) -> int:
        with engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(table)) or 0

    patient = HttpPatient(server.address)
    patient.open("/")
    posts = 0
    while not patient.is_done:
        form = patient.next_form()
        if form is None:
            patient.step()
            continue
        path, fields = form
        if path.endswith("/prompts"):
            fields["prompts"] = "why-there"
        before = {table: count(table) for table in (Attempt, ResponseRow, ChosenPrompt)}
        statuses, patient = race(patient, path, fields)
        posts += 1
        assert statuses == {303: COPIES}, path
        after = {table: count(table) for table in (Attempt, ResponseRow, ChosenPrompt)}
        grown = {table.__tablename__: after[table] - before[table] for table in after if after[table] != before[table]}
        assert all(by == 1 for by in grown.values()), (path, grown)
        patient.open(patient.url)
    assert posts >= 6
    assert count(Attempt) == 1
    assert count(FlagRow) <= 2
    statuses, _ = race(patient, "/clear", {"csrf_token": patient.token})
    assert statuses == {303: COPIES}
    engine.dispose()


def test_it_makes_one_sheet_of_twenty_stops(server, database_url):
    patient = HttpPatient(server.address)
    patient.open("/")
    patient.step()
    patient.step()
    patient.step()
    statuses, patient = race(patient, "/p/left-right/stop", {"csrf_token": patient.token})
    assert statuses == {303: COPIES}
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.scalars(select(Attempt.state)).all() == ["stopped"]
    engine.dispose()

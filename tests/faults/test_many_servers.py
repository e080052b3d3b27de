"""Four servers on one PostgreSQL: whoever answers next knows all that the one before knew."""

import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import create_engine, func, select

from quizapp.models import Attempt, ResponseRow
from tests.http_patient import HttpPatient, Reply
from tests.serving import LEFT_RIGHT, Server, start_server

SERVERS, PATIENTS = 4, 8
PASSWORD = "seven green boats on a lake"


@dataclass
class Hopping(HttpPatient):
    """One device whose every request goes to the next server; `asked` counts the requests of each."""

    servers: tuple[Server, ...] = ()
    first: int = 0
    asked: Counter[int] = field(default_factory=Counter)

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> Reply:
        number = (self.first + self.asked.total()) % len(self.servers)
        self.asked[number] += 1
        self.address = self.servers[number].address
        return super().request(method, path, fields)

    def send(self, path: str, **fields: str) -> Reply:
        """A form with the CSRF token of the page on screen; then the page that it leads to."""
        reply = self.request("POST", path, {"csrf_token": self.token, **fields})
        assert reply.status == 303, (path, reply.status, reply.body)
        return self.open(reply.location)


@pytest.fixture
def servers(empty_database_url, tmp_path) -> Iterator[tuple[Server, ...]]:
    """Each with a folder of its own: they have the database and the key in common, and nothing else."""
    running = tuple(
        start_server(
            tmp_path / f"server-{number}",
            questions_path=str(LEFT_RIGHT),
            database_url=empty_database_url,
            secret_key="one key for all",
        )
        for number in range(SERVERS)
    )
    yield running
    for server in running:
        server.stop()


@pytest.mark.postgres
@pytest.mark.parametrize("empty_database_url", ["postgres"], indirect=True)
def test_it_lets_patients_and_a_nurse_hop_between_servers_at_each_step(servers, empty_database_url):
    patients = [Hopping("", servers=servers, first=number) for number in range(PATIENTS)]
    errors: list[BaseException] = []

    def walk(patient: Hopping) -> None:
        try:
            patient.walk()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=walk, args=(patient,)) for patient in patients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(patient.is_done and len(patient.asked) == SERVERS for patient in patients)
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(Attempt.state == "finished")) == PATIENTS
        by_attempt = select(func.count()).select_from(ResponseRow).group_by(ResponseRow.attempt)
        assert all(answers >= 2 for answers in connection.scalars(by_attempt))
    engine.dispose()

    codes = [patient.visit_code for patient in patients]
    assert len(set(codes)) == PATIENTS
    nurse = Hopping("", servers=servers)
    nurse.open(servers[-1].first_lead_link.removeprefix(servers[-1].address))  # each start voids the one before
    nurse.send(nurse.url, name="Lead One", password=PASSWORD, again=PASSWORD)
    for code in itertools.islice(codes, SERVERS + 1):
        nurse.send("/staff/find", code=code)
        assert nurse.url.startswith("/staff/sheet/"), nurse.url
        nurse.open("/staff/")
    nurse.send("/staff/logout")
    assert "/staff/login" in nurse.url
    assert nurse.open("/staff/accounts").status == 200
    assert "/staff/login" in nurse.url

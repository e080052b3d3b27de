"""Requests that are cut off in flight and sent again, and restarts in the middle of everybody's walk."""

import random
import socket
import struct
import threading
import urllib.parse
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, select

from quizapp.models import Attempt, ChosenPrompt, ResponseRow
from tests.faults.loading import Ledger, Visitor
from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, start_server

SETTINGS = {"questions_path": str(LEFT_RIGHT), "starts_per_minute": "1000000"}


def cut_off(patient: HttpPatient, path: str, fields: dict[str, str]) -> None:
    """Send a form and hang up: before it is all sent, right after, or a little later; nothing is read."""
    host, port = patient.address.removeprefix("http://").split(":")
    body = urllib.parse.urlencode(fields).encode()
    cookies = "; ".join(f"{name}={value}" for name, value in patient.cookies.items())
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    whole = head + body
    sent = random.choice([random.randrange(len(whole)), len(whole), len(whole)])
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # hang up at once
        connection.sendall(whole[:sent])
        threading.Event().wait(random.choice([0, random.uniform(0, 0.03)]))


def walk_with_cuts(address: str, most: int) -> int:
    """One walk, each form of which is cut off up to `most` times and then sent again; how many cuts."""
    patient, cuts = HttpPatient(address), 0
    patient.open("/")
    while not patient.is_done:
        form = patient.next_form()
        if form is None:
            patient.step()
            continue
        path, fields = form
        if path.endswith("/prompts"):
            fields["prompts"] = "why-there"
        for _ in range(random.randint(1, most)):
            cut_off(patient, path, fields)
            cuts += 1
        reply = patient.request("POST", path, fields)
        assert reply.status == 303, (path, reply.status)
        patient.open(reply.location)
    return cuts


@pytest.mark.parametrize("wanted", [60, pytest.param(1_000, marks=pytest.mark.faults)])
def test_it_does_once_what_was_cut_off_and_sent_again(database_url, tmp_path, wanted):
    server = start_server(tmp_path / "instance", **SETTINGS, database_url=database_url)
    cuts = walks = 0
    while cuts < wanted:
        cuts += walk_with_cuts(server.address, most=6)
        walks += 1
    server.stop()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        states = connection.scalars(select(Attempt.state)).all()
        answered = connection.execute(select(ResponseRow.attempt, ResponseRow.item).distinct()).all()
        prompts = connection.scalars(select(ChosenPrompt.attempt)).all()
    engine.dispose()
    print(f"\n{cuts} requests cut off in {walks} walks; {len(states)} attempts, {len(answered)} items answered")
    assert states == ["finished"] * walks
    assert (len(prompts), len(answered)) == (walks, 2 * walks)


def _each(visitors: Iterable[Visitor]) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda visitor: visitor.advance(), visitors))


@pytest.mark.parametrize("walks", [10, pytest.param(100, marks=pytest.mark.faults)])
def test_it_lets_everyone_finish_with_a_restart_after_every_page(tmp_path, walks):
    url = f"sqlite:///{tmp_path / 'quizapp.sqlite3'}"
    settings = {**SETTINGS, "database_url": url}
    ledger = Ledger()
    server = start_server(tmp_path / "instance", **settings)
    visitors = [Visitor(server.address, ledger) for _ in range(walks)]
    restarts = 0
    while not all(visitor.patient.is_done for visitor in visitors):
        _each(visitor for visitor in visitors if not visitor.patient.is_done)
        server.stop()
        server = start_server(tmp_path / "instance", int(server.address.rsplit(":", 1)[1]), **settings)
        restarts += 1
        assert restarts < 30
    server.stop()
    engine = create_engine(url)
    lost, changed = ledger.check(engine)
    with engine.connect() as connection:
        states = connection.scalars(select(Attempt.state)).all()
    engine.dispose()
    print(f"\n{walks} walks, {restarts} restarts: {states.count('finished')} finished, {lost} lost, {changed} changed")
    assert states == ["finished"] * walks
    assert (lost, changed, ledger.surprises) == (0, 0, [])

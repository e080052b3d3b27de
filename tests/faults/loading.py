"""Patients who go on through whatever happens to the server, and a ledger of what it told them was stored."""

import base64
import hashlib
import http.client
import json
import random
import threading
import zlib
from dataclasses import dataclass, field

from sqlalchemy import Engine, select

from quizapp.models import Attempt, ResponseRow
from tests.html import parse
from tests.http_patient import HttpPatient, Reply

CUT_OFF = (OSError, http.client.HTTPException)


def secret_hash(patient: HttpPatient) -> bytes | None:
    """What the database holds of the attempt that this device's cookie opens; None before Start."""
    signed = patient.cookies.get("quizapp", "")
    is_packed = signed.startswith(".")
    payload = signed.lstrip(".").split(".")[0]
    if not payload:
        return None
    data = from_base64(payload)
    secrets = json.loads(zlib.decompress(data) if is_packed else data).get("secrets", {})
    return hashlib.sha256(from_base64(next(iter(secrets.values())))).digest() if secrets else None


def from_base64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Ledger:
    """What was acknowledged: (secret hash, item, try) -> option; and what else happened."""

    acknowledged: dict[tuple[bytes, str, int], str | None] = field(default_factory=dict)
    finished: int = 0
    asked_again: int = 0  # 503
    cut_off: int = 0
    surprises: list[str] = field(default_factory=list)

    def check(self, engine: Engine) -> tuple[int, int]:
        """How many acknowledged answers are lost, and how many are stored otherwise."""
        expected = dict(self.acknowledged)
        with engine.connect() as connection:
            columns = (Attempt.secret_hash, ResponseRow.item, ResponseRow.try_number, ResponseRow.option)
            rows = connection.execute(select(*columns).join(Attempt, Attempt.id == ResponseRow.attempt))
            stored = {(bytes(secret), item, number): option for secret, item, number, option in rows}
        lost = [key for key in expected if key not in stored]
        changed = [key for key, option in expected.items() if key in stored and stored[key] != option]
        return len(lost), len(changed)


def answer_form(patient: HttpPatient, fields: dict[str, str]) -> dict[str, str]:
    """A question's form with any of its answers chosen."""
    options = parse(patient.page).values("option")
    return {**fields, "option": random.choice(options), "certainty": random.choice(["think", "sure"])}


@dataclass
class Visitor:
    """One patient after another on one device. `advance` goes one page on, or stays where it is if that failed."""

    address: str
    ledger: Ledger
    patient: HttpPatient = field(init=False)
    waiting: tuple[str, dict[str, str]] | None = None  # a form that was sent, and not answered

    def __post_init__(self) -> None:
        self.patient = HttpPatient(self.address)

    def advance(self) -> None:
        try:
            self._advance()
        except CUT_OFF:
            self.ledger.cut_off += 1

    def _advance(self) -> None:
        patient = self.patient
        if patient.is_done:
            self.ledger.finished += 1
            self.patient = HttpPatient(self.address)
            return
        if not patient.page:
            self._open(patient.url)
            return
        form = self.waiting or patient.next_form()
        if form is None:
            self._open(patient.next_link or "/")
            return
        path, fields = form
        if "option" in fields and self.waiting is None:
            fields = answer_form(patient, fields)
        self.waiting = (path, fields)
        reply = patient.request("POST", path, fields)
        if reply.status != 303:
            self._note(reply)
            return
        self.waiting = None
        if "option" in fields:
            self._acknowledge(path, fields)
        self._open(reply.location)

    def _acknowledge(self, path: str, fields: dict[str, str]) -> None:
        secret = secret_hash(self.patient)
        assert secret is not None
        option = None if fields["option"] == "dont-know" else fields["option"]
        # The first acknowledged answer is the one that must stand, whatever this device sends after it.
        self.ledger.acknowledged.setdefault((secret, path.rsplit("/", 1)[1], int(fields["try"])), option)
        if random.random() < 0.2:  # pressed Back and chose something else
            self.patient.request("POST", path, answer_form(self.patient, fields))

    def _open(self, path: str) -> None:
        self.patient.url, self.patient.page = path, ""
        reply = self.patient.open(path)
        if reply.status != 200:
            self.patient.page = ""
            self._note(reply)

    def _note(self, reply: Reply) -> None:
        if reply.status == 503:
            self.ledger.asked_again += 1
        else:
            self.ledger.surprises.append(f"{reply.status} {self.patient.url} {reply.body[:300]}")


@dataclass
class Crowd:
    """Visitors at work in threads, until it is over."""

    address: str
    count: int
    ledger: Ledger = field(default_factory=Ledger)
    _is_over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Crowd":
        for _ in range(self.count):
            thread = threading.Thread(target=self._work, args=(Visitor(self.address, self.ledger),))
            thread.start()
            self._threads.append(thread)
        return self

    def __exit__(self, *_raised: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _work(self, visitor: Visitor) -> None:
        before = 0
        while not self._is_over.is_set():
            visitor.advance()
            if visitor.ledger.cut_off > before:  # nobody is there: look again in a moment
                before = visitor.ledger.cut_off
                self._is_over.wait(0.25)

    def until_more(self, answers: int, seconds: float = 60) -> None:
        """Wait until so many more answers were acknowledged."""
        goal = len(self.ledger.acknowledged) + answers
        for _ in range(int(seconds / 0.02)):
            if len(self.ledger.acknowledged) >= goal:
                return
            self._is_over.wait(0.02)
        raise AssertionError(f"no progress in {seconds} s: {self.ledger.surprises[-3:]}")

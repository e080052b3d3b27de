"""What staff wait for, patients do not."""

import sqlite3
import threading

from tests.http_patient import HttpPatient
from tests.serving import LEFT_RIGHT, start_server

SIGN_INS = 12  # more than there are threads


def test_it_answers_a_patient_while_all_that_staff_asked_for_is_held_up(tmp_path):
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    patient = HttpPatient(server.address)
    patient.open("/")
    patient.step()
    nurses = [HttpPatient(server.address) for _ in range(SIGN_INS)]
    for nurse in nurses:
        nurse.open("/staff/login")
    database = sqlite3.connect(tmp_path / "instance" / "quizapp.sqlite3", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    replies: list[int] = []

    def sign_in(nurse: HttpPatient) -> None:
        fields = {"csrf_token": nurse.token, "name": "Nobody", "password": "seven green boats on a lake"}
        replies.append(nurse.request("POST", "/staff/login", fields).status)

    threads = [threading.Thread(target=sign_in, args=(nurse,)) for nurse in nurses]
    for thread in threads:
        thread.start()
    for _ in range(20):
        assert patient.open(patient.url).status == 200
    assert replies == []
    database.execute("ROLLBACK")
    database.close()
    for thread in threads:
        thread.join()
    assert len(replies) == SIGN_INS
    server.stop()

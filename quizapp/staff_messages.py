"""What a worker and the staff's process say to each other: a request and its answer, as JSON and bytes.

Two messages each: what can be said in JSON, and the body. (Connections' own send() is pickle, by which whoever got at
the socket could have anything done.)
"""

import io
import json
from multiprocessing.connection import Connection

from quizapp.answering import Answer, Environ


def send_request(connection: Connection, environ: Environ) -> None:
    said = {name: value for name, value in environ.items() if name != "wsgi.input"}
    connection.send_bytes(json.dumps(said).encode())
    connection.send_bytes(environ["wsgi.input"].read())


def receive_request(connection: Connection) -> Environ:
    said: Environ = json.loads(connection.recv_bytes())
    return said | {"wsgi.input": io.BytesIO(connection.recv_bytes())}


def send_answer(connection: Connection, answered: Answer) -> None:
    status, headers, body = answered
    connection.send_bytes(json.dumps([status, headers]).encode())
    connection.send_bytes(body)


def receive_answer(connection: Connection) -> Answer:
    status, headers = json.loads(connection.recv_bytes())
    return status, [(name, value) for name, value in headers], connection.recv_bytes()

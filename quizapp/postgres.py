"""Connections to PostgreSQL that wait for a limited time, so that patients read "try again" within five seconds."""

from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from quizapp.deadline import seconds_left

# A parameter in the database's address overrides these. tcp_user_timeout is in milliseconds.
CONNECTION = {
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 5_000,
}
SERVER_LIMITS = {"lock_timeout": "3s", "statement_timeout": "30s", "idle_in_transaction_session_timeout": "60s"}


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that waits for each answer no longer than its thread may.

    The kernel of a host that has fallen silent still acknowledges what it receives, so no limit of TCP or of the server
    ends the wait.
    """

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        limit = max(0.0, seconds_left())
        try:
            return super().wait(gen, interval, limit if timeout is None else min(limit, timeout))
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:  # it can no longer be used
                self.pgconn.finish()
            raise


def connect(_dialect: Any, _record: Any, arguments: Any, parameters: Any) -> ImpatientConnection:
    """Return a new connection. A handler of SQLAlchemy's event "do_connect"."""
    if seconds_left() <= 0:
        raise psycopg.OperationalError("there is no time left to connect")
    connection = ImpatientConnection.connect(*arguments, **(CONNECTION | parameters))
    limits = ", ".join(f"set_config('{name}', '{value}', false)" for name, value in SERVER_LIMITS.items())
    try:
        connection.execute(f"SELECT {limits}")
        connection.commit()
    except psycopg.Error:
        connection.close()
        raise
    return connection

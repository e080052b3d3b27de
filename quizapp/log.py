"""The log: one JSON object a line on standard error, and in it nothing that tells of a patient.

No address, browser, cookie, path value, form field or exception message is ever written: messages quote what a person
sent. An error is told by its class, the place in the code, the route's rule, and an id that the page shows as well.
"""

import json
import logging
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOGGER = "quizapp"
PACKAGE = Path(__file__).parent

CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "quizapp.log.Lines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        LOGGER: {"level": "INFO", "handlers": ["lines"], "propagate": False},
        "_granian": {"level": "WARNING"},
        "granian.access": {"level": "CRITICAL"},  # an access log would hold patients' addresses
    },
}


def begin() -> None:
    """Write our own lines under whatever server runs us: without a handler Python prints an error with its message."""
    logger = logging.getLogger(LOGGER)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(Lines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def event(name: str, level: int = logging.INFO, error: BaseException | None = None, **fields: str | int) -> None:
    """Write one line about `name`. Fields are ours: rules, counts, ids of errors; never what a person sent."""
    logging.getLogger(LOGGER).log(level, name, extra={"quizapp": fields}, exc_info=error)


class Lines(logging.Formatter):
    """One JSON object a line. Of other programs' messages only the template's first line, without its values."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "quizapp", {})
        line: dict[str, Any] = {
            **_when(record, fields),
            "level": record.levelname.lower(),
            "event": str(record.msg).partition("\n")[0][:200],
        }
        if record.name != LOGGER:
            line["from"] = record.name
        line |= fields
        if record.exc_info and record.exc_info[1]:
            line["error"] = told(record.exc_info[1])
        return json.dumps(line)


def _when(record: logging.LogRecord, fields: dict[str, Any]) -> dict[str, str]:
    """The second; for patients' routes the day alone, as everywhere else."""
    at = datetime.fromtimestamp(record.created, UTC)
    is_patients = "route" in fields and not str(fields["route"]).startswith("/staff")
    return {"day": at.date().isoformat()} if is_patients else {"at": at.isoformat(timespec="seconds")}


def told(error: BaseException) -> list[dict[str, Any]]:
    """An error and what caused it: classes and places, no message and no value."""
    chain: list[dict[str, Any]] = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen and len(chain) < 5:
        seen.add(id(cause))
        kind = f"{type(cause).__module__}.{type(cause).__qualname__}"
        code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
        frames = traceback.extract_tb(cause.__traceback__)
        told_of = [f for f in frames if f in frames[-3:] or Path(f.filename).is_relative_to(PACKAGE)]
        chain.append({"kind": kind, **({"code": code} if code else {}), "places": [_place(f) for f in told_of]})
        cause = cause.__cause__ or cause.__context__
    return chain


def _place(frame: traceback.FrameSummary) -> str:
    """Our own places from the package's folder on, others by the last parts of their path."""
    file = Path(frame.filename)
    shown = file.relative_to(PACKAGE.parent) if file.is_relative_to(PACKAGE) else Path(*file.parts[-3:])
    return f"{shown}:{frame.lineno} {frame.name}"

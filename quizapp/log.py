"""The log: one JSON object a line on standard error, with nothing about a patient in it.

No address, browser, cookie, path value, form field or exception message is ever written: messages quote what a person
sent. An error is logged as its class, the place in the code, the route's rule, and an id that the page shows as well.
"""

import json
import logging
import logging.config
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

LOGGER = "quizapp"
PACKAGE = Path(__file__).parent

CONFIG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "quizapp.log.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        LOGGER: {"level": "INFO", "handlers": ["stderr"], "propagate": False},
        "_granian": {"level": "WARNING"},
        "granian.access": {"level": "CRITICAL"},  # an access log would hold patients' addresses
    },
}


def begin() -> None:
    """Set up our logger, under any server: without a handler Python prints an error with its message."""
    if not logging.getLogger(LOGGER).handlers:
        logging.config.dictConfig(CONFIG | {"root": {}, "loggers": {LOGGER: CONFIG["loggers"][LOGGER]}})


def event(name: str, level: int = logging.INFO, error: BaseException | None = None, **fields: str | int) -> None:
    """Log an event. Its fields are ours: rules, counts, ids of errors; never what a person sent."""
    logging.getLogger(LOGGER).log(level, name, extra={"quizapp": fields}, exc_info=error)


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON object. Of other programs' messages only the first line, without its values."""

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = getattr(record, "quizapp", {})
        event = str(record.msg).partition("\n")[0][:200]
        at = datetime.fromtimestamp(record.created, UTC)
        # Of patients' routes only the day is noted, as everywhere else.
        is_patients = "route" in fields and not str(fields["route"]).startswith("/staff")
        when = {"day": at.date().isoformat()} if is_patients else {"at": at.isoformat(timespec="seconds")}
        line: dict[str, Any] = {**when, "level": record.levelname.lower(), "event": event}
        if record.name != LOGGER:
            line["from"] = record.name
        line |= fields
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe_exception(record.exc_info[1])
        return json.dumps(line)


def describe_exception(error: BaseException) -> list[dict[str, Any]]:
    """Return the class and places of an error and of what caused it, with no message and no value."""
    chain: list[dict[str, Any]] = []
    cause: BaseException | None = error
    while cause is not None and len(chain) < 5:
        kind = f"{type(cause).__module__}.{type(cause).__qualname__}"
        code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
        frames = traceback.extract_tb(cause.__traceback__)
        shown = [f for f in frames if f in frames[-3:] or Path(f.filename).is_relative_to(PACKAGE)]
        chain.append({"kind": kind, **({"code": code} if code else {}), "places": [_place(f) for f in shown]})
        cause = cause.__cause__ or cause.__context__
    return chain


def _place(frame: traceback.FrameSummary) -> str:
    """Return file, line and function: our own files from the package's folder on, others by the end of their path."""
    file = Path(frame.filename)
    shown = file.relative_to(PACKAGE.parent) if file.is_relative_to(PACKAGE) else Path(*file.parts[-3:])
    return f"{shown}:{frame.lineno} {frame.name}"

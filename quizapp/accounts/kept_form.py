"""What was marked on a staff form when its session ended, kept in this browser until the person has signed in again.

It is in the signed session cookie, for an hour at most, and only coded values: forms with a password, a visit code or
words that somebody wrote are not kept.
"""

import re

from flask import session
from werkzeug.datastructures import MultiDict

from quizapp.web.context import current, seconds

KEY, STAFF = "kept_form", "staff"
SECONDS = 3600
MAX_CHARACTERS = 2500  # browsers keep cookies of 4 KB
CODED = re.compile(r"[\w.:-]{0,120}", re.ASCII)
NOT_KEPT = {"password", "again", "current", "code", "name"}


def keep(path: str, fields: MultiDict[str, str]) -> bool:
    """Keep a form in this browser. Return whether it may be kept, and has anything in it."""
    marked = [(name, value) for name, value in fields.items(multi=True) if value and name not in ("csrf_token", "path")]
    texts = [text for pair in marked for text in pair]
    is_coded = NOT_KEPT.isdisjoint(fields) and all(CODED.fullmatch(text) for text in texts)
    if STAFF not in session or not marked or not is_coded or sum(map(len, texts)) > MAX_CHARACTERS:
        return False
    session[KEY] = {"path": path, "fields": marked, "at": seconds(current().clock())}
    return True


def kept() -> tuple[str, list[tuple[str, str]]]:
    """Return where the form kept in this browser was sent, and its fields; "" if there is none within an hour."""
    stored = session.get(KEY)
    if stored is None or not 0 <= seconds(current().clock()) - stored["at"] <= SECONDS:
        return "", []
    return stored["path"], [(name, value) for name, value in stored["fields"]]


def kept_fields(path: str) -> dict[str, str]:
    """Return the fields of the form kept for this path; empty if there is none."""
    kept_path, fields = kept()
    return dict(fields) if kept_path == path else {}


def forget() -> None:
    session.pop(KEY, None)


def sign_out() -> None:
    """Forget the form and whose it was."""
    forget()
    session.pop(STAFF, None)


def belongs_to(staff_id: int) -> None:
    """Note who signs in, or just has: what another person marked in this browser is forgotten."""
    if session.get(STAFF) != staff_id:
        forget()
        session[STAFF] = staff_id

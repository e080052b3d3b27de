"""Invitation slips: attempts that wait for their patient, with a link and the visit code for the chart."""

import base64
import binascii
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from quizapp.domain.procedure import Edition
from quizapp.domain.visit_codes import CodeKeys
from quizapp.models import Attempt
from quizapp.patients import attempts

MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Slip:
    """One invitation. The token is in its link only; the database holds a hash."""

    token: str
    visit_code: str


def make(
    session: Session, edition: Edition, language: str, keys: CodeKeys, today: date, count: int
) -> tuple[Slip, ...]:
    """1 to 100 slips, each with an attempt of its own. Raises ValueError for other counts."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise ValueError(f"1 to {MOST_AT_ONCE} slips at once")
    slips = []
    for _ in range(count):
        attempt, secret = attempts.begin(session, edition, language, keys, today, state="invited")
        slips.append(Slip(to_token(secret), attempts.visit_code(attempt, secret, keys)))
    return tuple(slips)


def find(session: Session, token: str) -> tuple[Attempt, bytes] | None:
    """The attempt of a link's token and its secret, or None where there is none (any more)."""
    secret = to_secret(token)
    attempt = attempts.find(session, secret) if secret else None
    return (attempt, secret) if attempt is not None and secret is not None else None


def to_token(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def to_secret(token: str) -> bytes | None:
    """The secret that a token stands for, or None where it is no token."""
    try:
        secret = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == attempts.SECRET_BYTES else None

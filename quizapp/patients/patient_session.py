"""The patient's session, a signed cookie: the secret of one attempt for each procedure."""

import base64
import binascii
import secrets

from flask import session

from quizapp.patients.attempts import SECRET_BYTES

SEEDS, SECRETS = "seeds", "secrets"


def attempt_secret(procedure_id: str) -> bytes | None:
    """Return the secret of the attempt on this device; None if there is none, or if we did not sign the cookie."""
    return _decoded(session.get(SECRETS, {}).get(procedure_id))


def remember(procedure_id: str, secret: bytes) -> None:
    """Keep the attempt on this device, even after the browser is closed."""
    session.permanent = True
    session[SECRETS] = {**session.get(SECRETS, {}), procedure_id: _encoded(secret)}
    session[SEEDS] = {p: s for p, s in session.get(SEEDS, {}).items() if p != procedure_id}


def seed(procedure_id: str) -> bytes | None:
    """Return the seed for the next attempt; None if the start page was not opened on this device."""
    return _decoded(session.get(SEEDS, {}).get(procedure_id))


def ensure_seed(procedure_id: str) -> None:
    """Store a seed when the start page is shown, so that pressing Start twice begins one attempt."""
    if seed(procedure_id) is None:
        seeds = session.get(SEEDS, {})
        session[SEEDS] = {**seeds, procedure_id: _encoded(secrets.token_bytes(SECRET_BYTES))}


def forget_everything() -> None:
    """Remove everything about the patient from this device."""
    session.clear()


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode()


def _decoded(text: object) -> bytes | None:
    if not isinstance(text, str):
        return None
    try:
        return base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        return None

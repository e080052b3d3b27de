"""Accounts, sessions, links and recovery codes."""

import unicodedata
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quizapp.models import OneTimeLink, RecoveryCode, Staff, StaffSession
from quizapp.upsert import insert_or_ignore


def name_key(name: str) -> str:
    """A name as it is compared: without case, extra spaces and control characters, however it was typed."""
    printable = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(unicodedata.normalize("NFKC", printable).casefold().split())


def by_name(session: Session, name: str) -> Staff | None:
    return session.scalar(select(Staff).where(Staff.name_key == name_key(name)))


def by_id(session: Session, staff_id: int) -> Staff | None:
    return session.get(Staff, staff_id)


def held(session: Session, staff_id: int) -> Staff | None:
    """The account as it stands now, held: nobody closes, resets or changes it until the transaction ends."""
    query = select(Staff).where(Staff.id == staff_id).with_for_update(key_share=True)
    return session.scalar(query.execution_options(populate_existing=True))


def all_accounts(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).order_by(Staff.name_key)))


def any_account(session: Session) -> bool:
    return session.scalar(select(Staff.id).limit(1)) is not None


def active_leads(session: Session) -> int:
    """How many leads can sign in. They are held, or two leads could close each other at once."""
    leads = (Staff.role == "lead", Staff.disabled.is_(False), Staff.password_hash.is_not(None))
    return len(session.scalars(select(Staff.id).where(*leads).order_by(Staff.id).with_for_update()).all())


def add(session: Session, name: str, role: str) -> Staff | None:
    """A new account without a password, or None where the name is taken."""
    plain = " ".join(name.split())
    if not insert_or_ignore(session, Staff, name=plain, name_key=name_key(name), role=role, disabled=False):
        return None
    return by_name(session, name)


def add_session(session: Session, token_hash: bytes, staff_id: int, now: datetime) -> None:
    session.add(StaffSession(token_hash=token_hash, staff=staff_id, started=now, last_seen=now))
    session.flush()


def session_of(session: Session, token_hash: bytes) -> tuple[StaffSession, Staff] | None:
    row = session.execute(
        select(StaffSession, Staff)
        .join(Staff, Staff.id == StaffSession.staff)
        .where(StaffSession.token_hash == token_hash)
    ).first()
    return (row[0], row[1]) if row else None


def has_session(session: Session, token_hash: bytes) -> bool:
    query = select(StaffSession.token_hash).where(StaffSession.token_hash == token_hash)
    return session.scalar(query) is not None


def sessions_of(session: Session, staff_id: int) -> list[StaffSession]:
    return list(
        session.scalars(
            select(StaffSession).where(StaffSession.staff == staff_id).order_by(StaffSession.started.desc())
        )
    )


def see(session: Session, token_hash: bytes, now: datetime) -> None:
    session.execute(update(StaffSession).where(StaffSession.token_hash == token_hash).values(last_seen=now))


def end_session(session: Session, token_hash: bytes) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))


def end_sessions(session: Session, staff_id: int, but: bytes | None = None) -> None:
    """End every session of an account, except perhaps the one in use."""
    query = delete(StaffSession).where(StaffSession.staff == staff_id)
    session.execute(query.where(StaffSession.token_hash != but) if but else query)


def end_every_session(session: Session) -> None:
    session.execute(delete(StaffSession))
    session.execute(delete(OneTimeLink))


def end_sessions_before(session: Session, seen_before: datetime, started_before: datetime) -> None:
    session.execute(
        delete(StaffSession).where((StaffSession.last_seen < seen_before) | (StaffSession.started < started_before))
    )


def add_link(session: Session, token_hash: bytes, staff_id: int | None, expires: datetime) -> None:
    """A link for an account (or for the first lead: None); earlier ones for the same stop working."""
    session.execute(delete(OneTimeLink).where(OneTimeLink.staff.is_not_distinct_from(staff_id)))
    session.add(OneTimeLink(token_hash=token_hash, staff=staff_id, expires=expires))
    session.flush()


def delete_links(session: Session, staff_id: int) -> None:
    session.execute(delete(OneTimeLink).where(OneTimeLink.staff == staff_id))


def delete_old_links(session: Session, now: datetime) -> None:
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires <= now))


def link(session: Session, token_hash: bytes, now: datetime) -> OneTimeLink | None:
    """A link that was not used and has not expired."""
    return session.scalar(
        select(OneTimeLink).where(OneTimeLink.token_hash == token_hash, OneTimeLink.expires > now).with_for_update()
    )


def use_link(session: Session, token_hash: bytes) -> bool:
    """Delete a link; True for the one caller who used it."""
    result = session.execute(delete(OneTimeLink).where(OneTimeLink.token_hash == token_hash))
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # a DML result has a row count


def replace_recovery_codes(session: Session, staff_id: int, hashes: list[bytes]) -> None:
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff == staff_id))
    session.add_all(RecoveryCode(code_hash=code_hash, staff=staff_id) for code_hash in hashes)
    session.flush()


def use_recovery_code(session: Session, staff_id: int, code_hash: bytes) -> bool:
    """Delete a recovery code; True when there was such a one."""
    result = session.execute(
        delete(RecoveryCode).where(RecoveryCode.staff == staff_id, RecoveryCode.code_hash == code_hash)
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # a DML result has a row count


def use_totp_step(session: Session, staff_id: int, step: int) -> bool:
    """Note the time step of a second factor; False when it, or a later one, was used before."""
    result = session.execute(
        update(Staff)
        .where(Staff.id == staff_id, (Staff.totp_last_step.is_(None)) | (Staff.totp_last_step < step))
        .values(totp_last_step=step)
    )
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]  # a DML result has a row count

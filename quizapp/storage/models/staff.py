"""Accounts, how they sign in, and what they did."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.storage.models.base import Base, Code, Hash, Moment


class Staff(Base):
    """A nurse or a lead. `password_hash` is None until the one-time link was used."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('nurse', 'lead')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160), unique=True)  # casefolded, for signing in
    role: Mapped[str] = mapped_column(String(5))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int | None]
    disabled: Mapped[bool] = mapped_column(default=False)


class StaffSession(Base):
    """A signed-in browser. The cookie holds the token, the table its hash.

    `handed_over`: the attempt whose patient holds this device for a recheck; None while the nurse has it.
    """

    __tablename__ = "staff_session"

    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    started: Mapped[Moment]
    last_seen: Mapped[Moment]
    handed_over: Mapped[str | None] = mapped_column(String(22))


class RecoveryCode(Base):
    """A second factor for the day the phone is lost; deleted when used."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[Hash] = mapped_column(primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)


class OneTimeLink(Base):
    """A link that sets a password once: for the first lead (staff is None), or for an account."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    expires: Mapped[Moment]


class Throttle(Base):
    """How often something went wrong within a window, and when the next try is looked at."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    window_start: Mapped[float]  # seconds since 1970
    count: Mapped[int]
    next_try: Mapped[float]


class Audit(Base):
    """Who did what, when. Appended only. `sheet` is an attempt's id, which dies with the sheet."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_action_id", "action", "id"), Index("ix_audit_staff_name_id", "staff_name", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    staff_name: Mapped[str] = mapped_column(String(80))
    action: Mapped[Code]
    sheet: Mapped[str | None] = mapped_column(String(22))
    detail: Mapped[str] = mapped_column(String(200), default="")

"""All tables except the tallies. None can hold a patient's name, address, time of day, or words."""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated, Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

# A random key with no rowid behind it: a rowid would give back the order in which patients came.
NO_ORDER = {"sqlite_with_rowid": False}

RandomId = Annotated[str, mapped_column(String(22))]
Code = Annotated[str, mapped_column(String(60))]
Hash = Annotated[bytes, mapped_column(LargeBinary(32))]
Language = Annotated[str, mapped_column(String(12))]
EditionId = Annotated[str, mapped_column(String(16))]
BigSum = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=False))]  # UTC; staff rows only
AttemptKey = Annotated[str, mapped_column(String(22), ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)]


class Base(DeclarativeBase):
    """A table is named after its class: StaffSession is staff_session, FlagRow is flag."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


class EditionRow(Base):
    """The content when attempts began on it, so that a sheet shows what the patient saw."""

    id: Mapped[EditionId] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    first_day: Mapped[date]
    snapshot: Mapped[str] = mapped_column(Text)


QUEUE_ROW = ("day", "id", "procedure", "language")  # what a page of the queue reads of an attempt


class Attempt(Base):
    """One anonymous run. `day` is the only date: of the last step, then of the finish or stop.

    state: invited (an invitation not opened yet), open, stopped, finished.
    `tallied`: its answers are counted in the tallies. `score` and flags are set at finish or stop and never change.
    `queue_place` (see `domain.outcomes.queue_place`) and `for_physician` repeat what flags and
    reviews say, so that the queue need not count them. `for_physician`: something is left to follow up.
    """

    __table_args__ = (
        CheckConstraint("state IN ('invited', 'open', 'stopped', 'finished')", name="state"),
        Index("ix_attempt_queue", "state", "closed_day", "day"),
        # Every finish counts how many wait for their batch.
        Index("ix_attempt_waiting", "tallied", "state", "procedure", "edition", "language"),
        # Covering indexes: a page of the queue reads 50 rows and no more.
        Index("ix_attempt_place", "queue_place", *QUEUE_ROW),
        Index(
            "ix_attempt_for_physician",
            *(*QUEUE_ROW, "for_physician"),
            sqlite_where=text("for_physician = 1"),
            postgresql_where=text("for_physician"),
        ),
        NO_ORDER,
    )

    id: Mapped[RandomId] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    edition: Mapped[EditionId] = mapped_column(ForeignKey("edition.id"))
    language: Mapped[Language]
    state: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    lessons_read: Mapped[int] = mapped_column(default=0)
    secret_hash: Mapped[Hash] = mapped_column(unique=True)
    code_hmac: Mapped[Hash] = mapped_column(unique=True)
    score: Mapped[int | None]
    tallied: Mapped[bool] = mapped_column(default=False)
    closed_day: Mapped[date | None]
    queue_place: Mapped[int | None]
    for_physician: Mapped[bool] = mapped_column(default=False)


class ResponseRow(Base):
    """What was chosen for one item at one try. The key makes the first stored answer the only one."""

    __table_args__ = (
        CheckConstraint("try_number IN (1, 2)", name="try"),
        CheckConstraint("certainty IN ('think', 'sure', 'none')", name="certainty"),
        CheckConstraint("(option IS NULL) = (certainty = 'none')", name="dont_know_has_no_certainty"),
        NO_ORDER,
    )

    attempt: Mapped[AttemptKey]
    item: Mapped[Code] = mapped_column(primary_key=True)
    try_number: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[Code]
    option: Mapped[Code | None]
    certainty: Mapped[str] = mapped_column(String(5))


class ChosenPrompt(Base):
    """A prompt that the patient ticked."""

    __table_args__ = NO_ORDER

    attempt: Mapped[AttemptKey]
    prompt: Mapped[Code] = mapped_column(primary_key=True)


class FlagRow(Base):
    """An item and the rule that raised it, as derived at finish or stop."""

    __table_args__ = (CheckConstraint("priority IN (1, 2, 3)", name="priority"), NO_ORDER)

    attempt: Mapped[AttemptKey]
    item: Mapped[Code] = mapped_column(primary_key=True)
    rule: Mapped[Code]
    priority: Mapped[int]


class PartOfFlag:
    """What is recorded about a flag, and deleted with it."""

    attempt: Mapped[RandomId] = mapped_column(primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        flag = ForeignKeyConstraint(["attempt", "item"], ["flag.attempt", "flag.item"], ondelete="CASCADE")
        return (flag, NO_ORDER)


class ReviewRow(PartOfFlag, Base):
    """What a nurse recorded about a flag. Appended, never changed; `number` counts within the flag."""

    number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Code]
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]


class Recheck(PartOfFlag, Base):
    """What the patient chose in the room when the nurse asked an item again in other words."""

    form: Mapped[Code]
    option: Mapped[Code | None]


class UnlockedSheet(Base):
    """A sheet whose visit code was entered in this staff session: outcomes may be recorded there."""

    __table_args__ = NO_ORDER

    session: Mapped[Hash] = mapped_column(ForeignKey("staff_session.token_hash", ondelete="CASCADE"), primary_key=True)
    attempt: Mapped[AttemptKey]


class Staff(Base):
    """A nurse or a lead. `password_hash` is None until the one-time link was used."""

    __table_args__ = (CheckConstraint("role IN ('nurse', 'lead')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_key: Mapped[str] = mapped_column(String(160), unique=True)  # casefolded, for signing in
    role: Mapped[str] = mapped_column(String(5))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64))
    totp_last_step: Mapped[int | None]
    disabled: Mapped[bool] = mapped_column(default=False)

    @staticmethod
    def key_of(name: str) -> str:
        """Return a name as it is compared: without case, extra spaces and control characters, however it was typed."""
        printable = "".join(character if character.isprintable() else " " for character in name)
        return " ".join(unicodedata.normalize("NFKC", printable).casefold().split())


class StaffSession(Base):
    """A signed-in browser. `handed_over`: the attempt whose patient holds this device for a recheck, or None."""

    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    started: Mapped[Moment]
    last_seen: Mapped[Moment]
    handed_over: Mapped[RandomId | None]


class RecoveryCode(Base):
    """A second factor for a lost phone; deleted when used."""

    code_hash: Mapped[Hash] = mapped_column(primary_key=True)
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)


class OneTimeLink(Base):
    """A link that sets a password once: for the first lead (staff is None), or for an account."""

    token_hash: Mapped[Hash] = mapped_column(primary_key=True)
    staff: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    expires: Mapped[Moment]


class Throttle(Base):
    """When all attempts under a key that were counted so far are forgotten; see web/rate_limit.py."""

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    forgotten_at: Mapped[float]  # seconds since 1970


class Audit(Base):
    """Who did what, when. Appended only. `sheet` is made from an attempt's id: see accounts/audit.py."""

    __table_args__ = (Index("ix_audit_action_id", "action", "id"), Index("ix_audit_staff_name_id", "staff_name", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    staff_name: Mapped[str] = mapped_column(String(80))
    action: Mapped[Code]
    sheet: Mapped[RandomId | None]
    detail: Mapped[str] = mapped_column(String(200), default="")


class DatabaseFlag(Base):
    """A fact about the whole database: "demo" if its attempts are made up, "purged" (aggregation/scrub.py), "swept"."""

    __tablename__ = "mark"

    name: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(200), default="")

"""The attempts of the last days, which die with their sheets, and the editions they were made on."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.storage.models.base import NO_ORDER, Base, Code, EditionId, Hash, Language, RandomId


class EditionRow(Base):
    """The content as it was when attempts began on it, so that a sheet shows what the patient saw."""

    __tablename__ = "edition"

    id: Mapped[EditionId] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    first_day: Mapped[date]
    snapshot: Mapped[str] = mapped_column(Text)


class Attempt(Base):
    """One anonymous run. `day` is the only date: of the last step, then of the finish or stop.

    state: invited (a slip that nobody opened yet), open, stopped, finished.
    `tallied`: its answers are counted in the tallies. `score` and flags are set at finish or stop and stay.
    `queue_place` (a domain.reviewing.QueuePlace, None: not in the queue) and `for_physician` repeat what flags and
    reviews say, so that the queue need not count them.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'open', 'stopped', 'finished')", name="state"),
        Index("ix_attempt_queue", "state", "closed_day", "day"),
        # Every finish asks how many wait for their batch.
        Index("ix_attempt_waiting", "tallied", "state", "procedure", "edition", "language"),
        # These two hold all that a page of the queue filters and sorts by, so it reads 50 rows and no more.
        Index("ix_attempt_place", "queue_place", "day", "id", "procedure", "language"),
        Index(
            "ix_attempt_for_physician",
            "day",
            "id",
            "procedure",
            "language",
            "for_physician",
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

    __tablename__ = "response"
    __table_args__ = (
        CheckConstraint("try_number IN (1, 2)", name="try"),
        CheckConstraint("certainty IN ('think', 'sure', 'none')", name="certainty"),
        CheckConstraint("(option IS NULL) = (certainty = 'none')", name="dont_know_has_no_certainty"),
        NO_ORDER,
    )

    attempt: Mapped[RandomId] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[Code] = mapped_column(primary_key=True)
    try_number: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[Code]
    option: Mapped[Code | None]
    certainty: Mapped[str] = mapped_column(String(5))


class ChosenPrompt(Base):
    """A prompt that the patient ticked to take along."""

    __tablename__ = "chosen_prompt"
    __table_args__ = (NO_ORDER,)

    attempt: Mapped[RandomId] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    prompt: Mapped[Code] = mapped_column(primary_key=True)

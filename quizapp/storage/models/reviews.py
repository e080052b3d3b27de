"""What the nurse is shown and records on a sheet."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.storage.models.base import NO_ORDER, Base, Code, Hash, RandomId


class FlagRow(Base):
    """An item and the rule that raised it, as derived at finish or stop."""

    __tablename__ = "flag"
    __table_args__ = (CheckConstraint("priority IN (1, 2, 3)", name="priority"), NO_ORDER)

    attempt: Mapped[RandomId] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[Code] = mapped_column(primary_key=True)
    rule: Mapped[Code]
    priority: Mapped[int]


class ReviewRow(Base):
    """What a nurse recorded about a flag. Appended, never changed; `number` counts within the flag."""

    __tablename__ = "review"
    __table_args__ = (
        ForeignKeyConstraint(["attempt", "item"], ["flag.attempt", "flag.item"], ondelete="CASCADE"),
        NO_ORDER,
    )

    attempt: Mapped[RandomId] = mapped_column(primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Code]
    staff: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]


class Recheck(Base):
    """What the patient chose in the room, when the nurse asked an item again in other words."""

    __tablename__ = "recheck"
    __table_args__ = (
        ForeignKeyConstraint(["attempt", "item"], ["flag.attempt", "flag.item"], ondelete="CASCADE"),
        NO_ORDER,
    )

    attempt: Mapped[RandomId] = mapped_column(primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)
    form: Mapped[Code]
    option: Mapped[Code | None]


class UnlockedSheet(Base):
    """A sheet whose visit code was entered in this staff session: outcomes may be recorded there."""

    __tablename__ = "unlocked_sheet"
    __table_args__ = (NO_ORDER,)

    session: Mapped[Hash] = mapped_column(
        ForeignKey("staff_session.token_hash", ondelete="CASCADE"), primary_key=True
    )
    attempt: Mapped[RandomId] = mapped_column(
        ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True
    )

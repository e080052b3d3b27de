"""What a severed sheet leaves until enough wait to be counted together."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.storage.models.base import NO_ORDER, Base, Code, EditionId, Language, RandomId


class WaitingAttempt(Base):
    """The bare answers of a severed attempt whose batch was not full: a new id, no code, no day."""

    __tablename__ = "waiting_attempt"
    __table_args__ = (NO_ORDER,)

    id: Mapped[RandomId] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    edition: Mapped[EditionId] = mapped_column(ForeignKey("edition.id"))
    language: Mapped[Language]


class WaitingResponse(Base):
    __tablename__ = "waiting_response"
    __table_args__ = (NO_ORDER,)

    attempt: Mapped[RandomId] = mapped_column(
        ForeignKey("waiting_attempt.id", ondelete="CASCADE"), primary_key=True
    )
    item: Mapped[Code] = mapped_column(primary_key=True)
    try_number: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[Code]
    option: Mapped[Code | None]
    certainty: Mapped[str] = mapped_column(String(5))


class WaitingOutcome(Base):
    """The last outcome of a flag on a severed sheet, until enough sheets wait to release them together."""

    __tablename__ = "waiting_outcome"
    __table_args__ = (NO_ORDER,)

    sheet: Mapped[RandomId] = mapped_column(primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    edition: Mapped[EditionId]
    language: Mapped[Language]
    outcome: Mapped[Code]

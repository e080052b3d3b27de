"""The counters that are kept, and the answers that wait to be counted."""

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.models import NO_ORDER, Base, BigSum, Code, EditionId, Language, RandomId


class Tally:
    """What each tally has: the attempts that are counted together, and `n`, how many were counted in this row."""

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    procedure: Mapped[Code] = mapped_column(primary_key=True)
    edition: Mapped[EditionId] = mapped_column(primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    n: Mapped[int]


class TallyQuarter(Base):
    """The strictest QUIZAPP_MIN_GROUP that was set while a quarter was counted.

    The quarter is published under it for good: once more under another one, and the two together would tell
    what each leaves out.
    """

    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    min_group: Mapped[int]


class TallyGroup(Tally, Base):
    """How many attempts were released in a quarter, and their scores: n, sum, sum of squares."""

    sum_score: Mapped[BigSum]
    sum_score_sq: Mapped[BigSum]


class TallyScore(Tally, Base):
    """How many attempts had each score."""

    score: Mapped[int] = mapped_column(primary_key=True)


class TallyOption(Tally, Base):
    """How many chose an option at the first try, how sure, and how the retry went.

    `option` is "" for "I don't know yet"; `retry` is "none" where there was no second try. The scores are those of
    the attempts counted here.
    """

    item: Mapped[Code] = mapped_column(primary_key=True)
    form: Mapped[Code] = mapped_column(primary_key=True)
    option: Mapped[Code] = mapped_column(primary_key=True)
    certainty: Mapped[str] = mapped_column(String(5), primary_key=True)
    retry: Mapped[str] = mapped_column(String(9), primary_key=True)
    sum_score: Mapped[BigSum]
    sum_score_sq: Mapped[BigSum]


class TallyOutcome(Tally, Base):
    """How many talks about an item ended with each outcome; `sheets` released with the batch are not kept."""

    item: Mapped[Code] = mapped_column(primary_key=True)
    outcome: Mapped[Code] = mapped_column(primary_key=True)


class SeenAlarm(Base):
    """What a lead did about an alarm on the insights page; `since` is the quarter in which the rise began."""

    procedure: Mapped[Code] = mapped_column(primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    since: Mapped[str] = mapped_column(String(7))
    action: Mapped[Code]
    day: Mapped[date]


class WaitingAttempt(Base):
    """The bare answers of an unlinked attempt whose batch was not full: a new id, no code, no day."""

    __table_args__ = NO_ORDER

    id: Mapped[RandomId] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    edition: Mapped[EditionId] = mapped_column(ForeignKey("edition.id"))
    language: Mapped[Language]


class WaitingResponse(Base):
    __table_args__ = NO_ORDER

    attempt: Mapped[RandomId] = mapped_column(ForeignKey("waiting_attempt.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)
    try_number: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[Code]
    option: Mapped[Code | None]
    certainty: Mapped[str] = mapped_column(String(5))


class WaitingOutcome(Base):
    """The last outcome of a flag on an unlinked sheet, until enough sheets wait to release them together."""

    __table_args__ = NO_ORDER

    sheet: Mapped[RandomId] = mapped_column(primary_key=True)
    item: Mapped[Code] = mapped_column(primary_key=True)
    procedure: Mapped[Code]
    edition: Mapped[EditionId]
    language: Mapped[Language]
    outcome: Mapped[Code]

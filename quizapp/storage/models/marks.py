"""What is true of the whole database."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.storage.models.base import Base, Code


class Mark(Base):
    """A fact about the whole database: "demo" when its attempts are made up, "purged" (purging.py)."""

    __tablename__ = "mark"

    name: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(200), default="")

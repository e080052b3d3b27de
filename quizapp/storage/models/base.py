"""What all tables share: names of constraints, and kinds of columns."""

from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONVENTION)


# A random key with no rowid behind it: a rowid would give back the order in which patients came.
NO_ORDER = {"sqlite_with_rowid": False}

RandomId = Annotated[str, mapped_column(String(22))]
Code = Annotated[str, mapped_column(String(60))]
Hash = Annotated[bytes, mapped_column(LargeBinary(32))]
Language = Annotated[str, mapped_column(String(12))]
EditionId = Annotated[str, mapped_column(String(16))]
BigSum = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=False))]  # UTC; staff rows only

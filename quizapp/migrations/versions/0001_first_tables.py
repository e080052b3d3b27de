"""The tables of version 0.1. Constraints are named by the convention in models.py."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE, LANGUAGE, EDITION_ID, QUARTER = sa.String(60), sa.String(12), sa.String(16), sa.String(7)
RANDOM_ID, HASH, CERTAINTY, STAFF_NAME = sa.String(22), sa.LargeBinary(32), sa.String(5), sa.String(80)
INT, BOOL, DAY, MOMENT = sa.Integer(), sa.Boolean(), sa.Date(), sa.DateTime()
BIG_SUM = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite's integers hold 64 bits as they are
NO_ORDER = {"sqlite_with_rowid": False}  # a rowid would give back the order in which patients came


def keys(**types: Any) -> list[sa.Column[Any]]:
    """Return columns of the primary key, by name and type."""
    return [sa.Column(name, of, primary_key=True) for name, of in types.items()]


def required(**types: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, of, nullable=False) for name, of in types.items()]


def optional(**types: Any) -> list[sa.Column[Any]]:
    return [sa.Column(name, of) for name, of in types.items()]


def part_of(owner: str, of: Any, **options: Any) -> sa.Column[Any]:
    """Return a column that refers to a row, with which its own row is deleted."""
    return sa.Column(owner, of, sa.ForeignKey(f"{owner}.id", ondelete="CASCADE"), **options)


def edition() -> sa.Column[Any]:
    return sa.Column("edition", EDITION_ID, sa.ForeignKey("edition.id"), nullable=False)


def create_tally(name: str, *columns: sa.Column[Any]) -> None:
    """Create a table of counters, whose key begins with the attempts that are counted together."""
    group = keys(quarter=QUARTER, procedure=CODE, edition=EDITION_ID, language=LANGUAGE)
    op.create_table(name, *group, *columns)


def create_answers(name: str, attempts: str, *constraints: sa.CheckConstraint) -> None:
    """Create a table of what was chosen for each item at each try."""
    op.create_table(
        name,
        sa.Column("attempt", RANDOM_ID, sa.ForeignKey(f"{attempts}.id", ondelete="CASCADE"), primary_key=True),
        *keys(item=CODE, try_number=INT),
        *required(form=CODE),
        *optional(option=CODE),
        *required(certainty=CERTAINTY),
        *constraints,
        **NO_ORDER,
    )


def create_part_of_flag(name: str, *columns: sa.Column[Any]) -> None:
    """Create a table whose rows are deleted with the flag that they belong to."""
    flag = sa.ForeignKeyConstraint(["attempt", "item"], ["flag.attempt", "flag.item"], ondelete="CASCADE")
    op.create_table(name, *keys(attempt=RANDOM_ID, item=CODE), *columns, flag, **NO_ORDER)


def upgrade() -> None:
    op.create_table(
        "audit",
        *keys(id=INT),
        *required(at=MOMENT, staff_name=STAFF_NAME, action=CODE),
        *optional(sheet=RANDOM_ID),
        *required(detail=sa.String(200)),
    )
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])
    op.create_index("ix_audit_staff_name_id", "audit", ["staff_name", "id"])
    op.create_table("edition", *keys(id=EDITION_ID), *required(procedure=CODE, first_day=DAY, snapshot=sa.Text()))
    op.create_table("mark", *keys(name=CODE), *required(value=sa.String(200)))
    op.create_table(
        "staff",
        *keys(id=INT),
        *required(name=STAFF_NAME),
        sa.Column("name_key", sa.String(160), nullable=False, unique=True),
        *required(role=sa.String(5)),
        *optional(password_hash=sa.String(200), totp_secret=sa.String(64), totp_last_step=INT),
        *required(disabled=BOOL),
        sa.CheckConstraint("role IN ('nurse', 'lead')", name="role"),
    )
    create_tally("tally_group", *required(n=INT, sum_score=BIG_SUM, sum_score_sq=BIG_SUM))
    create_tally(
        "tally_option",
        *keys(item=CODE, form=CODE, option=CODE, certainty=CERTAINTY, retry=sa.String(9)),
        *required(n=INT, sum_score=BIG_SUM, sum_score_sq=BIG_SUM),
    )
    create_tally("tally_outcome", *keys(item=CODE, outcome=CODE), *required(n=INT))
    op.create_table("tally_quarter", *keys(quarter=QUARTER), *required(min_group=INT))
    create_tally("tally_score", *keys(score=INT), *required(n=INT))
    op.create_table("throttle", *keys(key=sa.String(80)), *required(forgotten_at=sa.Double()))
    seen = required(since=QUARTER, action=CODE, day=DAY)
    op.create_table("seen_alarm", *keys(procedure=CODE, item=CODE, language=LANGUAGE), *seen)
    op.create_table(
        "waiting_outcome",
        *keys(sheet=RANDOM_ID, item=CODE),
        *required(procedure=CODE, edition=EDITION_ID, language=LANGUAGE, outcome=CODE),
        **NO_ORDER,
    )
    op.create_table(
        "attempt",
        *keys(id=RANDOM_ID),
        *required(procedure=CODE),
        edition(),
        *required(language=LANGUAGE, state=sa.String(8), day=DAY, lessons_read=INT),
        sa.Column("secret_hash", HASH, nullable=False, unique=True),
        sa.Column("code_hmac", HASH, nullable=False, unique=True),
        *optional(score=INT),
        *required(tallied=BOOL),
        *optional(closed_day=DAY, queue_place=INT),
        sa.Column("for_physician", BOOL, nullable=False, server_default=sa.false()),
        sa.CheckConstraint("state IN ('invited', 'open', 'stopped', 'finished')", name="state"),
        **NO_ORDER,
    )
    op.create_index(
        "ix_attempt_for_physician",
        "attempt",
        ["day", "id", "procedure", "language", "for_physician"],
        sqlite_where=sa.text("for_physician = 1"),
        postgresql_where=sa.text("for_physician"),
    )
    op.create_index("ix_attempt_place", "attempt", ["queue_place", "day", "id", "procedure", "language"])
    op.create_index("ix_attempt_queue", "attempt", ["state", "closed_day", "day"])
    op.create_index("ix_attempt_waiting", "attempt", ["tallied", "state", "procedure", "edition", "language"])
    op.create_table(
        "one_time_link", *keys(token_hash=HASH), part_of("staff", INT, index=True), *required(expires=MOMENT)
    )
    op.create_table("recovery_code", *keys(code_hash=HASH), part_of("staff", INT, nullable=False, index=True))
    op.create_table(
        "staff_session",
        *keys(token_hash=HASH),
        part_of("staff", INT, nullable=False, index=True),
        *required(started=MOMENT, last_seen=MOMENT),
        *optional(handed_over=RANDOM_ID),
    )
    op.create_table(
        "waiting_attempt",
        *keys(id=RANDOM_ID),
        *required(procedure=CODE),
        edition(),
        *required(language=LANGUAGE),
        **NO_ORDER,
    )
    op.create_table("chosen_prompt", part_of("attempt", RANDOM_ID, primary_key=True), *keys(prompt=CODE), **NO_ORDER)
    op.create_table(
        "flag",
        part_of("attempt", RANDOM_ID, primary_key=True),
        *keys(item=CODE),
        *required(rule=CODE, priority=INT),
        sa.CheckConstraint("priority IN (1, 2, 3)", name="priority"),
        **NO_ORDER,
    )
    create_answers(
        "response",
        "attempt",
        sa.CheckConstraint("try_number IN (1, 2)", name="try"),
        sa.CheckConstraint("certainty IN ('think', 'sure', 'none')", name="certainty"),
        sa.CheckConstraint("(option IS NULL) = (certainty = 'none')", name="dont_know_has_no_certainty"),
    )
    op.create_table(
        "unlocked_sheet",
        sa.Column("session", HASH, sa.ForeignKey("staff_session.token_hash", ondelete="CASCADE"), primary_key=True),
        part_of("attempt", RANDOM_ID, primary_key=True),
        **NO_ORDER,
    )
    create_answers("waiting_response", "waiting_attempt")
    create_part_of_flag("recheck", *required(form=CODE), *optional(option=CODE))
    create_part_of_flag(
        "review",
        *keys(number=INT),
        *required(outcome=CODE),
        sa.Column("staff", INT, sa.ForeignKey("staff.id"), nullable=False),
        *required(day=DAY),
    )


def downgrade() -> None:
    raise NotImplementedError("there is no earlier version")

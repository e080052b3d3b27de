"""The tables of version 0.1. Constraints are named by the convention in models.py."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

CODE, LANGUAGE, EDITION_ID, QUARTER = sa.String(60), sa.String(12), sa.String(16), sa.String(7)
RANDOM_ID, HASH = sa.String(22), sa.LargeBinary(32)
BIG_SUM = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite's integers hold 64 bits as they are
NO_ORDER = {"sqlite_with_rowid": False}  # a rowid would give back the order in which patients came


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("staff_name", sa.String(80), nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("sheet", RANDOM_ID),
        sa.Column("detail", sa.String(200), nullable=False),
    )
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])
    op.create_index("ix_audit_staff_name_id", "audit", ["staff_name", "id"])
    op.create_table(
        "edition",
        sa.Column("id", EDITION_ID, primary_key=True),
        sa.Column("procedure", CODE, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
    )
    op.create_table(
        "mark",
        sa.Column("name", CODE, primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(160), nullable=False, unique=True),
        sa.Column("role", sa.String(5), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("totp_secret", sa.String(64)),
        sa.Column("totp_last_step", sa.Integer()),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('nurse', 'lead')", name="role"),
    )
    op.create_table(
        "tally_group",
        sa.Column("quarter", QUARTER, primary_key=True),
        sa.Column("procedure", CODE, primary_key=True),
        sa.Column("edition", EDITION_ID, primary_key=True),
        sa.Column("language", LANGUAGE, primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sum_score", BIG_SUM, nullable=False),
        sa.Column("sum_score_sq", BIG_SUM, nullable=False),
    )
    op.create_table(
        "tally_option",
        sa.Column("quarter", QUARTER, primary_key=True),
        sa.Column("procedure", CODE, primary_key=True),
        sa.Column("edition", EDITION_ID, primary_key=True),
        sa.Column("language", LANGUAGE, primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("form", CODE, primary_key=True),
        sa.Column("option", CODE, primary_key=True),
        sa.Column("certainty", sa.String(5), primary_key=True),
        sa.Column("retry", sa.String(9), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sum_score", BIG_SUM, nullable=False),
        sa.Column("sum_score_sq", BIG_SUM, nullable=False),
    )
    op.create_table(
        "tally_outcome",
        sa.Column("quarter", QUARTER, primary_key=True),
        sa.Column("procedure", CODE, primary_key=True),
        sa.Column("edition", EDITION_ID, primary_key=True),
        sa.Column("language", LANGUAGE, primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("outcome", CODE, primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_table(
        "tally_quarter",
        sa.Column("quarter", QUARTER, primary_key=True),
        sa.Column("min_group", sa.Integer(), nullable=False),
    )
    op.create_table(
        "tally_score",
        sa.Column("quarter", QUARTER, primary_key=True),
        sa.Column("procedure", CODE, primary_key=True),
        sa.Column("edition", EDITION_ID, primary_key=True),
        sa.Column("language", LANGUAGE, primary_key=True),
        sa.Column("score", sa.Integer(), primary_key=True),
        sa.Column("n", sa.Integer(), nullable=False),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("window_start", sa.Double(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("next_try", sa.Double(), nullable=False),
    )
    op.create_table(
        "waiting_outcome",
        sa.Column("sheet", RANDOM_ID, primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("procedure", CODE, nullable=False),
        sa.Column("edition", EDITION_ID, nullable=False),
        sa.Column("language", LANGUAGE, nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        **NO_ORDER,
    )
    op.create_table(
        "attempt",
        sa.Column("id", RANDOM_ID, primary_key=True),
        sa.Column("procedure", CODE, nullable=False),
        sa.Column("edition", EDITION_ID, sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("language", LANGUAGE, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lessons_read", sa.Integer(), nullable=False),
        sa.Column("secret_hash", HASH, nullable=False, unique=True),
        sa.Column("code_hmac", HASH, nullable=False, unique=True),
        sa.Column("score", sa.Integer()),
        sa.Column("tallied", sa.Boolean(), nullable=False),
        sa.Column("closed_day", sa.Date()),
        sa.Column("queue_place", sa.Integer()),
        sa.Column("for_physician", sa.Boolean(), nullable=False, server_default=sa.false()),
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
        "one_time_link",
        sa.Column("token_hash", HASH, primary_key=True),
        sa.Column("staff", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), index=True),
        sa.Column("expires", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", HASH, primary_key=True),
        sa.Column("staff", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", HASH, primary_key=True),
        sa.Column("staff", sa.Integer(), sa.ForeignKey("staff.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("started", sa.DateTime(), nullable=False),
        sa.Column("last_seen", sa.DateTime(), nullable=False),
        sa.Column("handed_over", RANDOM_ID),
    )
    op.create_table(
        "waiting_attempt",
        sa.Column("id", RANDOM_ID, primary_key=True),
        sa.Column("procedure", CODE, nullable=False),
        sa.Column("edition", EDITION_ID, sa.ForeignKey("edition.id"), nullable=False),
        sa.Column("language", LANGUAGE, nullable=False),
        **NO_ORDER,
    )
    op.create_table(
        "chosen_prompt",
        sa.Column("attempt", RANDOM_ID, sa.ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("prompt", CODE, primary_key=True),
        **NO_ORDER,
    )
    op.create_table(
        "flag",
        sa.Column("attempt", RANDOM_ID, sa.ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("rule", CODE, nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.CheckConstraint("priority IN (1, 2, 3)", name="priority"),
        **NO_ORDER,
    )
    op.create_table(
        "response",
        sa.Column("attempt", RANDOM_ID, sa.ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("try_number", sa.Integer(), primary_key=True),
        sa.Column("form", CODE, nullable=False),
        sa.Column("option", CODE),
        sa.Column("certainty", sa.String(5), nullable=False),
        sa.CheckConstraint("try_number IN (1, 2)", name="try"),
        sa.CheckConstraint("certainty IN ('think', 'sure', 'none')", name="certainty"),
        sa.CheckConstraint("(option IS NULL) = (certainty = 'none')", name="dont_know_has_no_certainty"),
        **NO_ORDER,
    )
    op.create_table(
        "unlocked_sheet",
        sa.Column("session", HASH, sa.ForeignKey("staff_session.token_hash", ondelete="CASCADE"), primary_key=True),
        sa.Column("attempt", RANDOM_ID, sa.ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True),
        **NO_ORDER,
    )
    op.create_table(
        "waiting_response",
        sa.Column("attempt", RANDOM_ID, sa.ForeignKey("waiting_attempt.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("try_number", sa.Integer(), primary_key=True),
        sa.Column("form", CODE, nullable=False),
        sa.Column("option", CODE),
        sa.Column("certainty", sa.String(5), nullable=False),
        **NO_ORDER,
    )
    op.create_table(
        "recheck",
        sa.Column("attempt", RANDOM_ID, primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("form", CODE, nullable=False),
        sa.Column("option", CODE),
        sa.ForeignKeyConstraint(["attempt", "item"], ["flag.attempt", "flag.item"], ondelete="CASCADE"),
        **NO_ORDER,
    )
    op.create_table(
        "review",
        sa.Column("attempt", RANDOM_ID, primary_key=True),
        sa.Column("item", CODE, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("staff", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["attempt", "item"], ["flag.attempt", "flag.item"], ondelete="CASCADE"),
        **NO_ORDER,
    )


def downgrade() -> None:
    raise NotImplementedError("there is no earlier version")

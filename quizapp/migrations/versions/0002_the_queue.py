"""where each sheet stands in the nurses' queue, and which sheets the physician has yet to see"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What storage/reviews.py keeps up to date from now on: the most serious flag without an outcome, or 4.
PLACE_SHEETS = """
    UPDATE attempt SET queue_place = COALESCE(
        (SELECT MIN(flag.priority) FROM flag WHERE flag.attempt = attempt.id AND NOT EXISTS (
            SELECT 1 FROM review WHERE review.attempt = flag.attempt AND review.item = flag.item)),
        4)
    WHERE state IN ('stopped', 'finished') AND closed_day IS NULL
        AND EXISTS (SELECT 1 FROM flag WHERE flag.attempt = attempt.id)
"""
MARK_FOR_PHYSICIAN = """
    UPDATE attempt SET for_physician = TRUE WHERE EXISTS (
        SELECT 1 FROM review WHERE review.attempt = attempt.id AND review.outcome = 'physician'
            AND NOT EXISTS (SELECT 1 FROM review AS later WHERE later.attempt = review.attempt
                AND later.item = review.item AND later.number > review.number))
"""


def upgrade() -> None:
    # One statement a column: SQLite then alters the table in place, which keeps it WITHOUT ROWID.
    op.add_column("attempt", sa.Column("queue_place", sa.Integer(), nullable=True))
    op.add_column(
        "attempt", sa.Column("for_physician", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("staff_session", sa.Column("handed_over", sa.String(length=22), nullable=True))
    op.execute(PLACE_SHEETS)
    op.execute(MARK_FOR_PHYSICIAN)
    op.create_index("ix_attempt_place", "attempt", ["queue_place", "day", "id", "procedure", "language"])
    op.create_index(
        "ix_attempt_for_physician",
        "attempt",
        ["day", "id", "procedure", "language", "for_physician"],
        sqlite_where=sa.text("for_physician = 1"),
        postgresql_where=sa.text("for_physician"),
    )


def downgrade() -> None:
    op.drop_index("ix_attempt_for_physician", "attempt")
    op.drop_index("ix_attempt_place", "attempt")
    op.drop_column("staff_session", "handed_over")
    op.drop_column("attempt", "for_physician")
    op.drop_column("attempt", "for_physician")

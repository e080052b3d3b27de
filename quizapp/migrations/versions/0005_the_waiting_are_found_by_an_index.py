"""finding the attempts that wait for their batch does not take longer as sheets become more"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attempt_waiting", "attempt", ["tallied", "state", "procedure", "edition", "language"])


def downgrade() -> None:
    op.drop_index("ix_attempt_waiting", "attempt")

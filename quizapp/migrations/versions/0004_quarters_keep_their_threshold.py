"""a quarter is published under the strictest threshold that was set while it was counted"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Quarters counted before get their row at the next start, under the threshold that is set then.
    op.create_table(
        "tally_quarter",
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("min_group", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_tally_quarter")),
    )


def downgrade() -> None:
    op.drop_table("tally_quarter")

"""the watch on critical items keeps its baseline; sums of many millions of scores fit"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SUMS = [(table, column) for table in ("tally_group", "tally_option") for column in ("sum_score", "sum_score_sq")]


def upgrade() -> None:
    # Nothing ever wrote to the table, so it may be made anew.
    op.drop_table("drift_state")
    op.create_table(
        "drift_state",
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alarms", sa.Integer(), nullable=False),
        sa.Column("last_alarm", sa.String(length=7), nullable=True),
        sa.PrimaryKeyConstraint("procedure", "edition", "language", "item", name=op.f("pk_drift_state")),
    )
    _sums(sa.BigInteger(), sa.Integer())


def downgrade() -> None:
    _sums(sa.Integer(), sa.BigInteger())
    op.drop_table("drift_state")
    op.create_table(
        "drift_state",
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("edition", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("chart", sa.Float(), nullable=False),
        sa.Column("alarms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("procedure", "edition", "language", "item", name=op.f("pk_drift_state")),
    )


def _sums(new: sa.types.TypeEngine[int], old: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        return  # its integers hold 64 bits as they are
    for table, column in SUMS:
        op.alter_column(table, column, type_=new, existing_type=old, existing_nullable=False)

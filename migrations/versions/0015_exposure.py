"""What results showed and led to, and how often product pages are read.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "product_reading",
        sa.Column("product_code", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("product_code", "day", "channel", name=op.f("pk_product_reading")),
    )
    op.create_table(
        "match_exposure",
        sa.Column("run_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("product_code", sa.String(length=64), nullable=False),
        sa.Column("product_version", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["match_run.id"], name=op.f("fk_match_exposure_run_id_match_run")),
        sa.PrimaryKeyConstraint("run_id", "product_code", name=op.f("pk_match_exposure")),
    )
    with op.batch_alter_table("match_exposure", schema=None) as batch_op:
        batch_op.create_index("ix_match_exposure_product_code_shown_on", ["product_code", "shown_on"], unique=False)

    with op.batch_alter_table("lead", schema=None, recreate="never") as batch_op:
        batch_op.add_column(sa.Column("run_id", BIG_ID, nullable=True))
        batch_op.create_index("ix_lead_run_id", ["run_id"], unique=False)


def downgrade() -> None:
    """Undo."""

    # Copying a table with rows that others name would be refused by SQLite's foreign keys.
    with op.batch_alter_table("lead", schema=None, recreate="never") as batch_op:
        batch_op.drop_index("ix_lead_run_id")
        batch_op.drop_column("run_id")

    with op.batch_alter_table("match_exposure", schema=None) as batch_op:
        batch_op.drop_index("ix_match_exposure_product_code_shown_on")

    op.drop_table("match_exposure")
    op.drop_table("product_reading")

"""Drafts of ranking rules name who wrote and who committed them, and products their measured speed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "product_speed",
        sa.Column("product_code", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_speed")),
        sa.UniqueConstraint("product_code", name=op.f("uq_product_speed_product_code")),
    )
    with op.batch_alter_table("ranking_ruleset", schema=None) as batch_op:
        batch_op.add_column(sa.Column("author_id", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("committed_by_id", BIG_ID, nullable=True))


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("ranking_ruleset", schema=None) as batch_op:
        batch_op.drop_column("committed_by_id")
        batch_op.drop_column("author_id")

    op.drop_table("product_speed")

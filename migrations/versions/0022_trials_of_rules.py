"""Trials of the ranking rule's drafts name who saw what exactly which words would change."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "ranking_trial",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking_trial")),
        sa.UniqueConstraint("fingerprint", "user_id", name=op.f("uq_ranking_trial_fingerprint_user_id")),
    )


def downgrade() -> None:
    """Undo."""

    op.drop_table("ranking_trial")

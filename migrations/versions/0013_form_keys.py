"""Forms that were sent, so that one that arrives twice is done once.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "sent_form",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("leads_to", sa.String(length=500), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_sent_form")),
    )
    with op.batch_alter_table("sent_form", schema=None) as batch_op:
        batch_op.create_index("ix_sent_form_sent_at", ["sent_at"], unique=False)


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("sent_form", schema=None) as batch_op:
        batch_op.drop_index("ix_sent_form_sent_at")

    op.drop_table("sent_form")

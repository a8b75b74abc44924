"""Whether the institution or the operator said last that what is listed is right."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""

    with op.batch_alter_table("institution_listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_by_operator", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_by_operator", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by_operator")

    with op.batch_alter_table("institution_listing", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by_operator")

"""Whether the institution or the operator said last that what is listed is right."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("institution_listing", "product")


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        # In batch mode SQLite would copy the table for the sake of the default, and others point at it.
        op.add_column(
            table, sa.Column("confirmed_by_operator", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Undo."""
    for table in reversed(TABLES):
        op.drop_column(table, "confirmed_by_operator")

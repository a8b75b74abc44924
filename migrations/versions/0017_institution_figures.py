"""What institutions say of themselves, as of a day.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "institution_figures",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("document", JSON_VALUE, nullable=False),
        sa.Column("stated_by_user_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_institution_figures_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["stated_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_institution_figures_stated_by_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_figures")),
    )
    with op.batch_alter_table("institution_figures", schema=None) as batch_op:
        batch_op.create_index(
            "ix_institution_figures_organisation_id_as_of", ["organisation_id", "as_of"], unique=False
        )


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("institution_figures", schema=None) as batch_op:
        batch_op.drop_index("ix_institution_figures_organisation_id_as_of")

    op.drop_table("institution_figures")

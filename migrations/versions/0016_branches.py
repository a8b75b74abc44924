"""Branches of institutions, and until when what institutions say holds."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "branch",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("parent_id", BIG_ID, nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("address", sa.String(length=160), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_branch_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["branch.id"], name=op.f("fk_branch_parent_id_branch")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_branch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_branch_public_id")),
    )
    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.create_index("ix_branch_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_branch_parent_id", ["parent_id"], unique=False)

    with op.batch_alter_table("institution_listing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reminded_on", sa.Date(), nullable=True))

    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.add_column(sa.Column("branch_id", BIG_ID, nullable=True))
        batch_op.create_index("ix_lead_branch_id", ["branch_id"], unique=False)

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("branch_id", BIG_ID, nullable=True))

    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("branch_id", BIG_ID, nullable=True))

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminded_of_end", sa.Date(), nullable=True))

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reminded_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("reminded_on")
        batch_op.drop_column("valid_until")

    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("reminded_of_end")

    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_column("branch_id")

    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_column("branch_id")

    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_branch_id")
        batch_op.drop_column("branch_id")

    with op.batch_alter_table("institution_listing", schema=None) as batch_op:
        batch_op.drop_column("reminded_on")
        batch_op.drop_column("confirmed_on")
        batch_op.drop_column("valid_until")

    with op.batch_alter_table("branch", schema=None) as batch_op:
        batch_op.drop_index("ix_branch_parent_id")
        batch_op.drop_index("ix_branch_organisation_id")

    op.drop_table("branch")

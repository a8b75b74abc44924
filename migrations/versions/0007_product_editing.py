"""Products by staff: maker and checker, reports of wrong products.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "product_report",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("reporter_user_id", BIG_ID, nullable=True),
        sa.Column("desk", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_user_id", BIG_ID, nullable=True),
        sa.Column("answered_by_operator", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_product_report_answered_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_report_product_id_product")),
        sa.ForeignKeyConstraint(
            ["reporter_user_id"], ["user_account.id"], name=op.f("fk_product_report_reporter_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_report")),
        sa.UniqueConstraint("public_id", name=op.f("uq_product_report_public_id")),
    )
    with op.batch_alter_table("product_report", schema=None) as batch_op:
        batch_op.create_index("ix_product_report_desk_state", ["desk", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_report_product_id"), ["product_id"], unique=False)

    op.create_table(
        "product_step",
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("old_state", sa.String(length=16), nullable=False),
        sa.Column("new_state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_user_id", BIG_ID, nullable=True),
        sa.Column("by_operator", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["user_account.id"], name=op.f("fk_product_step_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_step_product_id_product")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_step")),
    )
    with op.batch_alter_table("product_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_step_product_id"), ["product_id"], unique=False)

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=16), nullable=False, server_default="listed"))
        batch_op.add_column(sa.Column("suspended_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("suspended_until", sa.Date(), nullable=True))

    with op.batch_alter_table("product_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("origin", sa.String(length=8), nullable=False, server_default="import"))
        batch_op.add_column(sa.Column("submitted_by_user_id", BIG_ID, nullable=True))
        batch_op.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index("ix_product_version_state", ["state"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_product_version_submitted_by_user_id_user_account"),
            "user_account",
            ["submitted_by_user_id"],
            ["id"],
        )


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("product_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_product_version_submitted_by_user_id_user_account"), type_="foreignkey")
        batch_op.drop_index("ix_product_version_state")
        batch_op.drop_column("submitted_at")
        batch_op.drop_column("submitted_by_user_id")
        batch_op.drop_column("origin")

    # In place: copying the table would drop the one that versions point at.
    with op.batch_alter_table("product", schema=None, recreate="never") as batch_op:
        batch_op.drop_column("suspended_until")
        batch_op.drop_column("suspended_from")
        batch_op.drop_column("state")

    with op.batch_alter_table("product_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_step_product_id"))

    op.drop_table("product_step")
    with op.batch_alter_table("product_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_report_product_id"))
        batch_op.drop_index("ix_product_report_desk_state")

    op.drop_table("product_report")

"""Who agreed to be found, what was counted of products, and invitations."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "prospect_count",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("product_code", sa.String(length=64), nullable=False),
        sa.Column("product_version", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("document", JSON_VALUE, nullable=False),
        sa.Column("stated", JSON_VALUE, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_prospect_count_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_count")),
        sa.UniqueConstraint(
            "product_code",
            "product_version",
            "counted_on",
            name=op.f("uq_prospect_count_product_code_product_version_counted_on"),
        ),
    )
    with op.batch_alter_table("prospect_count", schema=None) as batch_op:
        batch_op.create_index(
            "ix_prospect_count_organisation_id_counted_on", ["organisation_id", "counted_on"], unique=False
        )

    op.create_table(
        "prospect_opt_in",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_user_id", BIG_ID, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_prospect_opt_in_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_prospect_opt_in_user_id_user_account")),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_prospect_opt_in_withdrawn_by_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_opt_in")),
        sa.UniqueConstraint("public_id", name=op.f("uq_prospect_opt_in_public_id")),
    )
    with op.batch_alter_table("prospect_opt_in", schema=None) as batch_op:
        batch_op.create_index("ix_prospect_opt_in_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_prospect_opt_in_organisation_id_holds",
            ["organisation_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "prospect_invitation",
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("opt_in_id", BIG_ID, nullable=False),
        sa.Column("product_code", sa.String(length=64), nullable=False),
        sa.Column("product_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_user_id", BIG_ID, nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_user_id", BIG_ID, nullable=True),
        sa.Column("complaint", sa.String(length=32), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_prospect_invitation_answered_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organisation.id"], name=op.f("fk_prospect_invitation_institution_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["opt_in_id"], ["prospect_opt_in.id"], name=op.f("fk_prospect_invitation_opt_in_id_prospect_opt_in")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_prospect_invitation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by_user_id"], ["user_account.id"], name=op.f("fk_prospect_invitation_sent_by_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prospect_invitation")),
        sa.UniqueConstraint("institution_id", "organisation_id", "product_code", name="uq_prospect_invitation_once"),
        sa.UniqueConstraint("public_id", name=op.f("uq_prospect_invitation_public_id")),
    )
    with op.batch_alter_table("prospect_invitation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_prospect_invitation_institution_id_sent_at", ["institution_id", "sent_at"], unique=False
        )
        batch_op.create_index(
            "ix_prospect_invitation_organisation_id_sent_at", ["organisation_id", "sent_at"], unique=False
        )


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("prospect_invitation", schema=None) as batch_op:
        batch_op.drop_index("ix_prospect_invitation_organisation_id_sent_at")
        batch_op.drop_index("ix_prospect_invitation_institution_id_sent_at")

    op.drop_table("prospect_invitation")
    with op.batch_alter_table("prospect_opt_in", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_prospect_opt_in_organisation_id_holds",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index("ix_prospect_opt_in_organisation_id")

    op.drop_table("prospect_opt_in")
    with op.batch_alter_table("prospect_count", schema=None) as batch_op:
        batch_op.drop_index("ix_prospect_count_organisation_id_counted_on")

    op.drop_table("prospect_count")

"""Consents: which institution may read what, for which purpose, until when.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "consent",
        sa.Column("receipt_number", sa.String(length=24), nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=False),
        sa.Column("institution_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("scopes", JSON_VALUE, nullable=False),
        sa.Column("warned", JSON_VALUE, nullable=False),
        sa.Column("text_version", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_user_id", BIG_ID, nullable=True),
        sa.Column("revoke_reason", sa.String(length=32), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organisation.id"], name=op.f("fk_consent_institution_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_consent_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_user_id"], ["user_account.id"], name=op.f("fk_consent_revoked_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_consent_subject_id_subject")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_consent_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.UniqueConstraint("public_id", name=op.f("uq_consent_public_id")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_consent_receipt_number")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index("ix_consent_institution_id", ["institution_id"], unique=False)
        batch_op.create_index("ix_consent_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_consent_subject_id_institution_id", ["subject_id", "institution_id"], unique=False)
        batch_op.create_index("ix_consent_valid_until", ["valid_until"], unique=False)

    with op.batch_alter_table("credit_profile_access", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consent_id", BIG_ID, nullable=True))
        batch_op.create_index("ix_credit_profile_access_consent_id", ["consent_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_credit_profile_access_consent_id_consent"), "consent", ["consent_id"], ["id"]
        )


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("credit_profile_access", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_credit_profile_access_consent_id_consent"), type_="foreignkey")
        batch_op.drop_index("ix_credit_profile_access_consent_id")
        batch_op.drop_column("consent_id")

    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("ix_consent_valid_until")
        batch_op.drop_index("ix_consent_subject_id_institution_id")
        batch_op.drop_index("ix_consent_organisation_id")
        batch_op.drop_index("ix_consent_institution_id")

    op.drop_table("consent")

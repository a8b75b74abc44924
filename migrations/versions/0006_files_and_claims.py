"""Encrypted files, and the evidence of claims.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "sso_link",
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("account_index", sa.String(length=32), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_sso_link_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sso_link")),
        sa.UniqueConstraint("account_index", name=op.f("uq_sso_link_account_index")),
    )
    with op.batch_alter_table("sso_link", schema=None) as batch_op:
        batch_op.create_index("ix_sso_link_user_id", ["user_id"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("fingerprint", sa.String(length=32), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", BIG_ID, nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_stored_file_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_stored_file_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_fingerprint", ["fingerprint"], unique=False)
        batch_op.create_index("ix_stored_file_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "claim_evidence",
        sa.Column("claim_id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file", sa.String(length=12), nullable=False),
        sa.Column("added_by_user_id", BIG_ID, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_user_id"], ["user_account.id"], name=op.f("fk_claim_evidence_added_by_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["subject_claim.id"], name=op.f("fk_claim_evidence_claim_id_subject_claim")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_evidence")),
        sa.UniqueConstraint("file", name=op.f("uq_claim_evidence_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_claim_evidence_public_id")),
    )
    with op.batch_alter_table("claim_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_claim_evidence_claim_id", ["claim_id"], unique=False)


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("claim_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_claim_evidence_claim_id")

    op.drop_table("claim_evidence")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_stored_file_organisation_id")
        batch_op.drop_index("ix_stored_file_fingerprint")

    op.drop_table("stored_file")
    with op.batch_alter_table("sso_link", schema=None) as batch_op:
        batch_op.drop_index("ix_sso_link_user_id")

    op.drop_table("sso_link")

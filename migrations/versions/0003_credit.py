"""Credit: batches, files, quarantine, facts, profiles.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "credit_batch",
        sa.Column("dataset", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("under_way", sa.String(length=32), nullable=True),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("rows_stored", sa.BigInteger(), nullable=False),
        sa.Column("rows_duplicate", sa.BigInteger(), nullable=False),
        sa.Column("rows_quarantined", sa.BigInteger(), nullable=False),
        sa.Column("rows_voided", sa.BigInteger(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.Column("profiles", sa.Integer(), nullable=False),
        sa.Column("covers_from", sa.Date(), nullable=True),
        sa.Column("covers_until", sa.Date(), nullable=True),
        sa.Column("assertions", JSON_VALUE, nullable=False),
        sa.Column("error", JSON_VALUE, nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("landing_key", sa.LargeBinary(), nullable=True),
        sa.Column("landing_until", sa.Date(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_credit_batch_public_id")),
        sa.UniqueConstraint("under_way", name=op.f("uq_credit_batch_under_way")),
    )
    with op.batch_alter_table("credit_batch", schema=None) as batch_op:
        batch_op.create_index("ix_credit_batch_dataset_fingerprint", ["dataset", "fingerprint"], unique=False)
        batch_op.create_index("ix_credit_batch_state", ["state"], unique=False)

    op.create_table(
        "credit_peer_quantile",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("industry", sa.String(length=8), nullable=False),
        sa.Column("size", sa.String(length=16), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("quantiles", JSON_VALUE, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_peer_quantile")),
    )
    with op.batch_alter_table("credit_peer_quantile", schema=None) as batch_op:
        batch_op.create_index("uq_credit_peer_quantile_cell", ["key", "industry", "size", "month"], unique=True)

    op.create_table(
        "credit_declared_fact",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=True),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", JSON_VALUE, nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_by_user_id", BIG_ID, nullable=True),
        sa.Column("commitment", sa.Boolean(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["declared_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_credit_declared_fact_declared_by_user_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_credit_declared_fact_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_credit_declared_fact_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_declared_fact")),
    )
    with op.batch_alter_table("credit_declared_fact", schema=None) as batch_op:
        batch_op.create_index("ix_credit_declared_fact_organisation_id_key", ["organisation_id", "key"], unique=False)

    op.create_table(
        "credit_fact",
        sa.Column("subject_id", BIG_ID, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", JSON_VALUE, nullable=False),
        sa.Column("observed_until", sa.Date(), nullable=True),
        sa.Column("source", sa.String(length=48), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("rows_used", sa.BigInteger(), nullable=False),
        sa.Column("batches", JSON_VALUE, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_credit_fact_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_fact")),
    )
    with op.batch_alter_table("credit_fact", schema=None) as batch_op:
        batch_op.create_index("ix_credit_fact_subject_id_as_of", ["subject_id", "as_of"], unique=False)

    op.create_table(
        "credit_landed_file",
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["credit_batch.id"], name=op.f("fk_credit_landed_file_batch_id_credit_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_landed_file")),
    )
    with op.batch_alter_table("credit_landed_file", schema=None) as batch_op:
        batch_op.create_index("ix_credit_landed_file_batch_id", ["batch_id"], unique=False)

    op.create_table(
        "credit_profile_access",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=True),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("subjects", sa.Integer(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_credit_profile_access_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_credit_profile_access_subject_id_subject")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_credit_profile_access_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_profile_access")),
    )
    with op.batch_alter_table("credit_profile_access", schema=None) as batch_op:
        batch_op.create_index("ix_credit_profile_access_subject_id_at", ["subject_id", "at"], unique=False)

    op.create_table(
        "credit_profile_version",
        sa.Column("subject_id", BIG_ID, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("fact_ids", JSON_VALUE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["credit_batch.id"], name=op.f("fk_credit_profile_version_batch_id_credit_batch")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subject.id"], name=op.f("fk_credit_profile_version_subject_id_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_profile_version")),
        sa.UniqueConstraint("public_id", name=op.f("uq_credit_profile_version_public_id")),
    )
    with op.batch_alter_table("credit_profile_version", schema=None) as batch_op:
        batch_op.create_index("ix_credit_profile_version_subject_id_as_of", ["subject_id", "as_of"], unique=False)

    op.create_table(
        "credit_quarantined_row",
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("row", sa.BigInteger(), nullable=False),
        sa.Column("column", sa.String(length=64), nullable=False),
        sa.Column("fault", sa.String(length=32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by_user_id", BIG_ID, nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["credit_batch.id"], name=op.f("fk_credit_quarantined_row_batch_id_credit_batch")
        ),
        sa.ForeignKeyConstraint(
            ["handled_by_user_id"],
            ["user_account.id"],
            name=op.f("fk_credit_quarantined_row_handled_by_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_quarantined_row")),
        sa.UniqueConstraint("public_id", name=op.f("uq_credit_quarantined_row_public_id")),
    )
    with op.batch_alter_table("credit_quarantined_row", schema=None) as batch_op:
        batch_op.create_index("ix_credit_quarantined_row_batch_id", ["batch_id"], unique=False)
        batch_op.create_index("ix_credit_quarantined_row_handled_at", ["handled_at"], unique=False)

    op.create_table(
        "credit_stored_file",
        sa.Column("batch_id", BIG_ID, nullable=False),
        sa.Column("dataset", sa.String(length=32), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["credit_batch.id"], name=op.f("fk_credit_stored_file_batch_id_credit_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_stored_file")),
        sa.UniqueConstraint("place", name=op.f("uq_credit_stored_file_place")),
    )
    with op.batch_alter_table("credit_stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_credit_stored_file_batch_id", ["batch_id"], unique=False)
        batch_op.create_index("ix_credit_stored_file_dataset_bucket", ["dataset", "bucket"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("credit_stored_file", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_stored_file_dataset_bucket")
        batch_op.drop_index("ix_credit_stored_file_batch_id")

    op.drop_table("credit_stored_file")
    with op.batch_alter_table("credit_quarantined_row", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_quarantined_row_handled_at")
        batch_op.drop_index("ix_credit_quarantined_row_batch_id")

    op.drop_table("credit_quarantined_row")
    with op.batch_alter_table("credit_profile_version", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_profile_version_subject_id_as_of")

    op.drop_table("credit_profile_version")
    with op.batch_alter_table("credit_profile_access", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_profile_access_subject_id_at")

    op.drop_table("credit_profile_access")
    with op.batch_alter_table("credit_landed_file", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_landed_file_batch_id")

    op.drop_table("credit_landed_file")
    with op.batch_alter_table("credit_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_fact_subject_id_as_of")

    op.drop_table("credit_fact")
    with op.batch_alter_table("credit_declared_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_declared_fact_organisation_id_key")

    op.drop_table("credit_declared_fact")
    with op.batch_alter_table("credit_peer_quantile", schema=None) as batch_op:
        batch_op.drop_index("uq_credit_peer_quantile_cell")

    op.drop_table("credit_peer_quantile")
    with op.batch_alter_table("credit_batch", schema=None) as batch_op:
        batch_op.drop_index("ix_credit_batch_state")
        batch_op.drop_index("ix_credit_batch_dataset_fingerprint")

    op.drop_table("credit_batch")

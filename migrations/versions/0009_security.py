"""Second factors, shared rate limits, check values of keys, the audit trail's seals; audit rows cannot be changed.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What is only ever added to; the database itself refuses the rest, whichever program asks.
KEPT = ("audit_row", "audit_seal", "audit_sealed_row")


def _keep(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION finmart_refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION finmart_refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only ever added'); END"
        )


def _release(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {table}_kept ON {table}")
        op.execute(f"DROP TRIGGER {table}_kept_whole ON {table}")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{verb}")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "audit_seal",
        sa.Column("number", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_id", BIG_ID, nullable=False),
        sa.Column("last_id", BIG_ID, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
    )
    op.create_table(
        "audit_verification",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seals", BIG_ID, nullable=False),
        sa.Column("sealed", BIG_ID, nullable=False),
        sa.Column("unsealed", BIG_ID, nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("fault", sa.String(length=32), nullable=False),
        sa.Column("seal_number", BIG_ID, nullable=True),
        sa.Column("row_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_verification")),
    )
    op.create_table(
        "key_check",
        sa.Column("key_id", sa.String(length=32), nullable=False),
        sa.Column("check_value", sa.String(length=32), nullable=False),
        sa.Column("is_index", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_key_check")),
    )
    op.create_table(
        "rate_count",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_count")),
    )
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.create_index("ix_rate_count_until", ["until"], unique=False)

    op.create_table(
        "rate_entry",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_entry")),
    )
    with op.batch_alter_table("rate_entry", schema=None) as batch_op:
        batch_op.create_index("ix_rate_entry_key_at", ["key", "at"], unique=False)
        batch_op.create_index("ix_rate_entry_until", ["until"], unique=False)

    op.create_table(
        "audit_sealed_row",
        sa.Column("row_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("seal_number", BIG_ID, nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["seal_number"], ["audit_seal.number"], name=op.f("fk_audit_sealed_row_seal_number_audit_seal")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_audit_sealed_row")),
    )
    with op.batch_alter_table("audit_sealed_row", schema=None) as batch_op:
        batch_op.create_index("ix_audit_sealed_row_seal_number", ["seal_number"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("code_index", sa.String(length=32), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_recovery_code_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index("ix_recovery_code_user_id", ["user_id"], unique=False)

    op.create_table(
        "second_factor",
        sa.Column("user_id", BIG_ID, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", BIG_ID, nullable=False),
        sa.Column("failed_count", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_second_factor_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("user_id", name=op.f("uq_second_factor_user_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION finmart_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
        )
    for table in KEPT:
        _keep(table)


def downgrade() -> None:
    """Undo."""
    for table in KEPT:
        _release(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION finmart_refuse_change()")
    op.drop_table("second_factor")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index("ix_recovery_code_user_id")

    op.drop_table("recovery_code")
    with op.batch_alter_table("audit_sealed_row", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_sealed_row_seal_number")

    op.drop_table("audit_sealed_row")
    with op.batch_alter_table("rate_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_rate_entry_until")
        batch_op.drop_index("ix_rate_entry_key_at")

    op.drop_table("rate_entry")
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.drop_index("ix_rate_count_until")

    op.drop_table("rate_count")
    op.drop_table("key_check")
    op.drop_table("audit_verification")
    op.drop_table("audit_seal")

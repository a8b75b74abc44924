"""Matching: demands, rule sets, runs, figures.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "insight_count",
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("totals", JSON_VALUE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_count")),
        sa.UniqueConstraint("public_id", name=op.f("uq_insight_count_public_id")),
    )
    op.create_table(
        "match_plan",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("offers", JSON_VALUE, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_plan")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_match_plan_fingerprint")),
    )
    op.create_table(
        "ranking_ruleset",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", JSON_VALUE, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_ranking_ruleset")),
    )
    op.create_table(
        "demand",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=True),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("guarantees", JSON_VALUE, nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=32), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_demand_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_demand_subject_id_subject")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_demand_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand")),
        sa.UniqueConstraint("public_id", name=op.f("uq_demand_public_id")),
    )
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.create_index("ix_demand_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_demand_state_region", ["state", "region"], unique=False)

    op.create_table(
        "insight_cell",
        sa.Column("count_id", BIG_ID, nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("dimension", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("members", JSON_VALUE, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"], ["insight_count.id"], name=op.f("fk_insight_cell_count_id_insight_count")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_cell")),
    )
    with op.batch_alter_table("insight_cell", schema=None) as batch_op:
        batch_op.create_index("ix_insight_cell_count_id_measure", ["count_id", "measure"], unique=False)

    op.create_table(
        "match_batch",
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("asked", JSON_VALUE, nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("summary", JSON_VALUE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["match_plan.id"], name=op.f("fk_match_batch_plan_id_match_plan")),
        sa.ForeignKeyConstraint(
            ["ruleset_version"],
            ["ranking_ruleset.version"],
            name=op.f("fk_match_batch_ruleset_version_ranking_ruleset"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_batch_public_id")),
    )
    op.create_table(
        "match_run",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("batch_id", BIG_ID, nullable=True),
        sa.Column("demand_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("subject_id", BIG_ID, nullable=True),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("profile_version", sa.String(length=40), nullable=True),
        sa.Column("declared", JSON_VALUE, nullable=False),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("inputs_hash", sa.String(length=64), nullable=False),
        sa.Column("inputs", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("advice", sa.LargeBinary(), nullable=True),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("met_checked", sa.Integer(), nullable=False),
        sa.Column("suitable", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("unchecked", sa.Integer(), nullable=False),
        sa.Column("not_met", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["match_batch.id"], name=op.f("fk_match_run_batch_id_match_batch")),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_match_run_demand_id_demand")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_match_run_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["match_plan.id"], name=op.f("fk_match_run_plan_id_match_plan")),
        sa.ForeignKeyConstraint(
            ["ruleset_version"], ["ranking_ruleset.version"], name=op.f("fk_match_run_ruleset_version_ranking_ruleset")
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_match_run_subject_id_subject")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_match_run_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_run_public_id")),
    )
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.create_index("ix_match_run_batch_id", ["batch_id"], unique=False)
        batch_op.create_index("ix_match_run_created_at", ["created_at"], unique=False)
        batch_op.create_index("ix_match_run_demand_id", ["demand_id"], unique=False)
        batch_op.create_index("ix_match_run_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_match_run_subject_id", ["subject_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("match_run", schema=None) as batch_op:
        batch_op.drop_index("ix_match_run_subject_id")
        batch_op.drop_index("ix_match_run_organisation_id")
        batch_op.drop_index("ix_match_run_demand_id")
        batch_op.drop_index("ix_match_run_created_at")
        batch_op.drop_index("ix_match_run_batch_id")

    op.drop_table("match_run")
    op.drop_table("match_batch")
    with op.batch_alter_table("insight_cell", schema=None) as batch_op:
        batch_op.drop_index("ix_insight_cell_count_id_measure")

    op.drop_table("insight_cell")
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.drop_index("ix_demand_state_region")
        batch_op.drop_index("ix_demand_organisation_id")

    op.drop_table("demand")
    op.drop_table("ranking_ruleset")
    op.drop_table("match_plan")
    op.drop_table("insight_count")

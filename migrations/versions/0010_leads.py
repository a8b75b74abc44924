"""Leads: the life of a demand between an applicant and institutions.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "demand_clock",
        sa.Column("demand_id", BIG_ID, nullable=False),
        sa.Column("lead_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_demand_clock_demand_id_demand")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_demand_clock_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_clock")),
    )
    with op.batch_alter_table("demand_clock", schema=None) as batch_op:
        batch_op.create_index("ix_demand_clock_demand_id", ["demand_id"], unique=False)
        batch_op.create_index("ix_demand_clock_due_on", ["due_on"], unique=False)
        batch_op.create_index(
            "uq_demand_clock_demand_id_running",
            ["demand_id"],
            unique=True,
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )

    op.create_table(
        "demand_step",
        sa.Column("demand_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_demand_step_demand_id_demand")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_step")),
    )
    with op.batch_alter_table("demand_step", schema=None) as batch_op:
        batch_op.create_index("ix_demand_step_demand_id", ["demand_id"], unique=False)

    op.create_table(
        "lead",
        sa.Column("demand_id", BIG_ID, nullable=False),
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("product_code", sa.String(length=64), nullable=False),
        sa.Column("product_number", sa.Integer(), nullable=True),
        sa.Column("product_type", sa.String(length=32), nullable=False),
        sa.Column("product_cap", BIG_ID, nullable=True),
        sa.Column("asked_amount", BIG_ID, nullable=False),
        sa.Column("clerk_user_id", BIG_ID, nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duty", sa.String(length=24), nullable=True),
        sa.Column("duty_owner", sa.String(length=16), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("duty_from", sa.Date(), nullable=True),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("decline_code", sa.String(length=32), nullable=False),
        sa.Column("bid", sa.LargeBinary(), nullable=True),
        sa.Column("decision", sa.LargeBinary(), nullable=True),
        sa.Column("approved_amount", BIG_ID, nullable=True),
        sa.Column("approved_rate", sa.Integer(), nullable=True),
        sa.Column("funded_amount", BIG_ID, nullable=True),
        sa.Column("funded_on", sa.Date(), nullable=True),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clerk_user_id"], ["user_account.id"], name=op.f("fk_lead_clerk_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(["demand_id"], ["demand.id"], name=op.f("fk_lead_demand_id_demand")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_lead_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lead_public_id")),
    )
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.create_index("ix_lead_demand_id", ["demand_id"], unique=False)
        batch_op.create_index("ix_lead_due_on", ["due_on"], unique=False)
        batch_op.create_index(
            "ix_lead_organisation_id_ended_at_due_on", ["organisation_id", "ended_at", "due_on"], unique=False
        )
        batch_op.create_index(
            "uq_lead_demand_id_organisation_id_live",
            ["demand_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "lead_contact",
        sa.Column("lead_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_contact_lead_id_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_contact")),
    )
    with op.batch_alter_table("lead_contact", schema=None) as batch_op:
        batch_op.create_index("ix_lead_contact_lead_id", ["lead_id"], unique=False)

    op.create_table(
        "lead_material",
        sa.Column("lead_id", BIG_ID, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("files", JSON_VALUE, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_material_lead_id_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_material")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lead_material_public_id")),
    )
    with op.batch_alter_table("lead_material", schema=None) as batch_op:
        batch_op.create_index("ix_lead_material_lead_id", ["lead_id"], unique=False)

    op.create_table(
        "lead_post",
        sa.Column("lead_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_post_lead_id_lead")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_post")),
    )
    with op.batch_alter_table("lead_post", schema=None) as batch_op:
        batch_op.create_index("ix_lead_post_lead_id", ["lead_id"], unique=False)

    op.create_table(
        "lead_step",
        sa.Column("lead_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("from_state", sa.String(length=16), nullable=False),
        sa.Column("to_state", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.Column("organisation_id", BIG_ID, nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("details", JSON_VALUE, nullable=False),
        sa.Column("reverses_id", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(["lead_id"], ["lead.id"], name=op.f("fk_lead_step_lead_id_lead")),
        sa.ForeignKeyConstraint(["reverses_id"], ["lead_step.id"], name=op.f("fk_lead_step_reverses_id_lead_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_step")),
    )
    with op.batch_alter_table("lead_step", schema=None) as batch_op:
        batch_op.create_index("ix_lead_step_at", ["at"], unique=False)
        batch_op.create_index("ix_lead_step_lead_id", ["lead_id"], unique=False)

    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_board", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("places", sa.Integer(), nullable=False, server_default="3"))
        batch_op.add_column(sa.Column("valid_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))

    # A server default is for the rows that are there; new ones state their own.
    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.alter_column("on_board", server_default=None)
        batch_op.alter_column("places", server_default=None)

    # What was published before is on the board, and the platform owns its first clock.
    op.execute(sa.text("UPDATE demand SET on_board = true WHERE state = 'published'"))
    op.execute(sa.text("UPDATE demand SET ended_at = withdrawn_at WHERE state = 'withdrawn'"))
    op.execute(
        sa.text(
            "INSERT INTO demand_clock (demand_id, kind, owner, started_at, due_on, provisional) "
            "SELECT id, 'answer', 'operator', CURRENT_TIMESTAMP, CURRENT_DATE, false FROM demand "
            "WHERE state = 'published'"
        )
    )


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("demand", schema=None) as batch_op:
        batch_op.drop_column("ended_at")
        batch_op.drop_column("valid_until")
        batch_op.drop_column("places")
        batch_op.drop_column("on_board")

    with op.batch_alter_table("lead_step", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_step_lead_id")
        batch_op.drop_index("ix_lead_step_at")

    op.drop_table("lead_step")
    with op.batch_alter_table("lead_post", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_post_lead_id")

    op.drop_table("lead_post")
    with op.batch_alter_table("lead_material", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_material_lead_id")

    op.drop_table("lead_material")
    with op.batch_alter_table("lead_contact", schema=None) as batch_op:
        batch_op.drop_index("ix_lead_contact_lead_id")

    op.drop_table("lead_contact")
    with op.batch_alter_table("lead", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lead_demand_id_organisation_id_live",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_lead_organisation_id_ended_at_due_on")
        batch_op.drop_index("ix_lead_due_on")
        batch_op.drop_index("ix_lead_demand_id")

    op.drop_table("lead")
    with op.batch_alter_table("demand_step", schema=None) as batch_op:
        batch_op.drop_index("ix_demand_step_demand_id")

    op.drop_table("demand_step")
    with op.batch_alter_table("demand_clock", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_demand_clock_demand_id_running",
            sqlite_where=sa.text("stopped_at IS NULL"),
            postgresql_where=sa.text("stopped_at IS NULL"),
        )
        batch_op.drop_index("ix_demand_clock_due_on")
        batch_op.drop_index("ix_demand_clock_demand_id")

    op.drop_table("demand_clock")

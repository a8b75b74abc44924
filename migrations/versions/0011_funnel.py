"""Officials' figures: regions with a closure table, events' facts.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "region",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_table(
        "region_closure",
        sa.Column("ancestor", sa.String(length=12), nullable=False),
        sa.Column("descendant", sa.String(length=12), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ancestor", "descendant", name=op.f("pk_region_closure")),
    )
    with op.batch_alter_table("region_closure", schema=None) as batch_op:
        batch_op.create_index("ix_region_closure_descendant", ["descendant"], unique=False)

    op.create_table(
        "insight_demand",
        sa.Column("count_id", BIG_ID, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("district", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=8), nullable=False),
        sa.Column("size", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("amount", BIG_ID, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("contacted", sa.Boolean(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=False),
        sa.Column("approved_amount", BIG_ID, nullable=True),
        sa.Column("funded_amount", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"], ["insight_count.id"], name=op.f("fk_insight_demand_count_id_insight_count")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_demand")),
    )
    with op.batch_alter_table("insight_demand", schema=None) as batch_op:
        batch_op.create_index("ix_insight_demand_count_id_region", ["count_id", "region"], unique=False)
        batch_op.create_index("ix_insight_demand_public_id", ["public_id"], unique=False)

    op.create_table(
        "insight_lead",
        sa.Column("count_id", BIG_ID, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("demand_public_id", sa.String(length=12), nullable=False),
        sa.Column("institution", sa.String(length=12), nullable=False),
        sa.Column("product_type", sa.String(length=32), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("district", sa.String(length=12), nullable=False),
        sa.Column("industry", sa.String(length=8), nullable=False),
        sa.Column("size", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("contacted", sa.Boolean(), nullable=False),
        sa.Column("contacted_in_time", sa.Boolean(), nullable=False),
        sa.Column("decided", sa.Boolean(), nullable=False),
        sa.Column("decided_in_time", sa.Boolean(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("funded", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("contact_days", sa.Integer(), nullable=True),
        sa.Column("opinion_days", sa.Integer(), nullable=True),
        sa.Column("decision_days", sa.Integer(), nullable=True),
        sa.Column("draw_down_days", sa.Integer(), nullable=True),
        sa.Column("approved_amount", BIG_ID, nullable=True),
        sa.Column("funded_amount", BIG_ID, nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"], ["insight_count.id"], name=op.f("fk_insight_lead_count_id_insight_count")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_lead")),
    )
    with op.batch_alter_table("insight_lead", schema=None) as batch_op:
        batch_op.create_index("ix_insight_lead_count_id_region", ["count_id", "region"], unique=False)


def downgrade() -> None:
    """Undo."""

    with op.batch_alter_table("insight_lead", schema=None) as batch_op:
        batch_op.drop_index("ix_insight_lead_count_id_region")

    op.drop_table("insight_lead")
    with op.batch_alter_table("insight_demand", schema=None) as batch_op:
        batch_op.drop_index("ix_insight_demand_public_id")
        batch_op.drop_index("ix_insight_demand_count_id_region")

    op.drop_table("insight_demand")
    with op.batch_alter_table("region_closure", schema=None) as batch_op:
        batch_op.drop_index("ix_region_closure_descendant")

    op.drop_table("region_closure")
    op.drop_table("region")

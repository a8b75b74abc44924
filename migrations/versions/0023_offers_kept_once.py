"""Offers are kept once for all plans that hold them; a measured speed says when its decisions were."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "match_offer",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", JSON_VALUE, nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_offer")),
        sa.UniqueConstraint("digest", name=op.f("uq_match_offer_digest")),
    )
    with op.batch_alter_table("insight_lead", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided_on", sa.Date(), nullable=True))

    with op.batch_alter_table("product_speed", schema=None) as batch_op:
        batch_op.add_column(sa.Column("since", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("until", sa.Date(), nullable=True))


def _put_documents_back() -> None:
    """The code before knows only plans that hold their documents."""
    plans = sa.table("match_plan", sa.column("id", BIG_ID), sa.column("offers", JSON_VALUE))
    kept = sa.table("match_offer", sa.column("id", BIG_ID), sa.column("document", JSON_VALUE))
    connection = op.get_bind()
    documents = {row.id: row.document for row in connection.execute(sa.select(kept.c.id, kept.c.document))}
    for row in connection.execute(sa.select(plans.c.id, plans.c.offers)).all():
        whole = [documents[one] if isinstance(one, int) else one for one in row.offers]
        if whole != row.offers:
            connection.execute(plans.update().where(plans.c.id == row.id).values(offers=whole))


def downgrade() -> None:
    """Undo."""

    _put_documents_back()
    with op.batch_alter_table("product_speed", schema=None) as batch_op:
        batch_op.drop_column("until")
        batch_op.drop_column("since")

    with op.batch_alter_table("insight_lead", schema=None) as batch_op:
        batch_op.drop_column("decided_on")

    op.drop_table("match_offer")

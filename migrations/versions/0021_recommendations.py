"""What applicants could turn to without having asked, how that changed, and who wants none of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON_VALUE = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Apply."""

    op.create_table(
        "recommendation",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("subject_id", BIG_ID, nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("profile_version", sa.String(length=40), nullable=True),
        sa.Column("declared", JSON_VALUE, nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("ruleset_version", sa.Integer(), nullable=False),
        sa.Column("plan_id", BIG_ID, nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("rows", sa.LargeBinary(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("untold", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recommendation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["match_plan.id"], name=op.f("fk_recommendation_plan_id_match_plan")),
        sa.ForeignKeyConstraint(
            ["ruleset_version"],
            ["ranking_ruleset.version"],
            name=op.f("fk_recommendation_ruleset_version_ranking_ruleset"),
        ),
        sa.ForeignKeyConstraint(["subject_id"], ["subject.id"], name=op.f("fk_recommendation_subject_id_subject")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_recommendation_organisation_id")),
    )
    op.create_table(
        "recommendation_change",
        sa.Column("organisation_id", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.LargeBinary(), nullable=False),
        sa.Column("id", BIG_ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recommendation_change_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_change")),
    )
    with op.batch_alter_table("recommendation_change", schema=None) as batch_op:
        batch_op.create_index("ix_recommendation_change_organisation_id", ["organisation_id"], unique=False)

    op.create_table(
        "recommendation_off",
        sa.Column("organisation_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_recommendation_off_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_recommendation_off_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_recommendation_off")),
    )


def downgrade() -> None:
    """Undo."""

    op.drop_table("recommendation_off")
    with op.batch_alter_table("recommendation_change", schema=None) as batch_op:
        batch_op.drop_index("ix_recommendation_change_organisation_id")

    op.drop_table("recommendation_change")
    op.drop_table("recommendation")

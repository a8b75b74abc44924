"""What organisations of the demonstration asked for belongs to the demonstration, and so does what followed from it."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_OWN = "organisation_id IN (SELECT id FROM organisation WHERE demonstration)"
_OF_THEIRS = "demand_id IN (SELECT id FROM demand WHERE demonstration)"


def upgrade() -> None:
    """Apply."""

    for table, theirs in (("demand", _OWN), ("lead", _OF_THEIRS), ("match_run", _OF_THEIRS)):
        op.execute(f"UPDATE {table} SET demonstration = true WHERE NOT demonstration AND {theirs}")  # noqa: S608


def downgrade() -> None:
    """Undo: nothing, because which rows had lost their mark is not kept, and the code before reads it as well."""

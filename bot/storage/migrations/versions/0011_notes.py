"""What platforms keep for themselves."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0011"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("noted_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "name", name=op.f("pk_notes")),
    )

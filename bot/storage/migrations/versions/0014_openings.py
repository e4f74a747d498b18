"""Opening figures of a plan brought in mid-year: progress that no entry stands behind."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("owners", sa.Column("opening", sa.Double(), nullable=True))
    op.add_column("owners", sa.Column("opening_on", sa.Date(), nullable=True))
    with op.batch_alter_table("progress") as batch:
        batch.alter_column("entry_id", existing_type=sa.Integer(), nullable=True)

"""Registers, draws, changes of plans; figures by unit; details of items; staff grades."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _draws()
    _entries()
    _changes()
    _columns()


def _draws() -> None:
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("pool", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_draws_member_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
    )
    op.create_index("ix_draws_plan_register", "draws", ["plan", "register", "id"])
    op.create_table(
        "ballots",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_ballots")),
    )


def _entries() -> None:
    op.create_table(
        "register_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("register", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("inbox_id", sa.Integer(), nullable=True),
        sa.Column("logged_at", UtcDateTime(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("once_key", sa.Text(), nullable=True),
        sa.Column("draw_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.Column("retracted_at", UtcDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_register_entries_member_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"], name=op.f("fk_register_entries_inbox_id")),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_register_entries_draw_id")),
        sa.ForeignKeyConstraint(
            ["retracted_by"], ["members.id"], name=op.f("fk_register_entries_retracted_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entries")),
        sa.UniqueConstraint("plan", "number", name=op.f("uq_register_entries_plan_number")),
        sa.UniqueConstraint(
            "plan", "register", "once_key", name=op.f("uq_register_entries_plan_register_once_key")
        ),
    )
    op.create_index(
        "ix_register_entries_plan_register_on", "register_entries", ["plan", "register", "happened_on"]
    )
    op.create_index("ix_register_entries_plan_due_on", "register_entries", ["plan", "due_on"])
    op.create_table(
        "entry_states",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["register_entries.id"], name=op.f("fk_entry_states_entry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_entry_states_member_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_states")),
    )
    op.create_index("ix_entry_states_entry_id", "entry_states", ["entry_id"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_changes_member_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_plan_target", "changes", ["plan", "target", "id"])


def _columns() -> None:
    op.add_column("plans", sa.Column("paused_at", UtcDateTime(), nullable=True))
    op.add_column("holders", sa.Column("grade", sa.Text(), nullable=False, server_default=""))
    for table in ("entries", "progress"):
        op.add_column(table, sa.Column("detail", sa.JSON(), nullable=False, server_default="{}"))
    for name in ("plan", "unit", "figure"):
        op.add_column("figures", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    figures, checkins = sa.table("figures", *map(sa.column, ("checkin_id", "plan", "unit"))), sa.table(
        "checkins", *map(sa.column, ("id", "plan", "unit"))
    )
    for name in ("plan", "unit"):
        value = sa.select(checkins.c[name]).where(checkins.c.id == figures.c.checkin_id).scalar_subquery()
        op.execute(figures.update().values({name: value}))
    op.create_index("ix_figures_plan_figure_unit", "figures", ["plan", "figure", "unit", "id"])

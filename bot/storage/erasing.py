"""Erasing a person: the name, accounts and words go; what a unit reported stays, without whose words it was."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, null, or_, select, update

from bot.storage.engine import Tx
from bot.storage.tables import BindCode, Checkin, Draft, Holder, Identity, Inbox, Member, Note, Outgoing, Question

NOBODY = "（已删除）"


async def find(tx: Tx, name: str) -> Sequence[Member]:
    """Return the members of a name, or the one with a number."""
    same = Member.name == name
    statement = select(Member).where(or_(same, Member.id == int(name)) if name.isdigit() else same)
    return (await tx.execute(statement.order_by(Member.id))).scalars().all()


async def erase(tx: Tx, member_id: int, now: datetime) -> None:
    """Take a person's data out of every table; receipts, figures and the log of who did what stay whole."""
    statement = select(Identity.platform, Identity.external_id).where(Identity.member_id == member_id)
    for platform, external_id in (await tx.execute(statement)).all():
        await _erase_account(tx, platform, external_id)
    for table in (Identity, BindCode, Question, Draft):
        await tx.execute(delete(table).where(table.member_id == member_id))
    await tx.execute(
        update(Holder).where(Holder.member_id == member_id, Holder.until_at.is_(None)).values(until_at=now)
    )
    await tx.execute(update(Checkin).where(Checkin.member_id == member_id).values(text=""))
    await _blank(tx, Outgoing.member_id == member_id)
    nobody = {"name": NOBODY, "department": "", "mobile": None, "current_plan": ""}
    await tx.execute(update(Member).where(Member.id == member_id).values(nobody))


async def _erase_account(tx: Tx, platform: str, external_id: str) -> None:
    alias = f"erased:{hashlib.sha256(f'{platform}:{external_id}'.encode()).hexdigest()[:12]}"
    own = (Inbox.platform == platform, Inbox.sender == external_id)
    await tx.execute(update(Inbox).where(*own, Inbox.chat == external_id).values(chat=alias))
    await tx.execute(update(Inbox).where(*own).values(sender=alias, text=""))
    await _blank(tx, (Outgoing.platform == platform) & (Outgoing.external_id == external_id))
    for note in (await tx.execute(select(Note).where(Note.platform == platform))).scalars():
        if external_id in note.name or external_id in str(note.value):
            await tx.delete(note)
    await tx.flush()


async def _blank(tx: Tx, which: object) -> None:
    """Empty the messages to a person; what still waits is not sent any more."""
    waiting = Outgoing.state.in_(("pending", "claimed"))
    await tx.execute(update(Outgoing).where(which, waiting).values(state="dropped", reason="收件人的资料已删除"))  # type: ignore[arg-type]
    empty = {"external_id": "", "route": {}, "message": null(), "parts": null()}
    await tx.execute(update(Outgoing).where(which).values(empty))  # type: ignore[arg-type]

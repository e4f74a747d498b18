"""Binding: somebody unknown becomes a member by a one-time code from the office."""

import re
from datetime import datetime, timedelta

from bot.dispatch import Call, Router
from bot.domain.world import World
from bot.events import Event
from bot.messages import binding as wording
from bot.messages.message import Message, say
from bot.storage import members
from bot.storage.engine import Tx

router = Router("binding")

MOST_FAILURES = 5
WITHIN = timedelta(hours=1)


@router.strangers("bind", "绑定")
async def bind(event: Event, tx: Tx, args: str, world: World, now: datetime) -> tuple[Message, str]:
    """/bind CODE: tie the sender's account to the roster's person the code was made for."""
    if await members.failed_binds(tx, event.platform, event.sender, now - WITHIN) >= MOST_FAILURES:
        return wording.too_many_failures(), "bind_blocked"
    code = re.sub(r"\D", "", args)
    member = await members.use_bind_code(tx, code, now) if code else None
    if member is None:
        return wording.wrong_code(bool(code)), "bind_refused"
    await members.identify(tx, member.id, event.platform, event.sender)
    posts = [
        (world.plan(key).name, await members.standpoint(tx, key, member.id))
        for key in await members.plans_of(tx, member.id)
        if key in world.by_key
    ]
    return wording.bound(member.name, posts), "bound"


@router.command("bind", "绑定", usage="/bind 绑定码", help="")
async def bind_in_group(call: Call, tx: Tx) -> Message:
    """/bind in a group: codes are for private chats only, where nobody else can read them."""
    return say("绑定码请私聊发给我，不要发在群里。")

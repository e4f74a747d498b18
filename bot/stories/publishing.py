"""Posting to a plan's groups what the office released: once, in working hours, with nothing private in it."""

import re

from bot.dispatch import Call
from bot.domain.entries import brief
from bot.domain.plans import Plan
from bot.domain.registers import FieldKind, Register
from bot.errors import UserError
from bot.messages import publishing as wording
from bot.messages.message import Message, to_json
from bot.storage import outbox
from bot.storage.engine import Tx
from bot.storage.tables import RegisterEntry
from bot.stories.recipients import expiry

# What is never posted without a second word of the office: sanctions and what only it may see.
SANCTION = re.compile(r"通报批评|批评|处分|黑名单|问责|诫勉|约谈|组织处理|惩戒|处罚|违规|失范|不合格")
PEOPLE: tuple[FieldKind, ...] = ("person", "people")


async def post(call: Call, tx: Tx, key: str, message: Message) -> Message:
    """Put a message the office released to each of the plan's groups, now or when working hours begin; confirm it.

    Raises `UserError` when the plan has no group.
    """
    groups = call.world.groups_of(call.plan)
    if not groups:
        raise UserError("这个计划没有配置工作群，发不出去。")
    start = call.world.policy.next_working_moment(call.now, call.world.workdays)
    row = {
        "kind": "published",
        "plan": call.plan.key,
        "message": to_json(message),
        "urgent": outbox.URGENT,
        "not_before": start,
        "expires_at": expiry(call.world, start),
    }
    rows = [{**row, "key": f"{key}:{g.id}", "platform": g.platform, "group_id": g.id} for g in groups]
    await outbox.put_many(tx, rows)
    later = None if start <= call.now else call.world.policy.local(start)
    return wording.posted([group.name for group in groups], later)


def public_words(register: Register, entry: RegisterEntry, plan: Plan, *, names: bool) -> str:
    """Say what of an entry a group may see: no private field, and persons only where the office says so."""
    people = register.of_kind(*PEOPLE)
    shown = {key: value for key, value in entry.values.items() if key not in {field.key for field in people}}
    named = [_named(entry.values[field.key]) for field in people if names and field.key in entry.values]
    return "，".join(part for part in (*named, brief(register, shown, plan, private=False)) if part)


def _named(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def check(register: Register | None, text: str, receiver: str, *, confirmed: bool) -> None:
    """Raise `UserError` for a sanction, or for what only the office may see, unless the office confirms it."""
    if confirmed:
        return
    if register is not None and register.visible == "office":
        raise UserError(wording.office_only(register, receiver))
    found = SANCTION.search(f"{register.name} {text}" if register is not None else text)
    if found:
        raise UserError(wording.sanction(found[0]))

"""The census of a rehearsal: what was sent, recorded and missed, and the burden by person, group and month."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from statistics import mean
from typing import Any

from bot.app import Bot
from bot.domain.plans import Plan
from bot.storage import burden, members
from bot.storage.burden import Handing, Sending

UNASKED = ("ask", "entries")


async def census(bot: Bot, plan: Plan, first: date, last: date) -> dict[str, Any]:
    """Count what lies in the database of a rehearsal, as one JSON object."""
    async with bot.db.read() as tx:
        sent = await burden.sendings(tx)
        failed = await burden.failures(tx, plan.key)
        handings = await burden.handings(tx, plan.key)
        recorded = await burden.receipts(tx, plan.key)
        held = await members.holders(tx, plan.key)
    contacts = [held[post][-1].id for post in held if post.role == "contact"]
    months = _months(first, last)
    month_of = bot.world.policy.month
    return {
        "sent": dict(sorted(Counter(one.kind for one in sent).items())),
        "failed": failed,
        "recorded": recorded,
        "duties": _duties(handings, bot.clock.now()),
        "burden": {
            "per_contact_month": _per_contact(
                Counter((o.member, month_of(o.at)) for o in _unasked(sent)), contacts, months
            ),
            "per_group_month": _per_group(Counter((o.group, month_of(o.at)) for o in sent if o.group), plan, months),
        },
        "calls": {month: _calls([one for one in sent if month_of(one.at) == month]) for month in months},
    }


def _unasked(sent: Sequence[Sending]) -> Iterable[Sending]:
    return (one for one in sent if one.kind in UNASKED)


def _months(first: date, last: date) -> list[str]:
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in numbers]


def _per_contact(counts: Counter[tuple[int | None, str]], contacts: list[int], months: list[str]) -> dict[str, float]:
    found = [counts[member, month] for member in contacts for month in months]
    return {"mean": round(mean(found), 2) if found else 0, "max": max(found, default=0)}


def _per_group(counts: Counter[tuple[str | None, str]], plan: Plan, months: list[str]) -> dict[str, dict[str, int]]:
    return {group: {month: counts[group, month] for month in months} for group in plan.groups}


def _duties(handings: Sequence[Handing], now: datetime) -> dict[str, int]:
    """Count the duties that are over: handed in on time, late, never, or excused."""
    found = dict.fromkeys(("on_time", "late", "missed", "excused"), 0)
    for one in handings:
        if one.until >= now and one.handed_in_at is None:
            continue
        late = one.handed_in_at is not None and one.handed_in_at > one.until
        found[
            "excused" if one.excused else "missed" if one.handed_in_at is None else "late" if late else "on_time"
        ] += 1
    return found


def _calls(sent: Sequence[Sending]) -> dict[str, int]:
    """Count a platform's calls by what they are for; a private reminder to many at once may cost less."""
    group = sum(one.parts for one in sent if one.group)
    reply = sum(one.parts for one in sent if one.kind == "reply" and not one.group)
    private = sum(one.parts for one in sent) - group - reply
    return {"private": private, "group": group, "reply": reply, "total": private + group + reply}


KINDS = {
    "ask": "私下提醒",
    "group": "群消息",
    "digest": "简报",
    "office": "给办公室",
    "reply": "回执和回答",
    "notice": "通知",
    "missed": "错过的",
}


def told(found: dict[str, Any]) -> str:
    """Say a census to people."""
    duties, person = found["duties"], found["burden"]["per_contact_month"]
    sent = "、".join(f"{KINDS.get(kind, kind)} {number}" for kind, number in found["sent"].items())
    lines = [
        f"{found['plan']}：{found['from']} 到 {found['to']}，{found['units']} 个报送单位，{found['items']} 项。",
        f"发出：{sent}。",
        *(f"没发出 {number} 条：{reason}" for reason, number in found["failed"].items()),
        f"收到 {found['said']} 条，登记 {found['recorded']} 条。",
        f"应报：按时 {duties['on_time']}，迟报 {duties['late']}，没报 {duties['missed']}，不用报 {duties['excused']}。",
        f"私下提醒：每位联络员每月平均 {person['mean']} 条，最多 {person['max']} 条。",
        "每月用平台调用（私聊/群/回执）和各群条数：",
    ]
    for month, calls in found["calls"].items():
        groups = "、".join(f"{group} {counts[month]}" for group, counts in found["burden"]["per_group_month"].items())
        lines.append(f"  {month}  {calls['private']}/{calls['group']}/{calls['reply']}，群：{groups or '无'}")
    return "\n".join(lines)

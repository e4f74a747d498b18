"""Quotas: how they stand, and the numbers units and the office tell of them."""

import re
from collections.abc import Sequence
from datetime import date

from bot.dispatch import Call, PassOn, Router
from bot.domain.numerals import NUMBER, find_number
from bot.domain.quotas import Quota, Verdict, window_of
from bot.domain.reading import Entry, Metric, Reading
from bot.domain.reading.normalise import normalise
from bot.errors import UserError
from bot.messages import checkins as receipts
from bot.messages import quotas as wording
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.stories.quotas import Stand, stand_of, stands_of
from bot.stories.reports import WHOLE, Spoken, record

router = Router("quotas", "查看")

# K22：…, or the name of a quota and a colon.
OPENING = re.compile(
    r"\s*([A-Za-z]{1,2}\d{1,3}(?=\s*[：:，,\s])|[^：:，,；;。\n\d]{2,24}(?=[：:]))\s*[：:，,\s]\s*(?=\S)"
)
NEGATIVE = re.compile(r"(?<![\d一-鿿日月年])-\s*\d|[一-鿿]-\d|负\d")
NUMBERED = re.compile(rf"([一-鿿]{{0,8}}?)\s*({NUMBER})\s*(名|人次|人|期|次|批|份|个|学时|天|个月|%|所|家|种|处|项|门)")
YEAR = re.compile(r"\d{4}\s*年")


@router.command("quota", "指标", usage="/quota [编号|单位]", help="看指标完成得怎么样")
async def quota(call: Call, tx: Tx) -> Message:
    """/quota [id]: how all quotas stand, or one with its parts and its years."""
    if not call.args:
        rows = [(s.quota, s.verdict) for s in await stands_of(tx, call.plan, call.today) if _may_see(call, s.quota)]
        return wording.overview(rows)
    wanted = call.plan.quota_called(call.args)
    if wanted is None and call.plan.find_unit(call.args) is not None:
        return await _of_unit(call, tx, call.args)
    if wanted is None:
        if not call.slash:
            raise PassOn
        raise UserError(f"没有叫“{call.args}”的指标。看全部请发：指标")
    if not _may_see(call, wanted):
        raise UserError(f"这个指标涉及个人，只有{call.plan.receiver}和本人单位能看。")
    stand = await stand_of(tx, call.plan, wanted, call.today)
    first, last = window_of(wanted, call.today)
    trend = await _trend(call, tx, wanted)
    return wording.detail(wanted, stand.verdict, _parts(call, stand), trend, (first.year, last.year))


async def _of_unit(call: Call, tx: Tx, unit: str) -> Message:
    """Show how one unit stands: its part of each quota counted by unit; the unit itself and the office may see it."""
    if not call.standpoint.is_office and unit not in call.standpoint.units:
        raise UserError(f"各单位的指标只有{call.plan.receiver}和本单位能看。")
    rows = []
    for stand in await stands_of(tx, call.plan, call.today):
        rows += [(stand.quota, part.verdict) for part in stand.parts if part.name == unit]
    return wording.of_unit(unit, rows)


@router.hears()
async def tell(call: Call, tx: Tx) -> Message | None:
    """K22：总数15人，已培训3人: record numbers told of a quota as the unit's figures."""
    said = normalise(call.args)
    bare = call.plan.find_quota(said.strip().upper())
    if bare is not None and not call.plan.find_item(bare.id):
        return await quota(call, tx)
    opening = OPENING.match(said)
    wanted = call.plan.quota_called(opening[1].strip()) if opening else None
    if opening is None or wanted is None or (wanted.of != "figure" and wanted.id != opening[1].upper()):
        raise PassOn
    words = YEAR.sub("", said[opening.end() :])
    metrics = tuple(
        Metric(name or "完成", number, unit)
        for name, digits, unit in NUMBERED.findall(words)
        if (number := find_number(digits)) is not None
    )
    _check(words, metrics)
    unit = next(iter(call.standpoint.units), call.plan.receiver if call.standpoint.is_office else "")
    if not metrics or not unit:
        raise PassOn
    spoken = Spoken(call.plan, unit, call.member.id, call.inbox_id, call.now, call.args)
    reading = Reading(("metrics",), (Entry(wanted.id, metrics=metrics, because=call.args),), None)
    answer = receipts.receipt(await record(tx, call.world, spoken, reading, ()))
    stand = await stand_of(tx, call.plan, wanted, call.today)
    return receipts.with_note(answer, wording.line(wanted, stand.verdict))


def _check(words: str, metrics: Sequence[Metric]) -> None:
    """Raise `UserError` for what cannot be: a number below nothing, more than all of them, more than 100 %."""
    if NEGATIVE.search(words):
        raise UserError(wording.below_nothing())
    whole = next((metric for metric in metrics if WHOLE.search(metric.name)), None)
    for metric in metrics:
        if metric.unit == "%" and metric.value > 100:
            raise UserError(wording.more_than_all(f"{metric.value:g}%", "100%"))
        if whole is not None and metric.unit == whole.unit and metric.value > whole.value:
            raise UserError(
                wording.more_than_all(f"{metric.value:g}{metric.unit}", f"总数 {whole.value:g}{whole.unit}")
            )


def _may_see(call: Call, wanted: Quota) -> bool:
    return call.standpoint.is_office or not wanted.private or bool(call.standpoint.units or call.standpoint.leader_keys)


def _parts(call: Call, stand: Stand) -> list[tuple[str, Verdict]]:
    """Return the parts somebody may see: persons only for their own unit and the office, and never in a group."""
    found = []
    for part in stand.parts:
        own = call.standpoint.is_office or part.unit in call.standpoint.units
        may_name = own and call.event.chat_kind == "private"
        if stand.quota.per == "person" and not may_name:
            continue
        found.append((part.name, wording.with_missing(part.verdict, part.missing if may_name else ())))
    return found


async def _trend(call: Call, tx: Tx, wanted: Quota) -> list[tuple[str, str]]:
    """Return how a quota stood at the end of each year of the plan that is over."""
    found = []
    for year in range(call.plan.first_on.year, call.today.year):
        stand = await stand_of(tx, call.plan, wanted, date(year, 12, 31))
        found.append((f"{year}年", stand.verdict.said))
    return found

"""Forms: what was handed in on a form page becomes a check-in like any other; and asking for a form."""

from collections.abc import Sequence
from typing import Any

from bot.dispatch import Call, Router
from bot.domain.reading import Entry, Metric, Reading
from bot.errors import UserError
from bot.messages import checkins as receipts
from bot.messages import forms as wording
from bot.messages.message import Message, to_json
from bot.storage import forms
from bot.storage.engine import Tx
from bot.stories.forms import FormLink, check_unit, dues_in, url_for
from bot.stories.owed import Due
from bot.stories.reports import Spoken, current_dues, record

router = Router("forms", "报送")


@router.takes("form")
async def hand_in(call: Call, tx: Tx) -> Message:
    """Record a form and spend its link; the receipt is kept for whoever opens the link again."""
    form = call.event.form
    link = FormLink(call.plan, form["unit"], call.member.id, tuple(form["rounds"]), form["mark"])
    check_unit(link.unit, call.standpoint.units)
    if not await forms.spend(tx, link.mark, call.inbox_id, call.now):
        raise UserError(wording.already_handed_in())
    spoken = Spoken(call.plan, link.unit, call.member.id, call.inbox_id, call.now, call.event.text)
    dues = await dues_in(tx, call.world, link)
    made = await record(tx, call.world, spoken, _reading(call, form), dues, _brought(form, dues))
    message = receipts.receipt(made)
    await forms.note_receipt(tx, link.mark, to_json(message))
    await forms.drop_draft(tx, link.key)
    return message


def _reading(call: Call, form: dict[str, Any]) -> Reading:
    entries = [
        Entry(
            item,
            percent,
            "done" if percent == 100 else "not_started" if percent == 0 else "in_progress",
            sections={"progress": [form["notes"][item]]} if item in form["notes"] else {},
            because=f"表单：{percent:g}%",
        )
        for item, percent in form["percents"].items()
    ]
    for kind in call.plan.figures:
        if kind.id in form["figures"]:
            entries.append(Entry(kind.item or None, metrics=(Metric(kind.name, form["figures"][kind.id], kind.unit),)))
    entries += [Entry(None, sections=sections) for sections in form["sections"].values()]
    entries += [Entry(None, sections={"progress": [text]}) for text in form["texts"].values()]
    return Reading(("report",), tuple(entries))


def _brought(form: dict[str, Any], dues: Sequence[Due]) -> dict[int, dict[str, Any]]:
    """Say what the form brings to each of its rounds: sections, a text, or figures alone."""
    texts = {round_id: {"summary": text} for round_id, text in form["texts"].items()}
    written = {**texts, **form["sections"]}
    return {
        due.row.id: dict(written.get(str(due.row.id), {}))
        for due in dues
        if str(due.row.id) in written
        or any(item.id in form["percents"] for item in due.items)
        or any(key in form["figures"] for key in due.duty.figures)
    }


@router.command("form", "表单", usage="/form", help="要一张在手机上填的表（私聊）", roles=("contact",))
async def offer(call: Call, tx: Tx) -> Message:
    """/form: links to the forms of the sender's units, in private."""
    if call.world.links is None:
        raise UserError(wording.off())
    if call.event.chat_kind != "private":
        raise UserError(wording.privately())
    links = []
    for unit in call.standpoint.units:
        dues = await current_dues(tx, call.world, call.plan, unit, call.today)
        rows = [due.row for due in dues if not due.owed.nothing] or [due.row for due in dues]
        url = url_for(call.world, call.plan, unit, call.member.id, rows, call.now)
        links += [(unit, url)] if url else []
    if not links:
        raise UserError(wording.nothing_open())
    return wording.offered(links)

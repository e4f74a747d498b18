"""Reporting for another unit: /for 督导科 第4项50% reads the rest as that unit's words."""

from bot.dispatch import Call, PassOn, Router
from bot.errors import UserError
from bot.messages.message import Message
from bot.storage.engine import Tx

router = Router("behalf", "报送")


@router.command(
    "for",
    "代报",
    usage="/for 单位 内容",
    help="替别的单位登记，如：代报 督导科 第4项50%",
    roles=("contact", "office"),
    says=r"代报\s+(?P<args>\S.*)",
)
async def report_for(call: Call, tx: Tx) -> Message:
    """/for unit words: the words are read as a report on behalf of the unit."""
    name, _, said = call.args.replace("　", " ").partition(" ")
    unit = call.plan.find_unit(name.strip("：:")) if name else None
    if unit is None:
        if call.slash or not call.args:
            raise UserError(f"{f'没有叫“{name}”的单位。' if name else ''}请写单位和内容，例如：代报 督导科 第4项50%")
        raise PassOn
    if not said.strip():
        raise UserError(f"请接着写内容，例如：代报 {unit.name} 第4项50%")
    raise PassOn(f"代{unit.name}报：{said.strip()}")

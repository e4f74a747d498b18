"""Help: the commands somebody may use, and how to report."""

from bot.dispatch import Call, PassOn, Router
from bot.errors import UserError
from bot.messages import help as wording
from bot.messages.message import Message
from bot.storage import members
from bot.storage.engine import Tx

router = Router("help", "查看")


@router.command("help", "帮助", usage="/help [命令]", help="看能用哪些命令；带命令名看它怎么用")
async def show_help(call: Call, tx: Tx) -> Message:
    """/help [command]: the sender's commands by topic, or how one of them is used."""
    own = [command for command in call.commands if command.help and command.roles & call.standpoint.roles]
    if call.args:
        wanted = call.args.lstrip("/／").lower()
        found = [command for command in own if wanted in command.words or wanted == command.topic]
        if not found:
            raise UserError(wording.no_such(call.args))
        return wording.details([(command.words[1], command.usage, command.help) for command in found])
    topics: dict[str, list[str]] = {}
    for command in own:
        topics.setdefault(command.topic, []).append(command.words[1])
    return wording.commands(topics, call.standpoint)


@router.command("plan", "计划", usage="/plan [序号]", help="看参加的计划，或选当前计划")
async def choose_plan(call: Call, tx: Tx) -> Message:
    """/plan [n]: list the sender's plans, or choose the one meant in private."""
    keys = [key for key in await members.plans_of(tx, call.member.id, call.today) if key in call.world.by_key]
    plans = [call.world.plan(key) for key in sorted(keys)]
    if call.args:
        if not call.args.isdigit() and not call.slash:
            raise PassOn
        if not call.args.isdigit() or not 1 <= int(call.args) <= len(plans):
            raise UserError(f"请写 1 到 {len(plans)} 之间的序号，例如：计划 1")
        chosen = plans[int(call.args) - 1]
        await members.choose_plan(tx, call.member.id, chosen.key)
        return wording.plan_chosen(chosen.name)
    return wording.plans([plan.name for plan in plans])

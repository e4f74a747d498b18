"""What a group hears: one message a day at most, made when it is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.delivery import Dropped
from bot.domain.plans import Plan
from bot.domain.rounds import Due
from bot.domain.world import World
from bot.messages import reminders, standings, words
from bot.messages.message import Block, Lines, Message
from bot.messages.reminders import Setting
from bot.scheduler import Schedule
from bot.storage import rounds
from bot.storage.engine import Tx
from bot.storage.tables import Outgoing
from bot.stories.forms import url_for_group
from bot.stories.missing import missing_in
from bot.stories.standings import board

schedule = Schedule("groups")


@schedule.composes("group")
async def compose(tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
    """Word a group's message of the day from what is still true now."""
    dues: dict[str, list[Due]] = {}
    for plan_key, occasion_key in row.subject["about"]:
        occasions = world.occasions_of(world.plan(plan_key))
        dues.setdefault(plan_key, []).extend(due for o in occasions if o.key == occasion_key for due in o.dues)
    made: list[Message] = []
    for plan_key, own in dues.items():
        made += await _about(
            tx, world, world.plan(plan_key), own, Setting(world.policy.today(now), late=bool(row.subject["late"])), now
        )
    return _together(made) if made else Dropped("已全部报齐")


async def _about(
    tx: Tx, world: World, plan: Plan, dues: Sequence[Due], setting: Setting, now: datetime
) -> list[Message]:
    """Return what one plan has to say to its group: month tasks, who is missing, what came of a round."""
    by_step: dict[str, list[Due]] = {}
    for due in dues:
        by_step.setdefault(due.step.name, []).append(due)
    made = [_month_tasks(plan, due) for due in by_step.get("post", [])]
    after = by_step.get("list", [])
    over = [due.round for due in after]
    # After a standstill the reminder and the list of the missing may meet; the list says it all.
    open_ = [due for due in by_step.get("reminder", []) if due.round not in over]
    missing = await _missing(tx, plan, open_, setting.today)
    if any(entry.units for entry in missing):
        forms = await _form(tx, world, plan, open_, now)
        made.append(reminders.group_reminder(missing, replace(setting, forms=forms)))
    if after:
        made += await _after(tx, world, plan, after, now)
    return made


async def _form(tx: Tx, world: World, plan: Plan, dues: Sequence[Due], now: datetime) -> dict[str, str]:
    """Return the address that opens the form to everybody in the group, where there is a public address."""
    found = [await rounds.find(tx, plan.key, due.round.duty.id, due.round.period.key) for due in dues]
    url = url_for_group(world, plan, [row for row in found if row is not None], now)
    return {"": url} if url else {}


def _month_tasks(plan: Plan, due: Due) -> Message:
    items = plan.items_of_round(due.round.duty, due.round.period)
    return reminders.month_tasks(plan, due.round.period.key, items, due.round.due_on)


async def _missing(tx: Tx, plan: Plan, dues: Sequence[Due], today: date) -> list[reminders.Missing]:
    found = []
    for due in dues:
        row = await rounds.find(tx, plan.key, due.round.duty.id, due.round.period.key)
        if row is not None:
            found.append(await missing_in(tx, plan, due.round, row.id, today))
    return found


async def _after(tx: Tx, world: World, plan: Plan, dues: Sequence[Due], now: datetime) -> list[Message]:
    """Say who is still missing, with the league table where the duty has one. Nobody is rung for it."""
    missing = [replace(entry, mentions=()) for entry in await _missing(tx, plan, dues, world.policy.today(now))]
    league = [due for due in dues if due.round.duty.league]
    if league and plan.league == "group":
        found = await board(tx, world, plan, now, league[-1].round.period.key)
        table = standings.league(found.round.period.key, found.standings, found.on_time_only)
        title = f"{words.period(found.round.period.key)}报送情况"
        return [Message(title, (reminders.missing_lines(missing), Lines((f"{table.title}：",)), *table.blocks))]
    if any(entry.units for entry in missing):
        return [Message("未报名单", (reminders.missing_lines(missing),))]
    return []


def _together(messages: Sequence[Message]) -> Message:
    """Make one message of several; the first gives the title, the others keep theirs as a line."""
    if len(messages) == 1:
        return messages[0]
    blocks: list[Block] = list(messages[0].blocks)
    for message in messages[1:]:
        blocks += [Lines((f"【{message.title}】",)), *message.blocks]
    mentions = {mention.member: mention for message in messages for mention in message.mentions}
    return Message(messages[0].title, tuple(blocks), tuple(mentions.values()))

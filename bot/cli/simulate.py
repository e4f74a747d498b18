"""simulate: a stretch of a plan played with synthetic members, and what it would cost everybody."""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count, groupby
from pathlib import Path
from typing import Any

import click

from bot import app, log
from bot.cli.census import census, told
from bot.cli.demo import enrol_everybody
from bot.cli.frame import JSON, run, settings_of, show
from bot.cli.scaling import scaled
from bot.documents.planfiles import load_plan
from bot.domain.plans import Plan
from bot.domain.rounds import Occasion
from bot.errors import UserError
from bot.events import Event
from bot.settings import BackupSettings, ClockSettings, DatabaseSettings, Server, Settings

DAY = click.DateTime(["%Y-%m-%d"])
# Of ten contacts one never answers and two answer on the working day after the due day.
PATTERN = ("on time",) * 4 + ("late",) + ("on time",) * 3 + ("late", "never")
ANSWER_AFTER = timedelta(hours=1)
LATE_AT = time(10, 0)


@click.command()
@click.argument("plan_name", metavar="PLAN")
@click.option("--from", "first", type=DAY, required=True, help="从哪天起")
@click.option("--to", "last", type=DAY, required=True, help="到哪天止（含）")
@click.option("--units", type=click.IntRange(min=1), help="按多少个报送单位演（默认按计划）")
@click.option("--items", type=click.IntRange(min=1), help="按多少个事项演（默认按计划）")
@JSON
@click.pass_context
def simulate(
    ctx: click.Context,
    plan_name: str,
    first: datetime,
    last: datetime,
    units: int | None,
    items: int | None,
    as_json: bool,
) -> None:
    """用虚拟的联络员把一段时间演一遍，列出发了什么、收了什么、漏了什么，每人每月要收几条。"""
    if first > last:
        raise UserError(f"--from {first:%Y-%m-%d} 比 --to {last:%Y-%m-%d} 晚，应把早的写在前面")
    settings = settings_of(ctx)
    log.configure("error")
    plan = scaled(load_plan(plan_name), units, items)
    with tempfile.TemporaryDirectory(prefix="drumbeat-") as folder:
        found = run(_play(plan, _settings(settings, plan, Path(folder), first), first.date(), last.date()))
    show(found, told(found), as_json=as_json)


def _settings(own: Settings, plan: Plan, folder: Path, first: datetime) -> Settings:
    """Return the settings of a rehearsal: the office's own rules, a database that is thrown away, no platform."""
    policy = {"spread_s": 0, "mode": "live", "first_post": "send"}
    # A copy, because new settings would let the environment win: its database is the real one.
    return own.model_copy(
        update={
            "server": Server(),
            "database": DatabaseSettings(url=f"sqlite+aiosqlite:///{folder / 'drumbeat.db'}"),
            "clock": ClockSettings(start=first, timezone=own.clock.timezone, holidays=own.clock.holidays),
            "policy": own.policy.model_copy(update=policy),
            "backup": BackupSettings(),
            "platforms": {"sandbox": {}},
            "groups": [{"id": group, "name": f"工作群 {group}", "platform": "sandbox"} for group in plan.groups],
        }
    )


async def _play(plan: Plan, settings: Settings, first: date, last: date) -> dict[str, Any]:
    bot = await app.build(settings, [plan])
    async with app.at_rest(bot):
        await enrol_everybody(bot, plan)
        await bot.start()
        await bot.pause()  # time stands; everything due is done as it is moved
        bot.clock.hold(True)
        people = Contacts(bot, plan)
        await people.play(first, last)
        return {
            "plan": plan.key,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "units": len(plan.reporting_units),
            "items": len(plan.items),
            "said": people.said,
            **await census(bot, plan, first, last),
        }


class Contacts:
    """The synthetic contacts: each answers every private prompt in its own, fixed way."""

    def __init__(self, bot: app.Bot, plan: Plan) -> None:
        self.bot, self.plan, self.said = bot, plan, 0
        self._numbers = count(1)

    async def play(self, first: date, last: date) -> None:
        """Move time from the first day to the end of the last; whoever speaks at one moment speaks together."""
        policy = self.bot.world.policy
        answers = sorted(self._answers(first, last), key=lambda answer: answer[0])
        for at, together in groupby(answers, key=lambda answer: answer[0]):
            await self.bot.advance(at)
            for _, person, text in together:
                await self._say(person, text)
        await self.bot.advance(policy.end_of(last))

    async def _say(self, person: str, text: str) -> None:
        now = self.bot.clock.now()
        message_id = f"simulated:{next(self._numbers)}"
        await self.bot.dispatcher.receive(Event("sandbox", message_id, person, "private", person, text, now))
        self.said += 1

    def _answers(self, first: date, last: date) -> Iterator[tuple[datetime, str, str]]:
        """Yield (when, who, what) of every answer of the stretch."""
        prompts = [
            occasion
            for occasion in self.bot.world.occasions_of(self.plan)
            if (occasion.audience, occasion.kind) == ("private", "prompt") and first <= occasion.at.date() <= last
        ]
        for turn, occasion in enumerate(prompts, 1):
            for number, unit in enumerate(self.plan.reporting_units, 1):
                habit = PATTERN[number % len(PATTERN)]
                at = self._moment(occasion, late=habit == "late")
                if habit != "never" and at.date() <= last:
                    yield at, f"contact-{number}", self._words(unit, occasion, number + turn, turn / len(prompts))

    def _moment(self, occasion: Occasion, *, late: bool) -> datetime:
        if not late:
            return occasion.at + ANSWER_AFTER
        day = self.bot.world.workdays.after(occasion.due_on)
        return datetime.combine(day, LATE_AT, tzinfo=self.bot.world.policy.timezone)

    def _words(self, unit: str, occasion: Occasion, form: int, share: float) -> str:
        """Say how far a unit is: figures that reach 100 with the last prompt, and sections where they are asked for."""
        lists = {due.round.duty.list_key for due in occasion.dues}
        percent = round(100 * share)
        forms = ("第{no}项{percent}%", "{no}. {title}：{percent}%", "第{no}项目前{percent}%")
        figures = "；".join(
            forms[form % len(forms)].format(no=item.no, title=item.title, percent=percent)
            for item in self.plan.items_of_unit(unit)
            if item.list_key in lists and item.no is not None
        )
        if any(due.round.duty.form == "sections" for due in occasion.dues):
            return f"{figures}\n{SECTIONS}".strip()
        return figures or "本月重点工作按计划推进，召开专题会1次。"


SECTIONS = "一、工作进展：已完成方案起草和征求意见。\n二、存在问题：无。\n三、下一步工作计划：下月提交审议并抓好落实。"

COMMANDS = (simulate,)

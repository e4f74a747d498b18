"""demo: the whole bot on a chat page, with some weeks already played by synthetic members."""

import random
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import click

from bot import app, log
from bot.cli.frame import run
from bot.documents.planfiles import demo_pack, load_plan
from bot.domain.members import Post
from bot.domain.plans import Item, Plan
from bot.domain.rounds import Occasion
from bot.errors import UserError
from bot.platforms.sandbox.adapter import Sandbox
from bot.platforms.sandbox.saying import say_in_chat
from bot.settings import ClockSettings, DatabaseSettings, PolicySettings, Server, Settings
from bot.storage import members
from bot.stories.roster import Enrolled, enrol

SEED = 25
SILENT_SHARE = 0.12
ANSWERED_BY_THE_MORNING = 0.45


@click.command()
@click.option("--plan", "plan_name", help="计划名或路径（默认自带的演示计划）")
@click.option("--at", "at", help="从计划的哪一刻开始，如 2023-04-25T09:20:00")
@click.option("--port", type=int, default=8080, show_default=True, help="端口；0 表示任选")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="数据放在哪里（默认临时目录，退出即清）")
@click.option("--empty", is_flag=True, help="不预演历史，从零开始")
def demo(plan_name: str | None, at: str | None, port: int, data: Path | None, empty: bool) -> None:
    """打开演练页面：一个人扮演联络员、办公室和领导，拨动时钟看小鼓到点做什么。"""
    log.configure("warning")
    plan = load_plan(plan_name or demo_pack())
    stop = _moment(at or (plan.demo.at if plan.demo else f"{plan.first_on}T09:00:00"))
    since = _moment(plan.demo.since) if plan.demo and plan.demo.since and not empty else stop
    with tempfile.TemporaryDirectory(prefix="drumbeat-") as scratch:
        folder = data or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = not (folder / "drumbeat.db").exists()
        run(_play(plan, folder, (min(since, stop), stop), port, fresh=fresh))


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"“{text}”不是时间，应写成 2023-04-25T09:20:00") from error


def demo_settings(plan: Plan, folder: Path, start: datetime, port: int) -> Settings:
    """Return the settings of a demo: SQLite and the transcript in one folder, time standing at `start`."""
    # Not from the environment: its database and platforms are the real ones.
    return Settings.model_construct(
        # Forms and files need an address; with a free choice of port none is known yet.
        server=Server(port=port, public_url=f"http://127.0.0.1:{port}" if port else ""),
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{folder / 'drumbeat.db'}"),
        clock=ClockSettings(start=start, speed=1.0),
        policy=PolicySettings(spread_s=0),
        platforms={"sandbox": {"data": str(folder / "transcript.jsonl")}},
        groups=[{"id": group, "name": f"{plan.name}工作群", "platform": "sandbox"} for group in plan.groups],
    )


async def _play(plan: Plan, folder: Path, span: tuple[datetime, datetime], port: int, *, fresh: bool) -> None:
    since, stop = span
    bot = await app.build(demo_settings(plan, folder, since if fresh else stop, port), [plan])
    if fresh:
        await enrol_everybody(bot, plan)

    async def before_serving() -> None:
        if fresh and since < stop:
            click.echo("正在预演前几周，请稍候…", err=True)
            bot.clock.hold(True)
            await Rehearsal(bot, plan).until(stop.replace(tzinfo=bot.world.policy.timezone))
            bot.clock.hold(False)

    def ready(address: tuple[str, int]) -> None:
        click.echo(f"演练页面已就绪：http://{address[0]}:{address[1]}/sandbox/　（按 Ctrl+C 结束）")

    await app.serve_until_stopped(bot, ready, before_serving)


async def enrol_everybody(bot: app.Bot, plan: Plan) -> None:
    """Give each reporting unit a contact, the office a clerk and each leader key a leader; posts instead of names."""
    people = [
        Enrolled(f"{unit}联络员", unit, Post("contact", unit), ids={"sandbox": f"contact-{n}"})
        for n, unit in enumerate(plan.reporting_units, 1)
    ]
    people.append(Enrolled(f"{plan.receiver}小王", plan.receiver, Post("office"), ids={"sandbox": "office-1"}))
    people += [
        Enrolled(leader.post or leader.key, "", Post("leader", leader.key), ids={"sandbox": f"leader-{leader.key}"})
        for leader in plan.leaders
    ]
    async with bot.db.begin() as tx:
        for person in people:
            await enrol(tx, plan, person, bot.clock.now())


class Rehearsal:
    """Plays weeks in the sandbox: after each private prompt most contacts answer, in their own words."""

    def __init__(self, bot: app.Bot, plan: Plan) -> None:
        self.bot, self.plan = bot, plan
        self.dice = random.Random(SEED)  # noqa: S311 - play, not a secret
        self.done: dict[str, float] = {}
        sandbox = bot.adapters["sandbox"]
        if not isinstance(sandbox, Sandbox):
            raise UserError("演练需要 [platforms.sandbox]。")
        self.sandbox = sandbox

    async def until(self, stop: datetime) -> None:
        """Play everything up to a moment."""
        prompts = [
            occasion
            for occasion in self.bot.world.occasions_of(self.plan)
            if (occasion.audience, occasion.kind) == ("private", "prompt") and self.bot.clock.now() < occasion.at < stop
        ]
        for occasion in prompts:
            await self.bot.advance(occasion.at + timedelta(minutes=5))
            await self._answer(occasion, stop)
        await self.bot.advance(stop)

    async def _answer(self, occasion: Occasion, stop: datetime) -> None:
        """Let the contacts answer over the next hours; who would speak after `stop` stays silent."""
        async with self.bot.db.read() as tx:
            held = await members.holders(tx, self.plan.key)
            ids = await members.identities(tx, [people[-1].id for people in held.values()])
        senders = {post.scope: ids[people[-1].id]["sandbox"] for post, people in held.items() if post.role == "contact"}
        last = stop - occasion.at < timedelta(days=2)
        share = ANSWERED_BY_THE_MORNING if last else 1 - SILENT_SHARE
        speaking = [unit for unit in senders if self.dice.random() < share]
        times = sorted(occasion.at + timedelta(minutes=self.dice.randint(6, 420)) for _ in speaking)
        for unit, at in zip(speaking, times, strict=True):
            await self.bot.advance(at)
            text = self._words(unit, occasion)
            await say_in_chat(self.sandbox, {"chat": senders[unit], "sender": senders[unit], "text": text})
            await self.bot.settle()

    def _words(self, unit: str, occasion: Occasion) -> str:
        """Say what a contact of the unit would say: figures that grow, and sections where they are asked for."""
        lists = {due.round.duty.list_key for due in occasion.dues}
        items = [item for item in self.plan.items_of_unit(unit) if item.list_key in lists]
        if any(due.round.duty.form == "sections" for due in occasion.dues):
            lead = "；".join(self._figure(item) for item in items)
            return SECTIONS.format(lead=lead, trouble=self.dice.choice(TROUBLES)).strip()
        if not items:
            return self.dice.choice(NO_ITEMS)
        return "；".join(self._figure(item) for item in items)

    def _figure(self, item: Item) -> str:
        percent = min(100.0, self.done.get(item.id, 0.0) + self.dice.choice((5, 10, 15, 20, 30)))
        self.done[item.id] = percent
        forms: tuple[Callable[[], str], ...] = (
            lambda: f"第{item.no}项{percent:g}%",
            lambda: f"{item.no}. {item.title}：{percent:g}%",
            lambda: f"第{item.no}项目前{percent:g}%",
        )
        return self.dice.choice(forms)()


SECTIONS = """{lead}
一、工作进展：已完成方案起草和征求意见。
二、存在问题：{trouble}。
三、下一步工作计划：下月提交审议并抓好落实。"""
TROUBLES = ("专项经费尚未到位", "人手不足", "部门意见还没有统一", "无")
NO_ITEMS = ("本月完成制度梳理，走访学校3所，其他工作正常推进。", "本月重点工作按计划推进，召开专题会1次。", "本月无")

COMMANDS = (demo,)

"""How many replies a second one core reads: messages of sixty characters, 237 items in the plan."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bot.documents.planfiles import demo_pack, load_plan
from bot.domain.plans import Item, Plan
from bot.domain.reading import Context, Reader
from bot.domain.workdays import Workdays

ITEMS = 237
LENGTH = 60
FLOOR = 5000
MESSAGES = 4000
SUBJECTS = (
    "校园足球", "劳动教育", "教材管理", "师德师风", "数字校园", "食堂安全", "美育评价", "实验教学", "书香校园",
)  # fmt: skip
VERBS = ("推进", "完善", "强化", "规范", "深化")
# What people add to a figure: progress, trouble, plans, thanks. Drawn at random until a message is long enough.
REMARKS = (
    "方案已征求意见", "县区津贴还没落实", "下月上局务会", "已召开座谈会{n}次", "覆盖学校{n}所",
    "正在走采购流程", "预计6月底完成", "经费已拨付到位", "培训骨干教师{n}人", "第二批名单已报市里",
    "存在问题：人手不足", "下一步：召开现场推进会", "请领导审阅", "正在对接编办", "参训率{n}%",
    "比上月提高{n}个百分点", "等上级文件", "材料稍后补", "基本按计划推进", "其他事项正常",
)  # fmt: skip
FIGURES = ("{n}%", "进度{n}%", "完成{n}%", "约{n}%", "已完成", "进行中", "百分之{n}", "累计{n}%", "未启动", "基本完成")


def grown(plan: Plan) -> Plan:
    """Return the plan with as many items as the largest year we know, most of them led by other units."""
    units = [unit.name for unit in plan.units if unit.reports]
    more = (
        Item(f"X{n:03}", "more", n, f"{VERBS[n % 5]}{SUBJECTS[n % 9]}第{n}类工作", units=(units[n % len(units)],))
        for n in range(1, ITEMS - len(plan.items) + 1)
    )
    return replace(plan, items=(*plan.items, *more))


def messages(plan: Plan, seed: int = 1) -> Iterator[tuple[str, Context]]:
    """Make replies as contacts write them: by number or name, one or two items, a figure each, and remarks."""
    draw = random.Random(seed)
    listed = [item for item in plan.items if item.list_key == plan.lists[0].key and item.units]
    today = date(plan.year, 4, 25)
    for _ in range(MESSAGES):
        item = draw.choice(listed)
        own = [other for other in listed if item.units[0] in other.units]
        parts = []
        for about in draw.sample(own, min(len(own), draw.choice((1, 1, 2)))):
            name = draw.choice((f"第{about.no}项", about.title, about.aliases[0] if about.aliases else about.title))
            parts.append(name + draw.choice(FIGURES).format(n=draw.randint(1, 99)))
        while len("，".join(parts)) < LENGTH:
            parts.insert(draw.randint(1, len(parts)), draw.choice(REMARKS).format(n=draw.randint(2, 400)))
        context = Context(plan.code, item.units[0], today=today, pending=f"monthly:{plan.year}-04")
        yield "，".join(parts)[:LENGTH], context


def main() -> None:
    """Print replies a second of this process's own time and by the clock, and the floor."""
    plan = grown(load_plan(demo_pack()))
    reader = Reader(plan, Workdays())
    for text, context in messages(plan, seed=2):
        reader.read(text, context)
    replies = list(messages(plan))
    wall, cpu = time.perf_counter(), time.process_time()
    for text, context in replies:
        reader.read(text, context)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    rate, by_clock = len(replies) / cpu, len(replies) / wall
    print(f"{'replies of 60 characters':<28}{'items':>8}{'per cpu second':>16}{'by the clock':>14}{'floor':>8}")
    each = f"{cpu * 1e6 / len(replies):.0f} µs of cpu each"
    print(f"{each:<28}{len(plan.items):>8}{rate:>16.0f}{by_clock:>14.0f}{FLOOR:>8}")


if __name__ == "__main__":
    main()

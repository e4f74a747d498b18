"""/help lists only the sender's own commands; /plan chooses between plans."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import build
from bot.domain.members import Post
from bot.stories.roster import Enrolled, enrol
from tests.core.houses import ask, few, receive, rows
from tests.theatre import SandboxStage, Theatre

START = "2023-03-24T10:00"
CHANGING = {"轮岗", "发布", "抽查", "征集", "暂停", "恢复", "延期", "设定", "新增项目", "拆分", "合并", "取消", "重启"}
OWN = {
    "contact7": {"延期", "表单", "代报", "依据", "请假", "撤回", "帮助", "计划", "排名", "进度", "我的"},
    "office1": {
        "撤回",
        "帮助",
        "计划",
        "排名",
        "进度",
        "我的",
        "未报",
        "催报",
        "收回",
        "调度",
        "移交",
        "同意",
        "不同意",
        "代报",
        "依据",
        "豁免",
        "汇总",
        "导出",
        "核查",
        "退回",
        *CHANGING,
    },
    "leader1": {"汇总", "依据", "帮助", "计划", "排名", "进度", "我的", "未报", "同意", "不同意"},
}


EVERYBODY = {"历史", "登记", "台账", "指标", "档案"}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("who", OWN)
async def test_help_lists_only_own_commands(house: Theatre, who: str) -> None:
    lines = (await ask(house, who, "帮助")).splitlines()

    shown = {word for line in lines if line.startswith("· ") for word in line.partition("：")[2].split("、")}
    assert shown == OWN[who] | EVERYBODY


@pytest.mark.asyncio(loop_scope="module")
async def test_help_tells_how_one_command_is_used(house: Theatre) -> None:
    assert "拆分（/split 第几项 为 甲、乙）" in await ask(house, "office1", "帮助 拆分")
    assert "没有“拆分”这个命令，或者您不能用" in await ask(house, "contact7", "/help 拆分")


class TwoPlans(Theatre):
    """A house that serves a second plan, in which the same contact reports too."""

    async def open(self) -> Theatre:
        other = replace(self.plan, key="second", name="第二个计划", groups=())
        await super().open()
        await self.bot.stop()
        self.bot = await build(self.settings(), [self.plan, other])
        self.stage.bot = self.bot
        async with self.bot.db.begin() as tx:
            person = Enrolled("思政科·contact1", "思政科", Post("contact", "思政科"))
            await enrol(tx, other, person, self.bot.clock.now() - timedelta(days=1))
        self.bot.clock.hold(True)
        await self.bot.start()
        return self


async def test_a_contact_of_two_plans_is_asked_which_one(tmp_path: Path, migrated: Path) -> None:
    house = await TwoPlans(SandboxStage(), tmp_path, START, few("思政科"), migrated).open()
    said = [await ask(house, "contact1", text) for text in ("第7项80%", "计划", "计划 2", "第7项80%", "计划 3")]
    outcome = await receive(house, "contact1", "计划 1", "m1")
    counted = await rows(house.bot.db, "SELECT plan, count(*) FROM checkins GROUP BY plan")
    await house.close()

    listed = f"1. {house.plan.name}\n2. 第二个计划"
    assert said[0] == f"您参加了几个计划，请先选一个，例如回复：计划 1\n{listed}"
    assert said[1].startswith(f"您参加的计划：\n{listed}")
    assert said[2] == "好，现在说的是“第二个计划”。"
    assert "回执 1 号（思政科）" in said[3]
    assert said[4] == "请写 1 到 2 之间的序号，例如：计划 1"
    assert (outcome.outcome, counted) == ("command:plan", [("second", 1)])

"""March 2023, whose 25th is a Saturday, on the sandbox, on DingTalk and on WeCom: the same play everywhere."""

import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.theatre import GROUP, STAGES, Heard, SandboxStage, Stage, Theatre, bare

pytestmark = pytest.mark.transcript

GOLDEN = Path(__file__).with_name("march.txt")
Open = Callable[..., Awaitable[Theatre]]


class Script:
    """Writes down who said what to whom."""

    def __init__(self, house: Theatre) -> None:
        self.house = house
        self.lines: list[tuple[str, str, str]] = []

    def note(self, when: str, heard: list[Heard]) -> list[Heard]:
        self.lines += [(when, heard_one.to, heard_one.text) for heard_one in _ordered(heard)]
        return heard

    async def until(self, moment: str) -> list[Heard]:
        return self.note(moment, await self.house.until(moment))

    async def say(self, person: str, text: str) -> str:
        self.lines.append(("says", person, text))
        heard = await self.house.say(person, text)
        self.note("answer", heard)
        return "\n".join(one.text for one in heard if one.to == person)


def _ordered(heard: list[Heard]) -> list[Heard]:
    """Sort what was sent at one moment; parts to one receiver keep their order."""
    return sorted(heard, key=lambda one: one.to)


async def play(house: Theatre) -> Script:
    """Play the month."""
    script = Script(house)
    ideology, personnel = house.contact("思政科"), house.contact("组织科")
    joint, law = house.contact("职成教科"), house.contact("政策法规与行政审批科")
    digests = await script.until("2023-03-20T08:40")
    assert {one.to for one in digests} == {"office1", *(f"leader{n}" for n in range(1, 8))}
    assert await script.until("2023-03-24T08:59") == []
    friday = await script.until("2023-03-24T09:05")
    assert sorted(one.to for one in friday) == sorted(
        [GROUP, "office1", *(p for p in house.cast if p.startswith("contact"))]
    )
    assert "还缺" in await script.say(ideology, "第7项80%，县区津贴还没落实") or True
    await script.say(ideology, "进展：方案已印发。问题：津贴未落实。下一步：下月上会。")
    await script.say(
        personnel,
        "9.党组织领导下的校长负责制 已完成\n10.中小学校长职级制 85%\n11.推动增设校外监管科 未启动（等编办批复）\n"
        "12.教育系统选树担当者 20%\n13.理顺市、县两级教育系统党建工作管理体制 六成",
    )
    await script.say(personnel, "60%")
    await script.say(joint, "第4项80%\n一、工作进展：完成摸底。\n二、存在问题：无。\n三、下一步工作计划：整改。")
    await script.say(house.contact("督导科"), "第4项60%")
    await script.say(law, "本月完成规范性文件清理，其他工作正常推进。")
    await script.say(joint, "改为90%")
    await script.say(joint, "撤回")
    await script.say("office1", "/status 4")
    await script.say("office1", "未报")
    await script.say("leader4", "进度")
    await script.say(ideology, "我的")
    await script.say(ideology, "/remind")
    assert await script.until("2023-03-26T23:59") == []
    await script.until("2023-03-27T09:10")
    await script.say("office1", "/rank 组织科")
    await script.until("2023-03-29T09:10")
    await script.until("2023-04-03T08:40")
    return script


@pytest.mark.parametrize("stage", STAGES)
async def test_march_is_played_the_same_on_every_platform(stage: type[Stage], theatre: Open) -> None:
    script = await play(await theatre("2023-03-20T08:00", stage()))
    if stage is SandboxStage and os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(written(script), encoding="utf-8")
    golden = GOLDEN.read_text(encoding="utf-8")

    assert merged(written(script)) == merged(golden)


def written(script: Script) -> str:
    return "\n".join(f"=== {when} → {to}\n{text}" for when, to, text in script.lines) + "\n"


def merged(text: str) -> list[str]:
    """Return the transcript without platform differences: parts of one message joined, marks and mentions left out."""
    found: list[list[str]] = []
    for block in text.split("=== ")[1:]:
        head, _, body = block.partition("\n")
        if found and found[-1][0] == head and not head.startswith("says"):
            found[-1][1] += bare(body)
        else:
            found.append([head, bare(body)])
    return [" ".join(block) for block in found]

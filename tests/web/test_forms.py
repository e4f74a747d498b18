"""The form over HTTP: opened as often as one likes, handed in once, by its owner, in its time."""

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.documents.planfiles import load_plan
from bot.domain.links import Links
from bot.domain.members import Post
from bot.storage import members
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.houses import ask, begin, by_hand, rows
from tests.theatre import Theatre

PUBLIC = "https://drumbeat.example.org"
SAID = ("下月上会", "无", "方案已印发；\n完成第一轮培训")
LINK = re.compile(rf"{PUBLIC}/form/([\w.~-]+)")


@dataclass
class Page:
    """What the browser was shown."""

    status: int
    text: str
    path: str


class Browser:
    """Opens and posts forms as a browser does, following redirects."""

    def __init__(self, house: Theatre) -> None:
        self.house = house

    async def get(self, token: str) -> Page:
        async with aiohttp.ClientSession() as session, session.get(f"{self.house.address}/form/{token}") as answer:
            return Page(answer.status, await answer.text(), answer.url.path)

    async def post(self, token: str, **typed: str) -> Page:
        named = {name.replace("__", ":"): value for name, value in typed.items()}
        url = f"{self.house.address}/form/{token}"
        async with aiohttp.ClientSession() as session, session.post(url, data=named) as answer:
            return Page(answer.status, await answer.text(), answer.url.path)

    async def hand_in(self, token: str, **typed: str) -> Page:
        page = await self.get(token)
        submission = re.search(r'name="submission" value="([^"]+)"', page.text)
        assert submission is not None, page.text
        return await self.post(token, action="submit", submission=submission[1], **typed)


def token_in(text: str) -> str:
    found = LINK.search(text)
    assert found is not None, text
    return found[1]


async def opened(theatre: Open, *units: str) -> tuple[Theatre, Browser]:
    house = await begin(theatre, "2023-04-24T10:00", *units, public_url=PUBLIC)
    return house, Browser(house)


async def form_of(house: Theatre, unit: str) -> str:
    return token_in(await ask(house, unit, "表单"))


async def test_a_form_is_filled_once_and_its_receipt_stays(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科", "督导科")
    await ask(house, "思政科", "第7项60%")
    token = await form_of(house, "思政科")
    blank = await browser.get(token)
    await browser.get(token)  # opening again spends nothing
    receipt = await browser.hand_in(token, p__S07="８0％", n__S07="津贴已上会 <b>研究</b>")
    again = await browser.post(token, action="submit", submission="other", p__S07="10")

    assert (blank.status, receipt.status, again.status) == (200, 200, 409)
    assert 'value="60"' in blank.text and "上次 60%（4月24日）" in blank.text
    assert "回执 2 号（思政科）" in receipt.text and "80%；工作进展：津贴已上会 &lt;b&gt;研究&lt;/b&gt;" in receipt.text
    assert "已经提交过了" in again.text
    assert await rows(house.bot.db, "SELECT percent FROM progress WHERE item = 'S07'") == [(80.0,)]
    assert "回执 2 号" in (await browser.get(token)).text
    assert await rows(house.bot.db, "SELECT count(*) FROM outbox WHERE platform = 'form'") == [(0,)]
    assert "依据“表单：80%”" in await ask(house, "思政科", "依据 2")


async def test_the_same_submission_twice_is_one_check_in(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科")
    token = await form_of(house, "思政科")
    both = await asyncio.gather(
        *(browser.post(token, action="submit", submission="once", p__S07="40") for _ in range(2)),
        browser.post(token, action="submit", submission="another", p__S07="40"),
    )

    assert all("回执 1 号" in page.text or page.status in (409, 422) for page in both)
    assert any("回执 1 号" in page.text for page in both)
    assert (await browser.post(token, action="submit", submission="once", p__S07="50")).status == 409
    assert await rows(house.bot.db, "SELECT count(*), max(percent) FROM entries") == [(1, 40.0)]


async def test_a_draft_is_kept_and_found_again_from_another_link(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科")
    token = await form_of(house, "思政科")
    kept = await browser.post(token, action="draft", p__S07="35", n__S07="写了一半")
    house.bot.clock.set(house.bot.clock.now() + timedelta(minutes=5))
    other = await browser.get(await form_of(house, "思政科"))

    assert "草稿已保存" in kept.text
    assert 'value="35"' in other.text and "写了一半" in other.text and "草稿存于 4月24日 10:00" in other.text
    assert await rows(house.bot.db, "SELECT count(*) FROM checkins") == [(0,)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"p__S07": ""}, "请填完成百分之几"),
        ({"p__S07": "120"}, "“120”不是 0 到 100 的数"),
        ({"p__S07": "八成"}, "“八成”不是 0 到 100 的数"),
        ({"p__S07": "50", "n__S07": "长" * 501}, "写了 501 个字，最多 500 个字"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_lost(theatre: Open, typed: dict[str, str], told: str) -> None:
    house, browser = await opened(theatre, "思政科")
    token = await form_of(house, "思政科")
    page = await browser.hand_in(token, **typed)

    assert page.status == 422 and told in page.text
    assert f'value="{typed["p__S07"]}"' in page.text
    assert "回执 1 号" in (await browser.hand_in(token, p__S07="50")).text


async def test_links_that_are_old_cut_or_not_the_readers_any_more_open_nothing(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科", "督导科")
    token = await form_of(house, "思政科")
    cut = await browser.get(token[:-3])
    links = house.bot.world.links
    assert links is not None
    foreign = await browser.get(
        Links(PUBLIC, b"another key").token("form", ("x", "y", 1, "1", 1), house.bot.clock.now())
    )
    assert (await browser.get(token)).status == 200
    await ask(house, "office1", "/handover 思政科 孙敏")
    changed = await browser.get(token)
    house.bot.clock.set(house.bot.clock.now() + timedelta(days=30))
    old = await browser.get(token)

    assert (cut.status, foreign.status, changed.status, old.status) == (404, 404, 403, 410)
    assert "您现在不是思政科的联络员" in changed.text and "链接过期了" in old.text
    assert (await browser.post(token, action="submit", submission="x", p__S07="50")).status == 410


async def test_reminders_carry_the_form_and_the_groups_link_asks_who_one_is(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科", "督导科")
    heard = await house.until("2023-04-25T09:30")
    group = next(one.text for one in heard if one.to == "main" and "/form/" in one.text)
    token = token_in(group)
    links = house.bot.world.links
    assert links is not None
    async with house.bot.db.read() as tx:
        member = await members.find_by_identity(tx, "sandbox", house.contact("思政科"))
    assert member is not None
    asked = await browser.get(token)
    wrong = await browser.post(token, unit="督导科", code=links.code(member.id))
    right = await browser.post(token, unit="思政科", code=links.code(member.id))
    for _ in range(5):
        await browser.post(token, unit="督导科", code="000000")

    assert asked.status == 200 and "<option>思政科</option>" in asked.text
    assert wrong.status == 422 and "单位和填报码对不上" in wrong.text
    assert right.status == 200 and "7 加强中小学班主任队伍建设" in right.text and right.path != f"/form/{token}"
    assert (await browser.post(token, unit="督导科", code="000000")).status == 429


async def test_private_reminders_link_each_units_own_form(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T10:00", "思政科", "督导科", public_url=PUBLIC)
    browser = Browser(house)
    heard = {one.to: one.text for one in await house.until("2023-04-24T18:00") if "/form/" in one.text}
    page = await browser.get(token_in(heard[house.contact("督导科")]))

    assert "督导科 ·" in page.text and "4月月度进展" in page.text
    assert token_in(heard[house.contact("思政科")]) != token_in(heard[house.contact("督导科")])


async def test_a_returned_form_comes_with_a_new_link(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科")
    token = await form_of(house, "思政科")
    await browser.hand_in(token, p__S07="90")
    house.bot.clock.set(house.bot.clock.now() + timedelta(minutes=1))
    await ask(house, "office1", "退回 1 请附依据")
    told = next(one.text for one in await house.until("2023-04-24T10:10") if one.to == house.contact("思政科"))
    fresh = token_in(told)

    assert fresh != token and "回执 2 号" in (await browser.hand_in(fresh, p__S07="70")).text


async def test_without_a_public_address_there_are_no_forms(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")

    assert "还没有开通表单" in await ask(house, "思政科", "表单")
    assert (await Browser(house).get("x.y")).status == 404


async def test_a_deputy_hands_in_for_the_unit(theatre: Open) -> None:
    house, browser = await opened(theatre, "思政科")
    async with house.bot.db.begin() as tx:
        deputy = Enrolled("李副", "思政科", Post("deputy", "思政科"), ids={"sandbox": "deputy1"})
        await enrol(tx, house.plan, deputy, house.bot.clock.now())
    page = await browser.hand_in(token_in(await ask(house, "deputy1", "表单")), p__S07="20")

    assert "回执 1 号（思政科）" in page.text and "李副" in page.text


FIGURES_DUTY = """
[[duties]]
id = "numbers"
name = "感染数据"
when = "每月25日前"
form = "figures"
figures = ["infection"]
"""


async def test_figures_are_asked_for_beside_the_progress(theatre: Open, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "docs" / "example-plan.toml"
    (tmp_path / "plan.toml").write_text(example.read_text(encoding="utf-8") + FIGURES_DUTY, encoding="utf-8")
    plan = load_plan(str(tmp_path / "plan.toml"))
    house = await by_hand(await theatre("2026-04-22T10:00", plan=plan, public_url=PUBLIC))
    await house.bot.settle()
    browser, unit = Browser(house), "药剂科"
    token = token_in(await ask(house, unit, "表单"))
    blank = await browser.get(token)
    wrong = await browser.hand_in(token, p__Q02="50", f__infection="几例")
    receipt = await browser.hand_in(token, p__Q02="50", f__infection="３例")

    assert "院内感染" in blank.text and "质量查房" not in blank.text
    assert wrong.status == 422 and "“几例”不是一个数，应像：86（例）" in wrong.text
    assert "院内感染 3例" in receipt.text and "4月整改进展、4月感染数据已报齐" in receipt.text
    assert await rows(house.bot.db, "SELECT figure, value FROM figures") == [("infection", 3.0)]


async def test_a_sectioned_report_opens_with_the_words_of_the_last_one(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-20T10:00", "思政科", "组织科", public_url=PUBLIC)
    browser = Browser(house)
    blank = await browser.get(await form_of(house, "思政科"))
    names = sorted(set(re.findall(r'<textarea id="(s:\d+:\w+)"', blank.text)))
    first = {name.replace(":", "__"): words for name, words in zip(names, SAID, strict=True)}
    missing = await browser.hand_in(await form_of(house, "思政科"), p__S07="30", **{**first, next(iter(first)): ""})
    receipt = await browser.hand_in(await form_of(house, "思政科"), p__S07="30", **first)
    house.bot.clock.set(house.bot.clock.now() + timedelta(days=184))
    await house.bot.scheduler.run_all()
    following = await browser.get(await form_of(house, "思政科"))

    assert "3月月度进展、3月工作专报" in blank.text and "没有就写：无" in blank.text
    assert missing.status == 422 and "这一栏要写" in missing.text
    assert "3月月度进展、3月工作专报已报齐" in receipt.text and "存在问题：无" in receipt.text
    assert "已带出上次的内容" in following.text and "方案已印发" in following.text and 'value="30"' in following.text

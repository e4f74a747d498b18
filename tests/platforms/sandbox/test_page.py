"""The page in a real browser: a desk and a phone."""

import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.messages.message import Mention, Message, Table, say

from .conftest import Caller, EchoBot

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

CHROMIUM = shutil.which("chromium")
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OVERFLOW = "document.scrollingElement.scrollWidth - innerWidth"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.asyncio,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator["Browser"]:
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


async def opened(browser: "Browser", address: str, width: int, faults: list[Any]) -> "Page":
    page = await browser.new_page(viewport={"width": width, "height": 760})
    page.on("pageerror", lambda fault: faults.append(fault))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    await page.goto(f"{address}/sandbox/")
    await page.click("#hint button")
    return page


async def test_desk_talks_and_moves_the_clock(browser: "Browser", address: str, bot: EchoBot) -> None:
    faults: list[Any] = []
    page = await opened(browser, address, 1280, faults)
    await page.click("[data-person=li]")
    await page.fill(".private textarea", "第一行")
    await page.press(".private textarea", "Enter")
    await page.wait_for_selector(".private .msg.bot:has-text('听到了：第一行')")
    assert await page.inner_text(".private .msg.mine .bubble") == "第一行"
    await page.click(".group .chips button:has-text('进度')")
    await page.wait_for_selector(".group .msg.bot:has-text('听到了：进度')")
    await page.click("[data-advance='86400']")
    await page.wait_for_selector("#clock:has-text('2023年4月26日 星期三')")
    await page.wait_for_selector(".group .msg.bot:has-text('时钟走到了')")
    assert await page.evaluate(OVERFLOW) <= 0
    assert [event.sender for event in bot.heard] == ["li", "li"]
    assert faults == []


async def test_phone_shows_one_chat_at_a_time(browser: "Browser", address: str, bot: EchoBot) -> None:
    faults: list[Any] = []
    rows = tuple((str(n), "教育督导评估监测中心", "50%", "0/12", "未报*") for n in range(1, 11))
    league = Table(("", "科室", "完成度", "已完成", "报送"), rows, ("right", "left", "right", "right", "left"))
    await bot.tell("main", Message("完成情况", (league,), tuple(Mention(n, f"联络员{n}") for n in range(9))), "k")
    page = await opened(browser, address, 375, faults)
    await page.wait_for_selector(".group .msg.bot tbody tr:nth-child(10)")
    assert await page.evaluate(OVERFLOW) <= 0
    assert not await page.is_visible(".panel.private")
    await page.click("[data-show=private]")
    await page.select_option("#who", "wang")
    await page.fill(".private textarea", "进" * 300)
    await page.click(".private .send")
    await page.wait_for_selector(".private .msg.bot")
    await page.click("#dial")
    assert await page.evaluate(OVERFLOW) <= 0
    assert not await page.is_visible(".panel.group")
    assert faults == []


async def test_unread_person_has_a_dot_until_opened(browser: "Browser", address: str, bot: EchoBot) -> None:
    page = await opened(browser, address, 1280, [])
    await bot.tell("wang", say("本周情况"), "digest")
    await page.wait_for_selector("[data-person=wang] .dot:visible")
    await page.click("[data-person=wang]")
    await page.wait_for_selector(".private .msg.bot:has-text('本周情况')")
    await page.wait_for_selector("[data-person=wang] .dot", state="hidden")


async def test_script_of_a_member_does_not_run(browser: "Browser", address: str, caller: Caller) -> None:
    page = await opened(browser, address, 1280, [])
    await caller.say("main", "zhang", "<img src=x onerror='document.title=1'><script>document.title=1</script>")
    await page.wait_for_selector(".group .msg:has-text('onerror')")
    assert await page.title() == "鼓点 · 演练环境"

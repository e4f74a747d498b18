"""The 25th on the chat page, in a real browser, with the real bot behind it."""

import shutil

import pytest

from tests.conftest import Open
from tests.theatre import SandboxStage

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]


@pytest.mark.parametrize("width", [1280, 375])
async def test_the_25th_is_played_on_the_page(width: int, theatre: Open) -> None:
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    house = await theatre("2023-04-24T08:50", SandboxStage())
    await house.until("2023-04-25T09:20")
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": width, "height": 800})
        await page.goto(house.address)
        await page.wait_for_selector(".group .msg.bot:has-text('4月月度进展今天截止')")
        await page.evaluate("document.querySelector('#hint button').click()")
        await page.select_option("#who", house.contact("思政科"), force=True)
        await page.evaluate("document.querySelector('[data-show=private]').click()")
        await page.fill(".private textarea", "第7项80%")
        await page.press(".private textarea", "Enter")
        await page.wait_for_selector(".private .msg.bot:has-text('7 加强中小学班主任队伍建设：80%')")
        await page.click(".private .msg.bot .presses button:has-text('撤回') >> nth=-1")
        await page.wait_for_selector(".private .msg.bot:has-text('已撤回回执 1 号')")
        sent = {"name": "印发通知.pdf", "mimeType": "application/pdf", "buffer": b"%PDF x"}
        await page.set_input_files(".private [type=file]", sent)
        await page.wait_for_selector(".private .msg.bot:has-text('已收到印发通知.pdf。这个文件是哪一项的？')")
        overflow = await page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        await browser.close()

    assert overflow <= 0

"""The form on a phone, in a real browser: filled, kept, handed in, and not handed in twice."""

import re
import shutil
from datetime import timedelta

import pytest

from tests.conftest import Open
from tests.core.houses import ask, begin
from tests.theatre import Theatre
from tests.web.test_forms import PUBLIC, token_in

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")]
SHOTS = "var/shots"
PHONE = {"width": 375, "height": 812}


def forget(house: Theatre, minutes: int) -> None:
    house.bot.clock.set(house.bot.clock.now() + timedelta(minutes=minutes))


async def test_a_contact_fills_the_form_on_a_phone(theatre: Open, request: pytest.FixtureRequest) -> None:
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    house = await begin(theatre, "2023-04-24T10:00", "组织科", "思政科", public_url=PUBLIC)
    await ask(house, "组织科", "第9项60%")
    token = token_in(await ask(house, "组织科", "表单"))
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport=PHONE)
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)

        async def shot(name: str) -> None:
            if request.config.getoption("--shots"):
                await page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)

        async def fits() -> bool:
            return bool(await page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))

        # Opened: filled with what was said last.
        await page.goto(f"{house.address}/form/{token}")
        assert await page.input_value("#p\\:S09") == "60"
        assert await fits()
        await shot("1-opened")

        # A draft keeps itself, and a second opening finds it.
        await page.fill("#p\\:S10", "35")
        await page.fill("#n\\:S10", "方案征求意见中，编办还没有回复")
        await page.wait_for_selector("#kept:has-text('草稿存于 10:00')")
        await page.reload()
        assert await page.input_value("#p\\:S10") == "35"
        await shot("2-draft")

        # Handed in with gaps: each is said, nothing is lost.
        await page.click("button.submit")
        await page.wait_for_selector(".fault:has-text('请填完成百分之几')")
        assert await page.input_value("#n\\:S10") == "方案征求意见中，编办还没有回复"
        assert await fits()
        await shot("3-gaps")

        # Handed in: the receipt.
        for item in ("S11", "S12", "S13"):
            await page.fill(f"#p\\:{item}", "20")
        await page.click("button.submit")
        await page.wait_for_selector("h1:has-text('已提交')")
        receipt = await page.inner_text(".receipt")
        assert re.search(r"回执 2 号（组织科）", receipt) and "4月月度进展已报齐" in receipt
        assert await fits()
        await shot("4-receipt")

        # Used again: refused. Later: expired.
        await page.goto(f"{house.address}/form/{token}")
        assert await page.query_selector("form") is None
        forget(house, 40 * 24 * 60)
        await page.goto(f"{house.address}/form/{token}")
        assert "链接过期了" in await page.inner_text("main")
        await shot("5-expired")
        await browser.close()

    assert [fault for fault in faults if "status of 4" not in fault] == []


async def test_the_groups_link_asks_for_unit_and_code_on_a_phone(theatre: Open, request: pytest.FixtureRequest) -> None:
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    house = await begin(theatre, "2023-04-24T10:00", "组织科", "思政科", public_url=PUBLIC)
    heard = await house.until("2023-04-25T09:30")
    token = token_in(next(one.text for one in heard if one.to == "main" and "/form/" in one.text))
    async with playwright.async_playwright() as started:
        browser = await started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport=PHONE)
        await page.goto(f"{house.address}/form/{token}")
        await page.select_option("#unit", "思政科")
        await page.fill("#code", "123456")
        await page.click("button.submit")
        await page.wait_for_selector(".fault:has-text('单位和填报码对不上')")
        if request.config.getoption("--shots"):
            await page.screenshot(path=f"{SHOTS}/6-code.png", full_page=True)
        assert await page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        await browser.close()

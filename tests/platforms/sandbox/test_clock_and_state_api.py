"""The clock and the state through the API."""

import json

import pytest

from bot.domain.workdays import Workdays
from bot.platforms.sandbox.clock import jumps

from .conftest import START, Caller, EchoBot, local


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wish", "now"),
    [
        ({"to": "2023-04-26T09:00:00+08:00"}, "2023-04-26T09:00:00+08:00"),
        ({"to": "2023-04-26T09:00"}, "2023-04-26T09:00:00+08:00"),
        ({"to": "2023-04-26T01:00:00Z"}, "2023-04-26T09:00:00+08:00"),
        ({"advance_s": 90}, "2023-04-25T09:21:30+08:00"),
    ],
)
async def test_clock_moves_forward(caller: Caller, bot: EchoBot, wish: object, now: str) -> None:
    assert await caller.post("clock", wish) == (200, {"now": now})
    assert (await caller.get("state"))[1]["now"] == now


@pytest.mark.asyncio
async def test_speed_is_set_and_shown(caller: Caller, bot: EchoBot) -> None:
    status, answer = await caller.post("clock", {"speed": 1440})
    assert (status, answer["now"]) == (200, "2023-04-25T09:20:00+08:00")
    assert bot.speeds == [1440.0]
    assert (await caller.get("state"))[1]["speed"] == 1440.0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"to": "2023-04-25T09:19:00+08:00"}, "不能往回拨"),
        ({"advance_s": -1}, "不能往回拨"),
        ({"to": "明天"}, "to 不是时间"),
        ({"to": 20230426}, "to 不是时间"),
        ({"to": None}, "to 不是时间"),
        ({"to": "0001-01-01T00:00:00+14:00"}, "to 不是时间"),
        ({"to": "9999-12-31T23:59:59"}, "五年"),
        ({"advance_s": "90"}, "数字"),
        ({"advance_s": True}, "数字"),
        ({"advance_s": 1e300}, "0 到"),
        ({"speed": float("nan")}, "数字"),
        ({"speed": -1}, "0 到"),
        ({}, "三者之一"),
        ({"speed": 1, "advance_s": 1}, "三者之一"),
        (7, "JSON 对象"),
    ],
)
async def test_wrong_wish_is_refused_in_chinese(caller: Caller, bot: EchoBot, wish: object, words: str) -> None:
    status, answer = await caller.post("clock", wish)
    assert status == 400
    assert words in answer["error"]
    assert (bot.now, bot.speeds) == (START, [])


@pytest.mark.asyncio
async def test_state_names_everything_to_play_with(caller: Caller, bot: EchoBot) -> None:
    await caller.say("main", "zhang", "早")
    await caller.say("stranger", "stranger", "/bind 123456")
    _, state = await caller.get("state")
    assert (state["speed"], state["next"]) == (1.0, None)
    assert state["groups"] == [{"id": "main", "name": "争优行动工作群"}]
    assert state["people"][1] == {"id": "li", "name": "办公室经办", "role": "office"}
    chats = {chat["id"]: (chat["kind"], chat["name"], chat["last_id"]) for chat in state["chats"]}
    assert chats["main"] == ("group", "争优行动工作群", 1)
    assert chats["li"] == ("private", "办公室经办", 0)
    assert chats["stranger"] == ("private", "stranger", 3)


@pytest.mark.asyncio
async def test_page_is_served_without_foreign_hosts(caller: Caller) -> None:
    async with caller.session.get("/sandbox") as answer:
        html = await answer.text()
    assert "2023年4月25日 星期二" in html and "组织科联络员" in html
    assert "http://" not in html.replace("http://www.w3.org/2000/svg", "") and "https://" not in html
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    for name in ("sandbox.js", "sandbox.css", "drum.svg"):
        async with caller.session.get(f"/sandbox/static/{name}") as answer:
            assert answer.status == 200


@pytest.mark.asyncio
async def test_name_of_a_person_cannot_break_the_page(caller: Caller, bot: EchoBot) -> None:
    evil = '"><script>alert(1)</script>'
    bot.roster[0] = type(bot.roster[0])(evil, evil, "contact")
    async with caller.session.get("/sandbox/") as answer:
        assert "<script>alert" not in await answer.text()
    assert json.dumps((await caller.get("state"))[1]["people"][0]["id"]) == json.dumps(evil)


@pytest.mark.parametrize(
    ("now", "morning", "due", "month"),
    [
        ("2023-04-25T08:59", "2023-04-25T09:00", "2023-04-25T09:00", "本月"),
        ("2023-04-25T09:00", "2023-04-26T09:00", "2023-05-25T09:00", "下月"),
        ("2023-04-28T10:00", "2023-05-04T09:00", "2023-05-25T09:00", "下月"),
        ("2023-12-29T10:00", "2024-01-02T09:00", "2024-01-25T09:00", "下月"),
        ("2023-01-31T10:00", "2023-02-01T09:00", "2023-02-25T09:00", "下月"),
    ],
)
def test_shortcuts_know_working_days(now: str, morning: str, due: str, month: str) -> None:
    first, second = jumps(local(now), Workdays())
    assert first["to"] == local(morning).isoformat()
    assert second == {"label": f"跳到{month}25日 09:00", "to": local(due).isoformat()}

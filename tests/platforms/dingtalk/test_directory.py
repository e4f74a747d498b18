"""The address book finds accounts of people the roster names; a namesake elsewhere is never taken for them."""

import asyncio

import pytest

from bot.platforms.base import SendError, Unbound
from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.directory import Directory
from bot.platforms.directory import Colleague, matching
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import MEMBER, PAYLOADS
from tests.platforms.rosters import Names

RECORDED = PAYLOADS["server_api"]


@pytest.fixture
def directory(bot, ears, double):
    book = double.api.book
    book.departments |= {2: ("组织科", 1), 3: ("督导科", 1), 31: ("督导一组", 3)}
    book.add("u1", "王莉", 2, "13800000001")
    book.add("u2", "李三", 3)
    book.add("u3", "李三", 2)
    book.add("u4", "赵文", 31)
    for number in range(250):
        book.add(f"n{number}", f"干部{number}", 2)

    def made(*unbound):
        ears.roster = Names(*unbound)
        return Directory(bot._api, ears.host())

    return made


async def test_person_is_found_by_mobile(directory, ears, double):
    assert await directory(Unbound(1, "王某", mobile="13800000001"), Unbound(2, "无", mobile="13900000000")).look() == 1

    assert ears.roster.bound == {1: "u1"}
    assert double.calls["book"] == 2


async def test_person_is_found_by_name_and_department(directory, ears):
    found = await directory(
        Unbound(1, "王莉", "局组织科"), Unbound(2, "李三", units=("督导科",)), Unbound(3, "赵文", "督导一组")
    ).look()

    assert (found, ears.roster.bound) == (3, {1: "u1", 2: "u2", 3: "u4"})


async def test_office_sees_who_was_recognised(directory, ears):
    await directory(Unbound(1, "王莉", "组织科")).look()

    (message,) = ears.told.values()
    assert "王莉（组织科）" in message.as_text()
    assert "认错了人" in message.as_text()


async def test_everybody_in_a_large_department_is_seen(directory, ears):
    await directory(Unbound(9, "干部249", "组织科")).look()

    assert ears.roster.bound == {9: "n249"}


@pytest.mark.parametrize(
    "person", [Unbound(1, "李三", "人事科"), Unbound(1, "李三"), Unbound(1, "钱七", "组织科")], ids=lambda one: one.name
)
async def test_namesake_and_stranger_are_not_bound(person, directory, ears):
    assert await directory(person).look() == 0
    assert (ears.roster.bound, ears.told) == ({}, {})


def test_two_of_a_name_in_one_department_are_nobody():
    colleagues = [Colleague("u1", "王莉", "组织科"), Colleague("u2", "王莉", "组织科")]

    assert matching(Unbound(1, "王莉", "组织科"), colleagues) == ""
    assert matching(Unbound(1, "王莉", "组织科"), colleagues[:1] * 2) == "u1"


async def test_nothing_is_asked_while_everybody_is_bound(directory, double):
    assert await directory().look() == 0
    assert double.calls["book"] == 0


async def test_single_object_instead_of_a_list_is_read(directory, ears, double):
    row = {"dept_id": "2", "name": "组织科", "parent_id": "1"}
    person = {"userid": "u1", "name": "王莉"}
    double.fail(
        "book",
        Fault(200, {"errcode": 0, "result": row}),
        Fault(200, {"errcode": 0, "result": None}),
        Fault(200, {"errcode": 0, "result": {"has_more": "false", "list": {}}}),
        Fault(200, {"errcode": 0, "result": {"has_more": "false", "list": person}}),
    )
    await directory(Unbound(1, "王莉", "组织科")).look()

    assert ears.roster.bound == {1: "u1"}


async def test_recorded_answers_are_read(directory, ears, double):
    double.fail(
        "book",
        Fault(200, RECORDED["dept_listsub"]["response"]["body"]),
        *[Fault(200, {"errcode": 0, "result": []})] * 2,
        Fault(200, {"errcode": 0, "result": {"has_more": False, "list": []}}),
        Fault(200, RECORDED["user_list"]["response"]["body"]),
    )
    await directory(Unbound(1, "王小禾", "河湾村")).look()

    assert ears.roster.bound == {1: MEMBER}


async def test_missing_permission_is_named(directory, double):
    double.fail("book", Fault(200, {"errcode": 88, "sub_code": "60011", "errmsg": "ding talk error[subcode=60011]"}))

    with pytest.raises(SendError, match="权限管理"):
        await directory(Unbound(1, "王莉", "组织科")).look()


async def test_who_comes_is_looked_for_soon(directory, ears, double):
    looking = directory(Unbound(1, "王莉", "组织科"))
    looking.settle_s = 0
    double.api.book.people.pop("u1")
    running = asyncio.create_task(looking.run())
    await asyncio.sleep(0.8)
    double.api.book.add("u1", "王莉", 2)
    looking.poke()
    await asyncio.sleep(0.8)
    running.cancel()

    assert ears.roster.bound == {1: "u1"}


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        ("user_leave_org", {"userId": [MEMBER]}, "王莉已不在钉钉的组织里"),
        ("user_leave_org", {"userId": ["nobody"]}, ""),
        ("chat_disband", {"openConversationId": "cidExampleGroupAAAAAAAAA=="}, "群“各村月报群”被解散了"),
        ("chat_disband", {"openConversationId": "cidOther"}, ""),
        ("chat_disband", {"openConversationId": 5}, ""),
        ("user_leave_org", {"userId": {}}, ""),
        ("robot_msg_read", {}, ""),
    ],
)
async def test_office_hears_once_what_happened(kind, data, told, ears, bot, double):
    ears.roster = Names(Unbound(1, "王莉"))
    ears.roster.bound = {1: MEMBER}
    from bot.connections import Connections, LocalLeases
    from tests.platforms.dingtalk.test_stream import _app

    bot.mount(_app(), ears.host())
    held = Connections([bot], LocalLeases().hold)
    held.start()
    await double.stream.connected()
    for _ in range(2):
        await double.stream.acked(double.stream.push("*", data, "EVENT", eventType=kind, eventId="e1"))
    await held.stop()

    assert [message.as_text() for message in ears.told.values() if told in message.as_text()] == [
        *(message.as_text() for message in ears.told.values())
    ]
    assert len(ears.told) == (1 if told else 0)


async def test_http_mode_hears_events_too(double, serve, ears):
    from tests.platforms.dingtalk.test_events import signed

    keys = {name: PAYLOADS["keys"][name] for name in ("event_token", "event_aes_key")}
    bot = adapter(double.settings(**keys), [])
    callback = await serve(bot)
    event = PAYLOADS["events"]["user_add_org"]
    assert (await double.post_raw(signed(callback, event), event["body"], {})).status == 200
    await bot.close()

"""The adapter and its record: sending once, coming back after a restart, refusing what is wrong."""

from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import ConfigError
from bot.messages.message import Message, Table, say
from bot.platforms.base import Adapter, NoRoute, Parcel, RetryLater, Target
from bot.platforms.sandbox import adapter
from bot.platforms.sandbox.adapter import Sandbox

from .conftest import GROUPS, START, EchoBot


def made(data: Path) -> tuple[Sandbox, EchoBot]:
    sandbox = adapter({"data": str(data)}, GROUPS)
    bot = EchoBot(sandbox)
    sandbox.mount(web.Application(), bot.host())
    return sandbox, bot


def test_sandbox_is_an_adapter(sandbox: Sandbox) -> None:
    as_adapter: Adapter = sandbox
    assert as_adapter.name == "sandbox"
    assert sandbox.requires_loopback
    assert not adapter({"allow_public": True}, GROUPS).requires_loopback
    assert sandbox.group_of_chat("main") == "main"
    assert sandbox.group_of_chat("zhang") is None


def test_parts_keep_the_message_as_json(sandbox: Sandbox) -> None:
    (part,) = sandbox.parts(Parcel("k", Target("person", "zhang"), say("甲")), START)
    (route,) = part.routes
    assert (route.channel, route.bucket, route.limit.count, route.limit.seconds) == ("sandbox", "sandbox", 1000, 1)
    assert (route.body["chat"], route.body["chat_kind"]) == ("zhang", "private")


def test_answer_goes_back_to_the_chat_of_the_event(sandbox: Sandbox) -> None:
    parcel = Parcel("k", Target("person", "zhang"), say("甲"), {"chat": "main", "chat_kind": "group"})
    body = sandbox.parts(parcel, START)[0].routes[0].body
    assert (body["chat"], body["chat_kind"]) == ("main", "group")


def test_unknown_group_has_no_route(sandbox: Sandbox) -> None:
    with pytest.raises(NoRoute, match="groups"):
        sandbox.parts(Parcel("k", Target("group", "other"), say("甲")), START)


@pytest.mark.asyncio
async def test_same_key_is_sent_once(tmp_path: Path) -> None:
    sandbox, bot = made(tmp_path)
    assert [await bot.tell("zhang", say("甲"), "k") for _ in range(3)] == ["1", "1", "1"]
    assert len(sandbox.transcript.list_after("zhang")) == 1
    assert sandbox.transcript.repeats == 2
    await sandbox.close()


@pytest.mark.asyncio
async def test_transcript_comes_back_after_a_restart(tmp_path: Path) -> None:
    sandbox, bot = made(tmp_path / "new" / "chats.jsonl")
    await bot.tell("zhang", Message("表", (Table(("甲",), (("1",),), ("right",)),)), "k1")
    await sandbox.close()
    again, bot = made(tmp_path / "new" / "chats.jsonl")
    assert again.transcript.list_after("zhang")[0].drawn().as_text() == "【表】\n1"
    assert await bot.tell("zhang", say("又"), "k1") == "1"
    assert await bot.tell("zhang", say("又"), "k2") == "2"
    await again.close()


@pytest.mark.asyncio
async def test_torn_line_loses_only_itself(tmp_path: Path) -> None:
    sandbox, bot = made(tmp_path)
    await bot.tell("zhang", say("甲"), "k1")
    await sandbox.close()
    with (tmp_path / "transcript.jsonl").open("a") as file:
        file.write('null\n{"id": 2, "cha')
    again, bot = made(tmp_path)
    await bot.tell("zhang", say("乙"), "k2")
    await again.close()
    last, _ = made(tmp_path)
    assert [entry.key for entry in last.transcript.list_after("zhang")] == ["k1", "k2"]
    await last.close()


@pytest.mark.asyncio
async def test_send_waits_until_mounted(sandbox: Sandbox) -> None:
    with pytest.raises(RetryLater):
        await EchoBot(sandbox).tell("zhang", say("甲"), "k")


@pytest.mark.parametrize("settings", [{"datas": "x"}, {"enabled": []}, {"data": 7}])
def test_wrong_setting_is_named(settings: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=next(iter(settings))):
        adapter(settings, GROUPS)


def test_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="data"):
        adapter({"data": str(tmp_path / "a.jsonl")}, GROUPS)


def test_unusable_data_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="data"):
        adapter({"data": str(tmp_path / "file" / "below")}, GROUPS)


def test_switched_off_sandbox_has_no_addresses() -> None:
    sandbox, app = adapter({"enabled": False}, GROUPS), web.Application()
    sandbox.mount(app, EchoBot(sandbox).host())
    assert not list(app.router.routes())

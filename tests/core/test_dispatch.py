"""One event, one transaction: repeats change nothing, a failing handler leaves the words and an apology."""

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.dispatch import Call, Dispatcher, PassOn, Router
from bot.domain.world import World
from bot.events import Event
from bot.messages.message import Message, say
from bot.storage import outbox
from bot.storage.engine import Database, Tx
from tests.core.conftest import NOW
from tests.core.houses import rows

EVENT = Event("stub", "m1", "contact", "private", "contact", "数数", NOW)


def router(name: str = "counting", word: str = "数数") -> Router:
    """A handler that leaves a row and then does what the words say."""
    made = Router(name)

    @made.command(word, usage="/count [how]", help="数")
    async def count(call: Call, tx: Tx) -> Message:
        row = {"key": f"side:{call.inbox_id}", "kind": "side", "platform": "stub", "not_before": NOW}
        await outbox.put_many(tx, [row])
        if call.args == "摔倒":
            raise ZeroDivisionError("on purpose")
        if call.args == "不是":
            raise PassOn
        return say(f"第 {call.inbox_id} 次")

    return made


def talker() -> Router:
    made = Router("talk")

    @made.replies()
    async def talk(call: Call, tx: Tx) -> Message:
        return say(f"听到：{call.args}")

    return made


@pytest.fixture
def dispatcher(db: Database, world: World) -> Dispatcher:
    return Dispatcher(db, [router(), talker()], world, lambda: NOW, lambda platform, chat: None, lambda: None)


async def answers(db: Database) -> list[str]:
    found = await rows(db, "SELECT message FROM outbox WHERE kind = 'reply' ORDER BY id")
    return [str(message).encode().decode("unicode_escape") for (message,) in found]


async def test_a_repeated_message_changes_nothing(dispatcher: Dispatcher, db: Database) -> None:
    first = await dispatcher.receive(EVENT)
    before = await rows(db, "SELECT count(*) FROM outbox")
    again = await dispatcher.receive(EVENT)

    assert (first.new, first.outcome, again.new, again.outcome) == (True, "command:数数", False, "repeat")
    assert await rows(db, "SELECT count(*) FROM outbox") == before == [(2,)]


async def test_two_messages_of_one_second_are_two(dispatcher: Dispatcher, db: Database) -> None:
    await dispatcher.receive(EVENT)
    await dispatcher.receive(replace(EVENT, message_id="m2"))

    assert await rows(db, "SELECT count(*) FROM inbox") == [(2,)]


async def test_the_same_id_on_another_platform_is_another_message(dispatcher: Dispatcher) -> None:
    await dispatcher.receive(EVENT)

    assert (await dispatcher.receive(replace(EVENT, platform="other"))).outcome == "unknown_sender"


async def test_a_failing_handler_keeps_the_words_undoes_its_rows_and_apologises(
    dispatcher: Dispatcher, db: Database
) -> None:
    with capture_logs() as logged:
        received = await dispatcher.receive(replace(EVENT, text="数数 摔倒"))

    assert [line["action"] for line in logged] == ["handler_failed", "received"]
    assert (received.new, received.outcome) == (True, "failed")
    assert await rows(db, "SELECT text, outcome FROM inbox") == [("数数 摔倒", "failed")]
    assert await rows(db, "SELECT kind FROM outbox") == [("reply",)]
    assert "抱歉，程序出了故障，这条没有办成，但原话已保存（编号 1）。" in (await answers(db))[0]


async def test_a_word_that_was_not_meant_as_a_command_is_passed_on(dispatcher: Dispatcher, db: Database) -> None:
    received = await dispatcher.receive(replace(EVENT, text="数数 不是"))

    assert received.outcome == "reply"
    assert "听到：数数 不是" in (await answers(db))[0]


async def test_somebody_unknown_is_told_so_and_nothing_else_happens(dispatcher: Dispatcher, db: Database) -> None:
    received = await dispatcher.receive(replace(EVENT, sender="nobody", chat="nobody"))

    assert received.outcome == "unknown_sender"
    assert await rows(db, "SELECT kind, external_id FROM outbox") == [("reply", "nobody")]


def test_a_command_claimed_twice_fails_at_start(db: Database, world: World) -> None:
    with pytest.raises(RuntimeError, match="'数数' is claimed twice, the second time by other"):
        Dispatcher(db, [router(), router("other")], world, lambda: NOW, lambda platform, chat: None, lambda: None)


def test_replies_claimed_twice_fail_at_start(db: Database, world: World) -> None:
    with pytest.raises(RuntimeError, match="replies are claimed twice, the second time by talk"):
        Dispatcher(db, [talker(), talker()], world, lambda: NOW, lambda platform, chat: None, lambda: None)

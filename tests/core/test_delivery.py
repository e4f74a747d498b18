"""The way out against an adapter that answers as told: retries, routes, refusals, parts and restarts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.clock import Clock
from bot.delivery import Delivery, Dropped, backoff
from bot.domain.world import World
from bot.messages.message import Message, say, to_json
from bot.platforms.base import (
    ChannelGone,
    Host,
    Limit,
    NoRoute,
    Parcel,
    Part,
    Permanent,
    RetryLater,
    Route,
    SendError,
)
from bot.storage import outbox
from bot.storage.engine import Database, Tx
from bot.storage.tables import Outgoing
from schedules.office import tell_failures
from tests.core.conftest import NOW
from tests.core.houses import rows

WIDE = Limit(1000, 1)


class Stub:
    """A platform of two channels that sends a message line by line and answers what `script` says."""

    name = "stub"
    hosts: frozenset[str] = frozenset()
    requires_loopback = False

    def __init__(self, limit: Limit = WIDE) -> None:
        self.limit = limit
        self.sent: list[tuple[str, str, str]] = []
        self.script: list[Exception | None] = []
        self.refused: set[str] = set()

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        if parcel.target.id == "nowhere":
            raise NoRoute("没有配置这个群的渠道")
        lines = parcel.message.as_text().splitlines()
        return tuple(Part(tuple(self._route(name, parcel, line) for name in ("first", "second"))) for line in lines)

    def _route(self, channel: str, parcel: Parcel, line: str) -> Route:
        return Route(channel, channel, self.limit, {"to": parcel.target.id, "text": line})

    async def send(self, route: Route, key: str) -> str:
        answer = self.script.pop(0) if self.script else None
        if route.body["to"] in self.refused:
            answer = Permanent("60011", "no permission", "这个人不在应用可见范围内")
        if answer is not None:
            raise answer
        self.sent.append((route.channel, route.body["to"], route.body["text"]))
        return str(len(self.sent))

    def group_of_chat(self, chat: str) -> str | None:
        return None

    def mount(self, app: web.Application, host: Host) -> None:
        pass

    async def close(self) -> None:
        pass


class Bench:
    """A delivery at work on a stub; the composer counts how often it was asked."""

    def __init__(self, db: Database, world: World, stub: Stub) -> None:
        self.db, self.world, self.stub, self.composed = db, world, stub, 0
        self.clock = Clock(NOW, speed=0)
        self.delivery = self.restarted()

    def restarted(self) -> Delivery:
        return Delivery(self.db, {"stub": self.stub}, {"made": self.compose}, self.world, self.clock)

    async def compose(self, tx: Tx, row: Outgoing, world: World, now: datetime) -> Message | Dropped:
        self.composed += 1
        return Dropped("已报送") if row.subject.get("drop") else say(f"第 {self.composed} 稿")

    async def put(self, *lines: str, to: str = "contact", **more: Any) -> None:
        row = {"key": f"k:{to}", "kind": "notice", "platform": "stub", "external_id": to, "not_before": NOW, **more}
        if lines:
            row["message"] = to_json(say(*lines))
        async with self.db.begin() as tx:
            await outbox.put_many(tx, [row])

    async def work(self) -> None:
        while await self.delivery.step():
            pass

    async def states(self) -> list[tuple[object, ...]]:
        return await rows(self.db, "SELECT external_id, state, reason FROM outbox ORDER BY id")


@pytest.fixture
def bench(db: Database, world: World) -> Bench:
    return Bench(db, world, Stub())


async def test_what_is_accepted_is_sent(bench: Bench) -> None:
    await bench.put("一", "二")
    await bench.work()

    assert bench.stub.sent == [("first", "contact", "一"), ("first", "contact", "二")]
    assert await bench.states() == [("contact", "sent", "")]


async def test_a_retry_sends_the_same_frozen_text(bench: Bench) -> None:
    bench.stub.script = [RetryLater("45009", "busy", 0.0), RetryLater("-1", "busy", 0.0)]
    await bench.put(kind="made")
    await bench.work()

    assert bench.stub.sent == [("first", "contact", "第 1 稿")]
    assert bench.composed == 1
    assert await rows(bench.db, "SELECT tries FROM outbox") == [(2,)]


async def test_a_retry_waits_and_says_why(bench: Bench) -> None:
    bench.stub.script = [RetryLater("45009", "太频繁", 60.0)]
    await bench.put("一")
    await bench.work()

    assert await bench.states() == [("contact", "pending", "稍后重试：太频繁")]
    assert bench.stub.sent == []


async def test_a_channel_that_is_gone_gives_way_to_the_next(bench: Bench) -> None:
    bench.stub.script = [ChannelGone("310000", "session expired")]
    await bench.put("一")
    await bench.work()

    assert bench.stub.sent == [("second", "contact", "一")]
    assert await rows(bench.db, "SELECT channel, outcome FROM attempts ORDER BY id") == [
        ("first", "310000: session expired"),
        ("second", "accepted"),
    ]


async def test_no_channel_left_fails_with_the_last_reason(bench: Bench) -> None:
    bench.stub.script = [ChannelGone("1", "会话过期"), ChannelGone("2", "机器人已移出群")]
    await bench.put("一")
    await bench.work()

    assert await bench.states() == [("contact", "failed", "机器人已移出群")]


async def test_one_bad_recipient_stops_nobody_else(bench: Bench) -> None:
    bench.stub.refused = {"bad"}
    for to in ("a", "bad", "b"):
        await bench.put("一", to=to)
    await bench.work()

    assert sorted(to for _, to, _ in bench.stub.sent) == ["a", "b"]
    assert await bench.states() == [("a", "sent", ""), ("bad", "failed", "这个人不在应用可见范围内"), ("b", "sent", "")]


async def test_the_office_is_told_of_a_failure_within_a_minute(bench: Bench) -> None:
    bench.stub.refused = {"bad"}
    await bench.put("一", to="bad", kind="ask", plan=bench.world.plans[0].key)
    await bench.work()
    async with bench.db.begin() as tx:
        assert await tell_failures(tx, NOW + timedelta(seconds=15), bench.world)
        assert not await tell_failures(tx, NOW + timedelta(seconds=30), bench.world)
    bench.clock.set(NOW + timedelta(seconds=60))
    await bench.work()

    assert ("first", "office", "· 给个人：这个人不在应用可见范围内") in bench.stub.sent


async def test_a_fault_of_the_adapter_is_retried_and_not_taken_for_sent(bench: Bench) -> None:
    bench.stub.script = [ZeroDivisionError("on purpose")]
    await bench.put("一")
    with capture_logs() as logged:
        await bench.work()
    assert [line["action"] for line in logged] == ["adapter_failed", "send_refused"]

    assert await bench.states() == [("contact", "pending", "稍后重试：ZeroDivisionError")]


async def test_sent_parts_are_not_sent_again_after_a_restart(bench: Bench) -> None:
    bench.stub.script = [None, RetryLater("x", "busy", 0.0)]
    await bench.put("一", "二", "三")
    await bench.delivery.step()
    bench.delivery = bench.restarted()
    await bench.delivery.start()
    await bench.work()

    assert [text for _, _, text in bench.stub.sent] == ["一", "二", "三"]


async def test_a_claim_of_a_killed_run_is_taken_up_again(bench: Bench) -> None:
    await bench.put("一")
    await rows_changed(bench, "UPDATE outbox SET state = 'claimed', claimed_until = '2999-01-01 00:00:00.000000'")
    await bench.delivery.start()
    await bench.work()

    assert await bench.states() == [("contact", "sent", "")]


async def rows_changed(bench: Bench, statement: str) -> None:
    async with bench.db.begin() as tx:
        await tx.execute(text(statement))


@pytest.mark.parametrize(
    ("row", "state", "reason"),
    [
        ({"to": "", "external_id": ""}, "failed", "收件人还没有绑定平台账号"),
        ({"to": "x", "platform": "fax"}, "failed", "没有配置平台 fax"),
        ({"to": "x", "group_id": "nowhere"}, "failed", "没有配置这个群的渠道"),
        ({"to": "x", "expires_at": NOW - timedelta(hours=1)}, "failed", "过了补发期限，没有发出"),
        ({"to": "x", "kind": "made", "message": None, "subject": {"drop": True}}, "dropped", "已报送"),
        ({"to": "x", "kind": "unheard", "message": None}, "failed", "程序故障：消息没有写成"),
    ],
)
async def test_everything_not_sent_has_a_reason(bench: Bench, row: dict[str, Any], state: str, reason: str) -> None:
    await bench.put(*([] if "message" in row else ["一"]), **row)
    with capture_logs():
        await bench.work()

    assert [found[1:] for found in await bench.states()] == [(state, reason)]
    assert bench.stub.sent == []


async def test_what_is_not_due_yet_waits(bench: Bench) -> None:
    await bench.put("一", not_before=NOW + timedelta(minutes=5))
    assert not await bench.delivery.step()
    bench.clock.set(NOW + timedelta(minutes=5))
    await bench.work()

    assert len(bench.stub.sent) == 1


async def test_a_long_pace_puts_the_message_back(db: Database, world: World) -> None:
    bench = Bench(db, world, Stub(Limit(2, 60.0)))
    for to in ("a", "b", "c"):
        await bench.put("一", to=to)
    await bench.work()

    assert len(bench.stub.sent) == 2
    assert (await bench.states())[2][1:] == ("pending", "排队：平台限速")


async def test_the_pace_survives_a_restart(db: Database, world: World) -> None:
    bench = Bench(db, world, Stub(Limit(1, 60.0)))
    await bench.put("一", to="a")
    await bench.work()
    bench.delivery = bench.restarted()
    await bench.delivery.start()
    await bench.put("一", to="b")
    await bench.work()

    assert [to for _, to, _ in bench.stub.sent] == ["a"]


@pytest.mark.parametrize("tries", [0, 1, 5, 12, 60])
def test_backing_off_grows_to_ten_minutes(tries: int) -> None:
    wanted = min(600.0, 2.0 ** (min(tries, 12) + 1))

    assert 0.75 * wanted <= backoff(tries) <= 1.25 * wanted


def test_errors_name_code_and_text() -> None:
    make: Callable[..., SendError] = Permanent

    assert (str(make("1", "no")), make("1", "no").text) == ("1: no", "no")

import traceback
from datetime import timedelta

import pytest

from bot.clock import wall_now
from bot.messages.message import Lines, Mention, Message, say
from bot.platforms.base import ChannelGone, GroupConfig, NoRoute, Permanent, RetryLater, Route, Target
from bot.platforms.dingtalk import adapter
from tests.doubles.dingtalk import DingTalkDouble, Fault
from tests.platforms.dingtalk.conftest import CONVERSATION, GROUP, MEMBER, PRIVATE, SECRET, TOKEN, deliver, routes

HELLO = say("已登记")
WORDS = "机密的话"


def session(double, seconds=3600, chat="group"):
    until = (wall_now() + timedelta(seconds=seconds)).isoformat()
    return {"session": double.new_session(CONVERSATION), "until": until, "chat": chat}


async def test_signed_webhook_rings_a_member(bot, double):
    await deliver(bot, Message("", (Lines(("还差：",)),), (Mention(1, "王", MEMBER),)), GROUP)

    (shown,) = double.messages
    assert (shown.channel, shown.to, shown.mentions, shown.at_all) == ("webhook", TOKEN, (MEMBER,), False)


async def test_full_webhook_address_without_secret_works(double):
    bot = adapter(double.settings(), [GroupConfig("villages", "群", {"webhook": double.webhook_url("open")})])
    await deliver(bot, HELLO, GROUP)
    await bot.close()

    assert double.messages[0].to == "open"


async def test_wrong_secret_says_where_the_right_one_is(double):
    bot = adapter(double.settings(), [GroupConfig("villages", "群", {"webhook": TOKEN, "secret": "SECwrong"})])

    with pytest.raises(Permanent, match="安全设置") as caught:
        await deliver(bot, HELLO, GROUP)
    await bot.close()
    assert caught.value.code == "310000"


async def test_removed_webhook_is_gone(double):
    bot = adapter(double.settings(), [GroupConfig("villages", "群", {"webhook": "unknown"})])

    with pytest.raises(ChannelGone, match="400101"):
        await deliver(bot, HELLO, GROUP)
    await bot.close()


async def test_twenty_first_in_a_minute_stops_the_bucket_for_ten(bot, double):
    for number in range(20):
        await deliver(bot, HELLO, GROUP, f"k{number}")

    for code in ("130101", "410100"):
        with pytest.raises(RetryLater, match=code) as caught:
            await deliver(bot, HELLO, GROUP, "k20")
        assert (caught.value.after_s, caught.value.whole_bucket) == (600, True)


async def test_penalty_ends_after_ten_minutes(groups):
    now = [0.0]
    double = await DingTalkDouble(webhooks={TOKEN: SECRET}, clock=lambda: now[0]).start()
    bot = adapter(double.settings(), groups)
    for number in range(21):
        now[0] = number
        try:
            await deliver(bot, HELLO, GROUP, f"k{number}")
        except RetryLater:
            now[0] += 600
    await deliver(bot, HELLO, GROUP, "k20")
    await bot.close()
    await double.stop()

    assert len(double.messages) == 21


async def test_retry_after_a_lost_answer_is_shown_once(bot, double):
    double.fail("webhook", Fault(reset=True, after=True))

    with pytest.raises(RetryLater, match="network"):
        await deliver(bot, HELLO, GROUP)
    await deliver(bot, HELLO, GROUP)
    assert (len(double.messages), len(double.repeats)) == (1, 1)


async def test_long_message_arrives_in_parts(bot, double):
    await deliver(bot, say(*(f"第{n}项 已完成，材料已报送" for n in range(1000))), GROUP)

    assert [shown.text[:5] for shown in double.messages] == ["（1/4）", "（2/4）", "（3/4）", "（4/4）"]
    assert double.repeats == []


async def test_message_id_is_the_same_for_every_drawing(bot):
    first, again, other = (routes(bot, HELLO, GROUP, key)[0][0].body["message"]["msgUuid"] for key in ("a", "a", "b"))

    assert (first == again, first == other) == (True, False)


async def test_answer_goes_through_the_session_first(bot, double):
    (found,) = routes(bot, HELLO, GROUP, **session(double))
    await bot.send(found[0], "k1")

    assert [route.channel for route in found] == ["session", "webhook", "group"]
    assert (double.messages[0].channel, double.messages[0].to) == ("session", CONVERSATION)


@pytest.mark.parametrize(("seconds", "channels"), [(59, []), (61, ["session"]), (-1, [])])
async def test_session_is_used_while_it_is_fresh(seconds, channels, bot, double):
    (found,) = routes(bot, HELLO, GROUP, **session(double, seconds))

    assert [route.channel for route in found] == [*channels, "webhook", "group"]


async def test_lost_session_is_gone(bot, double):
    (found,) = routes(bot, HELLO, GROUP, **session(double))
    double.expire()

    with pytest.raises(ChannelGone, match="300001"):
        await bot.send(found[0], "k1")


@pytest.mark.parametrize("change", [{"until": "2020-01-01T00:00:00+00:00"}, {"session": "http://169.254.169.254/"}])
async def test_stored_session_is_checked_again(change, bot, double):
    (found,) = routes(bot, HELLO, GROUP, **session(double))

    with pytest.raises(ChannelGone):
        await bot.send(Route("session", "", found[0].limit, found[0].body | change), "k1")
    assert double.calls["session"] == 0


async def test_private_words_never_go_to_a_groups_session(bot, double):
    (found,) = routes(bot, HELLO, PRIVATE, **session(double, chat="group"))

    assert [route.channel for route in found] == ["private"]


async def test_answer_in_a_group_that_is_not_configured_goes_by_session(bot, double):
    for kind in ("group", "private"):
        (found,) = routes(bot, HELLO, Target(kind, ""), **session(double))
        assert [route.channel for route in found] == ["session"]


async def test_private_message_reaches_the_member(bot, double):
    await deliver(bot, say("请报", title="月报"), PRIVATE)

    (shown,) = double.messages
    assert (shown.channel, shown.to, shown.title) == ("private", MEMBER, "月报")


async def test_unknown_person_is_permanent(bot):
    with pytest.raises(Permanent, match="userid"):
        await deliver(bot, HELLO, Target("private", "nobody"))


async def test_flow_controlled_person_is_tried_later(bot, double):
    double.api.flow_controlled = {MEMBER}

    with pytest.raises(RetryLater) as caught:
        await deliver(bot, HELLO, PRIVATE)
    assert (caught.value.after_s, caught.value.whole_bucket) == (60, False)


@pytest.mark.parametrize(
    ("target", "missing"),
    [(Target("group", "mute"), "webhook"), (Target("group", "x"), "webhook"), (Target("private", "ext:1"), "userid")],
)
async def test_missing_channel_is_named(target, missing, bot):
    with pytest.raises(NoRoute, match=missing):
        routes(bot, HELLO, target)


async def test_private_message_needs_the_app(double):
    with pytest.raises(NoRoute, match="app_key"):
        routes(adapter({}, []), HELLO, PRIVATE)


@pytest.mark.parametrize(
    "fault", [Fault(reset=True), Fault(status=502, body="<html>"), Fault(body={"errcode": -1}), Fault(body="<html>")]
)
async def test_trouble_of_the_platform_is_tried_later(fault, bot, double):
    double.fail("webhook", fault)

    with pytest.raises(RetryLater):
        await deliver(bot, HELLO, GROUP)


async def test_no_answer_in_time_is_tried_later(double, groups):
    bot = adapter(double.settings(timeout_s=0.05), groups)
    double.latency_s = 0.2

    with pytest.raises(RetryLater, match="TimeoutError"):
        await deliver(bot, HELLO, GROUP)
    await bot.close()


async def test_unknown_error_is_tried_twice_more(bot, double):
    double.fail("webhook", *[Fault(body={"errcode": 777, "errmsg": "?"})] * 3)

    for kind in (RetryLater, RetryLater, Permanent):
        with pytest.raises(kind, match="777"):
            await deliver(bot, HELLO, GROUP)


@pytest.mark.parametrize(
    "fault",
    [Fault(reset=True), Fault(body={"errcode": 1, "errmsg": f"{TOKEN} {SECRET} {WORDS}"}), Fault(status=307, body={})],
)
async def test_errors_hold_no_secret_address_or_text(fault, bot, double, capsys):
    double.fail("webhook", fault)

    with pytest.raises(RetryLater) as caught:
        await deliver(bot, say(WORDS), GROUP)
    chain = (caught.value, caught.value.__cause__, caught.value.__context__)
    shown = "".join(traceback.format_exception(caught.value)) + repr(chain) + capsys.readouterr().out
    for secret in (TOKEN, SECRET, WORDS, double.base_url):
        assert secret not in shown


async def test_stored_routes_hold_no_secret(bot):
    stored = repr([*routes(bot, HELLO, GROUP), *routes(bot, HELLO, PRIVATE)])

    assert TOKEN not in stored
    assert SECRET not in stored


async def test_route_of_a_group_no_longer_configured_is_gone(bot, double):
    (found,) = routes(bot, HELLO, GROUP)

    with pytest.raises(ChannelGone):
        await adapter(double.settings(), []).send(found[0], "k1")


async def test_conversation_leads_to_its_group(bot):
    assert (bot.group_of_chat(CONVERSATION), bot.group_of_chat("cidOther")) == ("villages", None)


async def test_question_is_answered_in_its_group(bot, double, callback, ears):
    await double.say(callback, MEMBER, "进度", CONVERSATION)
    (found,) = routes(bot, HELLO, GROUP, **ears.events[0].route)
    await bot.send(found[0], "k1")

    assert (double.messages[0].channel, double.messages[0].to) == ("session", CONVERSATION)

"""In a DingTalk group the bot hears who calls it, answers there, and a repeat changes nothing."""

from tests.conftest import Open
from tests.theatre import GROUP, DingTalkStage


async def test_a_report_said_in_the_group_is_recorded_and_answered_there(theatre: Open) -> None:
    stage = DingTalkStage()
    house = await theatre("2023-04-25T09:20", stage)
    url = f"{house.address}/callback/dingtalk"
    said = await stage.double.say(url, house.contact("思政科"), " 第7项80%", group="cidmain")
    again = await stage.double.redeliver(url, said.msg_id)
    await house.bot.settle()

    answers = [message for message in stage.double.messages if "回执" in message.text]
    assert (said.status, again.status) == (200, 200)
    assert [message.channel for message in answers] == ["session"]
    assert "7 加强中小学班主任队伍建设：80%" in answers[0].text
    assert not [heard for heard in house.new() if heard.to == GROUP]


async def test_a_stranger_in_the_group_is_told_how_to_come_in(theatre: Open) -> None:
    stage = DingTalkStage()
    house = await theatre("2023-04-25T09:20", stage)
    await stage.double.say(f"{house.address}/callback/dingtalk", "nobody1", "进度", group="cidmain")
    await house.bot.settle()

    assert "请向局办公室要绑定码，然后私聊我：绑定 12345678" in stage.double.messages[-1].text

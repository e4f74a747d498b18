"""The life of a check-in, step by step, on the sandbox and with what DingTalk and WeCom send and take."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from bot.domain.members import Post
from bot.storage import members
from tests.conftest import Open
from tests.core.houses import by_hand, few, rows
from tests.doubles.dingtalk import RECORDED
from tests.platforms.wecom.stage import SmartBotStage
from tests.theatre import STAGES, DingTalkStage, Heard, Stage, Theatre, WeComStage, bare

pytestmark = pytest.mark.transcript

UNITS = ("组织科", "思政科", "体卫艺语科")
EVERYWHERE = pytest.mark.parametrize("stage", STAGES)
ITEM_10 = "10 中小学校长职级制"


async def opened(
    theatre: Open, stage: Stage, start: str = "2023-04-24T10:00", more: Mapping[str, Post] | None = None
) -> Theatre:
    house = await by_hand(await theatre(start, stage, few(*UNITS), more=more))
    await house.bot.settle()
    house.new()
    return house


def person(house: Theatre, who: str) -> str:
    return house.contact(who) if who in UNITS else who


def told(heard: Iterable[Heard], to: str) -> str:
    return "\n".join(one.text for one in heard if one.to == to)


async def play(house: Theatre, *lines: tuple[str, ...]) -> None:
    """Play (who, what he says, parts of the answer to him …)."""
    for who, said, *parts in lines:
        answer = told(await house.say(person(house, who), said), person(house, who))
        missing = [part for part in parts if bare(part) not in bare(answer)]
        assert not missing, f"{said!r} was answered {answer!r}"


@EVERYWHERE
async def test_receipt_question_edit_and_withdrawal(stage: type[Stage], theatre: Open) -> None:
    house = await opened(theatre, stage())
    await play(
        house,
        ("组织科", "第9项80%", "已登记，回执 1 号（组织科）", "9 党组织领导下的校长负责制：80%", "撤回 1"),
        ("组织科", "60%", "60%说的是哪一项？", ITEM_10),
        ("组织科", "10", "回执 2 号", f"{ITEM_10}：60%"),
        ("组织科", "改为70%", "回执 3 号", f"{ITEM_10}：70%"),
        ("组织科", "撤回 3", "已撤回回执 3 号", ITEM_10),
        ("组织科", "撤回 3", "已经撤回过了"),
        ("组织科", "我的", "9 党组织领导下的校长负责制：80%"),
    )


@EVERYWHERE
async def test_on_behalf_returned_and_explained(stage: type[Stage], theatre: Open) -> None:
    house = await opened(theatre, stage())
    contact = house.contact("组织科")
    await play(
        house,
        ("office1", "/for 组织科 第10项75%", "回执 1 号（组织科）", f"{ITEM_10}：75%"),
        ("组织科", "第9项八成", "回执 2 号"),
        ("office1", "依据 2", "原话：第9项八成", "80%，依据“八成”"),
    )
    heard = await house.say("office1", "退回 2 数字与上月不符，请核对")
    assert "已退回回执 2 号" in told(heard, "office1") and "已私下告诉组织科" in told(heard, "office1")
    assert "退回重报" in told(heard, contact) and "数字与上月不符" in told(heard, contact)
    await play(house, ("组织科", "第9项85%", "回执 3 号", "85%"), ("office1", "依据 2", "已退回，不计入"))


@EVERYWHERE
async def test_late_is_marked_and_kept_and_excused_owes_nothing(stage: type[Stage], theatre: Open) -> None:
    house = await opened(theatre, stage())
    excused = await house.say("office1", "豁免 体卫艺语科 4月")
    heard = await house.until("2023-04-27T10:00")
    await play(house, ("思政科", "第7项90%", "回执 1 号", "迟报"))

    assert "还差您的" in told(heard, house.contact("思政科"))
    assert "4月月度进展免报" in told(excused, "office1") and "免报" in told(excused, house.contact("体卫艺语科"))
    assert not told(heard, house.contact("体卫艺语科"))


@EVERYWHERE
async def test_leave_and_its_deputy(stage: type[Stage], theatre: Open) -> None:
    house = await opened(theatre, stage(), more={"deputy1": Post("deputy", "思政科")})
    heard = await house.say(house.contact("思政科"), "请假到4月28日")
    assert "有事改问思政科" in bare(told(heard, house.contact("思政科")))
    assert "请您代报" in told(heard, "deputy1")
    heard = await house.say(house.contact("体卫艺语科"), "我请假到周五")
    assert "没有副联络员，已告诉局办公室" in told(heard, house.contact("体卫艺语科"))
    assert "体卫艺语科" in told(heard, "office1")
    heard = await house.until("2023-04-27T10:00")
    assert "还差您的" in told(heard, "deputy1")
    assert not told(heard, house.contact("思政科")) and not told(heard, house.contact("体卫艺语科"))
    await play(house, ("deputy1", "第7项80%", "回执 1 号（思政科）"), ("思政科", "销假", "欢迎回来"))


@EVERYWHERE
async def test_a_delegate_waits_for_the_office_s_word(stage: type[Stage], theatre: Open) -> None:
    house = await opened(theatre, stage())
    heard = await house.say(house.contact("思政科"), "这期由赵外人代报")
    assert "想请赵外人" in told(heard, "office1") and bare("同意请回：同意 1") in bare(told(heard, "office1"))
    heard = await house.say("office1", "同意")
    assert re.search(r"绑定码：\d{8}", told(heard, "office1"))
    assert "由赵外人代报" in told(heard, house.contact("思政科"))
    await play(house, ("office1", "同意 1", "不再更改"))


@EVERYWHERE
async def test_several_units_by_one_person(stage: type[Stage], theatre: Open) -> None:
    house = await opened(theatre, stage())
    both = house.contact("思政科")
    async with house.bot.db.begin() as tx:
        member = await members.find_by_identity(tx, house.stage.platform, both)
        assert member is not None
        await members.give_post(tx, house.plan.key, Post("contact", "体卫艺语科"), member.id, house.bot.clock.now())
    await play(
        house,
        ("思政科", "80%", "80%说的是哪一项？", "6 中小学近视防控专项行动", "7 加强中小学班主任队伍建设"),
        ("思政科", "6", "回执 1 号（体卫艺语科）"),
        ("思政科", "第7项30%", "回执 2 号（思政科）"),
    )


async def test_a_file_sent_to_the_dingtalk_robot_joins_the_check_in(theatre: Open) -> None:
    stage = DingTalkStage()
    house = await opened(theatre, stage)
    contact = house.contact("思政科")
    await play(house, ("思政科", "第7项80%", "回执 1 号"))
    body: dict[str, Any] = {**RECORDED["robot_messages"]["file_single"]["body"], "senderStaffId": contact}
    body |= {"sessionWebhook": stage.double.new_session(contact), "msgId": "file1"}
    stage.double.api.files[body["content"]["downloadCode"]] = b"%PDF report"
    await stage.double.post(f"{house.address}/callback/dingtalk", body)
    await house.bot.settle()

    assert bare("附在回执 1 号") in bare(told(house.new(), contact))
    assert await rows(house.bot.db, "SELECT checkin_id, state, size FROM files") == [(1, "stored", 11)]


async def test_a_file_sent_to_the_wecom_app_joins_the_check_in(theatre: Open) -> None:
    stage = WeComStage()
    house = await opened(theatre, stage)
    contact = house.contact("思政科")
    await play(house, ("思政科", "第7项80%", "回执 1 号"))
    media = stage.double.keep_media("image", "a.jpg", b"jpeg picture")
    fields = f"<PicUrl>x</PicUrl><MediaId>{media}</MediaId><MsgId>77</MsgId>"
    xml = stage.double.xml(contact, "image", fields)
    assert (await stage.double.deliver(f"{house.address}/callback/wecom/app", xml)).ok
    await house.bot.settle()

    assert bare("附在回执 1 号") in bare(told(house.new(), contact))
    assert await rows(house.bot.db, "SELECT checkin_id, state, size FROM files") == [(1, "stored", 12)]


async def test_a_file_quoted_to_the_wecom_bot_joins_the_check_in(theatre: Open) -> None:
    stage = SmartBotStage()
    house = await opened(theatre, stage)
    contact = house.contact("思政科")
    await play(house, ("思政科", "第7项80%", "回执 1 号"))
    quote = {"msgtype": "file", "file": stage.double.post_file("印发通知.docx", b"PK the notice")}
    await stage.double.speak("", contact, "这是佐证材料", quote=quote)
    await house.bot.settle()
    heard = house.new()

    assert bare("已收到印发通知.docx，附在回执 1 号") in bare(told(heard, contact))
    assert await rows(house.bot.db, "SELECT name, checkin_id, state FROM files") == [("印发通知.docx", 1, "stored")]


async def test_a_press_on_a_receipt_s_card_takes_it_back(theatre: Open) -> None:
    stage = SmartBotStage()
    house = await opened(theatre, stage)
    contact = house.contact("思政科")
    await play(house, ("思政科", "第7项80%", "回执 1 号"))
    assert await stage.double.tell(stage.double.press("", contact, "撤回 1", "task1"), "aibot_event_callback")
    await house.bot.settle()

    assert bare("已撤回回执 1 号") in bare(told(house.new(), contact))

"""Chasing on demand, and choosing what to dispatch."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse
from tests.theatre import Theatre


async def reminded(house: Theatre, said: str = "催报") -> list[str]:
    return [heard.to for heard in await house.say("office1", said) if heard.to != "office1"]


async def test_only_who_is_missing_is_reminded_once_a_day(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "职成教科", "教师工作科")
    await ask(house, "思政科", "第7项30%")
    heard = await house.say("office1", "/remind")

    assert sorted(one.to for one in heard) == [house.contact("职成教科"), house.contact("教师工作科"), "office1"]
    assert heard[0].text == "已安排私下提醒 2 个单位：职成教科、教师工作科"
    await converse(
        house,
        [
            ("office1", "催报", "今天已提醒过，不再重复：职成教科、教师工作科"),
            ("office1", "催报 职成教科", "今天已提醒过，不再重复：职成教科"),
            ("office1", "/remind 天上", "没有叫“天上”的单位。要提醒全部未报单位，请只发：催报"),
        ],
    )


async def test_a_chase_before_the_due_day_does_not_speak_of_being_late(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    heard = await house.say("office1", "催报 思政科")

    asked = next(one.text for one in heard if one.to == house.contact("思政科"))
    assert "迟报" not in asked
    assert "请在4月25日（周二）前报，当天报也算按时。" in asked


async def test_a_chase_outside_working_hours_waits_for_the_next_working_morning(theatre: Open) -> None:
    house = await begin(theatre, "2023-09-22T20:00", "思政科")
    heard = await house.say("office1", "催报")

    assert [one.text for one in heard] == ["不在工作时间，将在9月25日 08:30私下提醒 1 个单位：思政科"]
    assert await house.until("2023-09-25T08:29") == []
    assert [one.to for one in await house.until("2023-09-25T08:31")] == [house.contact("思政科")]


async def test_who_answers_before_the_morning_is_not_reminded(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T20:00", "思政科")
    await house.say("office1", "催报")
    await ask(house, "思政科", "第7项30%")

    assert house.contact("思政科") not in [one.to for one in await house.until("2023-04-25T10:00")]


async def test_the_office_chooses_what_to_dispatch(theatre: Open) -> None:
    house = await begin(theatre, "2023-03-28T10:00", "体卫艺语科", "组织科", "思政科")
    await converse(
        house,
        [
            ("office1", "调度 99", "没有第 99 项。请写 1 到 13 的项目编号，例如：调度 4、6、9"),
            ("office1", "调度", "请写 1 到 13 的项目编号"),
            ("office1", "调度 6、9", "第一季度调度 2 项：6 中小学近视防控专项行动、9 党组织领导下的校长负责制。4月3日"),
            ("思政科", "/dispatch 6", "“/dispatch”只有办公室可以用。"),
        ],
    )
    asked = [one for one in await house.until("2023-04-03T09:05") if one.text.startswith("【第一季度")]

    assert {one.to for one in asked} == {house.contact("体卫艺语科"), house.contact("组织科"), "office1"}
    await converse(house, [("office1", "调度 7", "已向 1 个牵头单位提问。")])

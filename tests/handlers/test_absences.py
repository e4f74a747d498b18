"""Leave and standing in: nobody chases who is away; a colleague is asked instead, or the office is told."""

import pytest

from bot.domain.members import Post
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows
from tests.theatre import Theatre

UNITS = ("思政科", "督导科")


async def add(house: Theatre, name: str, unit: str, account: str, post: Post | None = None) -> None:
    """Put somebody more into the roster."""
    async with house.bot.db.begin() as tx:
        ids = {"sandbox": account} if account else {}
        await enrol(tx, house.plan, Enrolled(name, unit, post, ids=ids), house.bot.clock.now())


async def reached(house: Theatre, until: str) -> set[str]:
    return {heard.to for heard in await house.until(until)}


async def test_nobody_chases_who_is_on_leave_and_the_office_is_told(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await converse(
        house, [("思政科", "请假到4月26日", "请假到4月26日（周三）", "没有副联络员，已告诉局办公室", "销假")]
    )
    told = [heard.text for heard in await house.until("2023-04-21T10:10") if heard.to == "office1"]
    asked = await reached(house, "2023-04-24T18:00")

    assert "思政科联络员思政科·" in told[0] and "没有副联络员" in told[0]
    assert house.contact("督导科") in asked and house.contact("思政科") not in asked
    assert ("联络员请假",) in await rows(house.bot.db, "SELECT reason FROM asks WHERE unit = '思政科'")


async def test_the_deputy_of_the_roster_is_asked_instead_and_reports(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await add(house, "李副", "思政科", "deputy1", Post("deputy", "思政科"))
    await converse(house, [("思政科", "请假 到4月26日", "有事改问李副。")])
    asked = await reached(house, "2023-04-24T18:00")
    await converse(house, [("deputy1", "第7项80%", "回执 1 号（思政科）")])

    assert "deputy1" in asked and house.contact("思政科") not in asked


async def test_who_comes_back_early_is_asked_again(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await converse(
        house,
        [
            ("思政科", "请假到4月28日", "请假到4月28日（周五）"),
            ("思政科", "销假", "欢迎回来，思政科的提醒重新发给您。"),
            ("思政科", "销假", "您现在没有请假"),
        ],
    )

    assert house.contact("思政科") in await reached(house, "2023-04-24T18:00")


async def test_a_colleague_of_the_unit_stands_in_for_the_round(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await add(house, "王同事", "思政科", "colleague1")
    await converse(house, [("思政科", "这期由王同事代报", "思政科由王同事代报", "要收回请发：销假")])
    told = [heard.text for heard in await house.until("2023-04-21T10:10") if heard.to == "colleague1"]
    asked = await reached(house, "2023-04-24T18:00")
    await converse(house, [("colleague1", "第7项80%", "回执 1 号（思政科）")])

    assert "代思政科报送" in told[0]
    assert "colleague1" in asked and house.contact("思政科") not in asked


@pytest.mark.parametrize(("answer", "heard"), [("同意", "由赵外人代报"), ("不同意", "没有同意由赵外人代报")])
async def test_somebody_unknown_stands_in_when_the_office_agrees(theatre: Open, answer: str, heard: str) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await converse(house, [("思政科", "这期由赵外人代报", "赵外人不在您单位的名单里，已请局办公室确认")])
    wanted = [one.text for one in await house.until("2023-04-21T10:10") if one.to == "office1"]
    said = await ask(house, "office1", answer)
    told = [one.text for one in await house.until("2023-04-21T10:20") if one.to == house.contact("思政科")]

    assert "想请赵外人" in wanted[0] and "同意请回：同意 1" in wanted[0]
    assert ("绑定码" in said) is (answer == "同意")
    assert heard in told[0]


async def test_leave_that_names_a_deputy_and_questions_that_are_none(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await add(house, "王同事", "思政科", "colleague1")
    await converse(
        house,
        [
            ("思政科", "请假", "请假到哪天？"),
            ("思政科", "请假到4月20日", "4月20日（周四）已经过去了"),
            ("思政科", "请假到下周五，由王同事代报", "请假到4月28日（周五）", "有事改问王同事。"),
            ("office1", "/leave 到周五", "只有联络员可以用"),
        ],
    )


@pytest.mark.parametrize(
    "words",
    ["局长请假到周五", "请假制度4月28日印发", "教师请假情况统计到4月28日", "第7项80%，县区请假的人多，下周三补上"],
)
async def test_words_about_leave_are_no_leave(theatre: Open, words: str) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    await ask(house, "思政科", words)

    assert await rows(house.bot.db, "SELECT count(*) FROM absences") == [(0,)]


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("我请假三天", "2023-04-23"),
        ("明天请假", "2023-04-22"),
        ("4月26日到28日请假", "2023-04-28"),
        ("因病请假到下周五", "2023-04-28"),
        ("本人要请事假，到5月8日", "2023-05-08"),
        ("从下周一起休年假一周", "2023-04-30"),
    ],
)
async def test_leave_is_asked_for_in_many_words(theatre: Open, words: str, until: str) -> None:
    house = await begin(theatre, "2023-04-21T10:00", *UNITS)
    answer = await ask(house, "思政科", words)

    assert await rows(house.bot.db, "SELECT until_on FROM absences") == [(until,)], answer

"""Samples are random, fair and can be repeated; names stay with the office."""

from dataclasses import replace

from bot.domain.draws import Candidate, draw
from bot.domain.members import Post
from bot.domain.registers import Field, Register
from bot.stories.roster import Enrolled, enrol
from tests.conftest import Open
from tests.core.houses import ask, by_hand, converse, few, rows, say_in_group
from tests.theatre import Theatre

NOTES = Register(
    "spot_check",
    "学习笔记抽查",
    "抽查",
    words=("笔记抽查",),
    draw="people",
    loggers="office",
    visible="unit",
    on="date",
    fields=(
        Field("person", "姓名", kind="person", needed=True, private=True),
        Field("date", "日期", kind="date"),
        Field("score", "得分", kind="number", private=True),
    ),
)
SITES = Register(
    "sites",
    "双随机检查对象",
    "检查对象",
    draw="units",
    fields=(
        Field("field", "领域", kind="choice", options=("教育装备", "食堂食品安全"), needed=True),
        Field("unit", "对象", kind="unit"),
    ),
)


def test_nobody_comes_twice_while_others_have_not_come() -> None:
    times: dict[str, int] = {}
    for n in range(9):
        pool = [Candidate(key, "甲", times.get(key, 0)) for key in "abcdef"]
        for key in draw(f"seed{n}", pool, 2):
            times[key] = times.get(key, 0) + 1

    assert set(times.values()) == {3}


def test_a_draw_is_repeated_by_its_seed_and_others_differ() -> None:
    pool = [Candidate(str(n), f"u{n % 4}") for n in range(40)]
    once, again = draw("seed", pool, 3, per_unit=True), draw("seed", pool, 3, per_unit=True)

    assert once == again and len(once) == 12
    assert any(draw(f"{n}", pool, 3, per_unit=True) != once for n in range(5))


async def opened(theatre: Open) -> Theatre:
    plan = replace(few("思政科", "督导科", "组织科"), registers=(NOTES, SITES))
    house = await by_hand(await theatre("2023-04-24T10:00", plan=plan))
    await house.bot.settle()
    async with house.bot.db.begin() as tx:
        for unit in ("思政科", "督导科"):
            for name in ("甲", "乙", "丙"):
                person = Enrolled(f"{unit[0]}{name}", unit, Post("staff", unit))
                await enrol(tx, plan, person, house.bot.clock.now())
    house.new()
    return house


async def test_people_are_drawn_for_each_unit_and_results_are_filled_in(theatre: Open) -> None:
    house = await opened(theatre)
    said = await ask(house, "office1", "抽查 学习笔记 每处室2人")
    logged = await rows(house.bot.db, "SELECT unit, count(*) FROM register_entries GROUP BY unit ORDER BY unit")
    ((seed,),) = await rows(house.bot.db, "SELECT seed FROM draws")

    assert "从 6 个里抽出 4 个" in said and str(seed) in said
    assert logged == [("思政科", 2), ("督导科", 2)]
    await converse(
        house,
        [
            ("office1", "抽查 复核 1", "结果一致"),
            ("office1", "1号得分改为85", "已更正", "得分 85"),
            ("思政科", "/draw 学习笔记 每处室2人", "只有办公室可以用"),
            ("office1", "/draw 学习笔记", "请写抽什么、抽多少"),
        ],
    )
    assert "请私下发给我" in await say_in_group(house, "office1", "抽查 学习笔记 每处室1人")


async def test_the_next_draw_takes_those_who_have_not_come(theatre: Open) -> None:
    house = await opened(theatre)
    await ask(house, "office1", "抽查 学习笔记 每处室2人")
    await ask(house, "office1", "抽查 学习笔记 每处室1人")
    drawn = await rows(house.bot.db, 'SELECT "values" FROM register_entries')

    assert len({str(values) for (values,) in drawn}) == 6


async def test_units_are_drawn_for_a_field_of_the_check(theatre: Open) -> None:
    house = await opened(theatre)
    said = await ask(house, "office1", "抽取 检查对象 食堂 2个单位")
    kept = await rows(house.bot.db, "SELECT register, unit FROM register_entries")

    assert "从 3 个里抽出 2 个" in said
    assert {register for register, _ in kept} == {"sites"} and len({unit for _, unit in kept}) == 2

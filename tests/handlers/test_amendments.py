"""The office sets what the paper leaves open, and changes what must change; every change is in force at once."""

from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows
from tests.handlers.test_extensions import heard


async def test_an_owner_is_set_and_is_asked_from_then_on(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-03T10:00", "财务科", "思政科")
    await converse(
        house,
        [
            ("office1", "设定 4月任务3 牵头 财务科", "牵头：未设定 → 财务科"),
            ("财务科", "我的", "4月任务（3）"),
        ],
    )
    owing = await rows(
        house.bot.db,
        "SELECT unit FROM round_units JOIN rounds ON rounds.id = round_id WHERE duty = 'tasks' AND period = '2023-04'",
    )

    assert owing == [("财务科",)]
    assert any("牵头：未设定 → 财务科" in text for text in await heard(house, house.contact("财务科")))


async def test_each_field_can_be_set_in_one_line(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科", leaders=["L3", "L5"])
    await converse(
        house,
        [
            ("office1", "设定 第7项 期限 10月底前", "期限：未设定 → 10月底前"),
            ("office1", "设定 第7项 分管 L5", "分管：L3 → L5"),
            ("office1", "设定 第7项 措施 出台津贴办法、评选名班主任", "措施：未设定"),
            ("office1", "设定 第7项 改名 班主任队伍建设", "名称：加强中小学班主任队伍建设 → 班主任队伍建设"),
            ("office1", "设定 阶段性工作要点 间隔 每季度", "间隔："),
            ("office1", "设定 第7项 牵头 督导科；第7项 配合 思政科", "牵头：思政科 → 督导科", "配合：未设定 → 思政科"),
            ("office1", "/set 第7项 牵头 天上科", "没有叫“天上科”的单位"),
            ("office1", "设定 第7项 期限 某天", "不是能识别的时间"),
            ("office1", "设定 K99 指标 1/5", "没有叫“K99”的指标"),
            ("office1", "/set 随便", "没看懂“随便”"),
            ("思政科", "/set 第7项 牵头 督导科", "只有办公室可以用"),
        ],
    )
    item = house.bot.world.plan(house.plan.key).item("S07")

    assert (item.title, item.leaders, item.units, item.support) == ("班主任队伍建设", ("L5",), ("督导科",), ("思政科",))
    assert item.measures == ("出台津贴办法", "评选名班主任")
    assert any(r.duty.id == "points" for r in house.bot.world.rounds_of(house.plan))


async def test_a_task_moved_to_a_month_without_tasks_is_asked_for_there(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-03T10:00", "思政科")
    await ask(house, "office1", "设定 4月任务3 移到6月")
    plan = house.bot.world.plan(house.plan.key)
    june = house.bot.world.find_round(plan, "tasks", "2023-06")

    assert june is not None
    assert [item.id for item in plan.items_of_round(june.duty, june.period)] == ["M04-03"]


async def test_a_split_item_closes_and_its_parts_get_the_next_free_numbers(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    before = {item.id: item.no for item in house.plan.items}
    await converse(
        house,
        [
            ("思政科", "第7项40%", "回执 1 号"),
            ("office1", "拆分 第7项 为 津贴办法、名班主任评选（督导科）", "已拆分为", "（思政科）", "（督导科）"),
            ("office1", "拆分 第7项 为 甲、乙", "已经不办了", "恢复 S07"),
            ("office1", "/split 第6项", "请写哪一项拆成哪几项"),
        ],
    )
    plan = house.bot.world.plan(house.plan.key)
    new = [item for item in plan.items if item.id not in before]

    assert {item.id: item.no for item in plan.items if item.id in before} == before
    assert [item.no for item in new] == [
        max(i.no or 0 for i in house.plan.items if i.list_key == "special") + n for n in (1, 2)
    ]
    assert plan.item("S07").closed == f"拆分为第{new[0].no}项、第{new[1].no}项"
    assert "第7项" not in await ask(house, "思政科", "我的") and "津贴办法" in await ask(house, "思政科", "我的")
    assert any("已拆分为" in text for text in await heard(house, house.contact("督导科")))


async def test_an_open_round_asks_for_a_cancelled_item_no_more(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "组织科", "思政科")
    owed = (
        "SELECT handed_in_at IS NULL AND excused_at IS NULL FROM round_units JOIN rounds ON rounds.id = round_id"
        " WHERE duty = 'monthly' AND unit = '组织科'"
    )
    await ask(house, "组织科", "第9项80%\n第10项80%\n第11项80%\n第12项80%")
    assert await rows(house.bot.db, owed) == [(1,)]

    await converse(
        house,
        [
            ("office1", "取消 第13项", "请写哪一项和原因"),
            ("office1", "取消 第13项 上级已统一办理", "已取消", "恢复 S13"),
            ("office1", "取消 第13项 再来", "已经不办了"),
        ],
    )
    assert await rows(house.bot.db, owed) == [(0,)]

    await converse(house, [("office1", "恢复 第13项", "已恢复：13"), ("office1", "恢复 第13项", "不用恢复")])
    assert not house.bot.world.plan(house.plan.key).item("S13").closed


async def test_a_merged_item_leaves_its_units_as_co_leads(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "体卫艺语科")
    await converse(
        house,
        [
            ("体卫艺语科", "第6项30%", "回执 1 号"),
            ("office1", "合并 第6项 到 第7项", "已合并", "思政科、体卫艺语科"),
            ("office1", "合并 第7项", "请写哪一项合并到哪一项"),
            ("体卫艺语科", "第7项50%", "回执 2 号"),
        ],
    )
    plan = house.bot.world.plan(house.plan.key)

    assert plan.item("S06").closed == "合并到第7项" and plan.item("S07").units == ("思政科", "体卫艺语科")
    assert await rows(house.bot.db, "SELECT percent FROM progress WHERE item = 'S06'") == [(30.0,)]


async def test_a_new_item_is_added_with_owner_and_time(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    await converse(
        house,
        [
            ("office1", "新增项目 食堂明厨亮灶 牵头 思政科 期限 9月底前", "已新增", "牵头 思政科，期限 9月30日"),
            ("office1", "/add 观摩活动 清单 月度任务 期限 5月份", "5月任务"),
            ("office1", "/add 观摩活动 清单 没有的", "没有叫“没有的”的清单"),
            ("office1", "/add", "请写名称"),
            ("思政科", "食堂明厨亮灶20%", "回执 1 号"),
            ("office1", "新增项目：\n改建操场 牵头 思政科\n更新图书", "改建操场（牵头 思政科", "更新图书（牵头 未设定"),
        ],
    )

"""HU-19 … 22, 24 … 27, 29 … 35, 43: head counts and shares as the units and the office tell them."""

from tests.conftest import Open
from tests.systems.house import ask, open_pack
from tests.systems.hunan import open_filled, tell


async def told(theatre: Open, *said: str) -> list[str]:
    """Let the office tell numbers on a fresh stage."""
    return await tell(await open_pack(theatre, "HU", "2022-10-20T10:00"), "office1", *said)


async def test_hu_19_fifteen_to_twenty_met_from_15_and_flagged_above_20(theatre: Open) -> None:
    low, met, top, over = await told(theatre, "K15：14名", "K15：15名", "K15：20名", "K15：21名")

    assert "14/15—20名（进行中）" in low
    assert "15/15—20名（已达到）" in met and "20/15—20名（已达到）" in top
    assert "21/15—20名（超出上限）" in over


async def test_hu_20_about_150_is_met_from_95_percent_and_near_from_90(theatre: Open) -> None:
    met, near, edge, low = await told(theatre, "K16：143名", "K16：142名", "K16：135名", "K16：134名")

    assert "143/150名（已达到）" in met
    assert "142/150名（接近）" in near and "135/150名（接近）" in edge
    assert "134/150名（进行中）" in low


async def test_hu_21_some_secretaries_and_chiefs_are_met_by_one_and_have_no_number(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    none = await ask(house, "office1", "指标 K17")
    secretaries, chiefs = await tell(house, "office1", "K17：1名", "K18：2名")

    assert "进行中：0名（数量未定，有即可）" in none
    assert "1名（数量未定，有即可）（已达到）" in secretaries and "2名（数量未定，有即可）（已达到）" in chiefs


async def test_hu_22_about_400_to_the_provincial_school(theatre: Open) -> None:
    low, near, met = await told(theatre, "K19：359名", "K19：360名", "K19：380名")

    assert "359/400名（进行中）" in low and "360/400名（接近）" in near and "380/400名（已达到）" in met


async def test_hu_24_a_third_is_counted_exactly(theatre: Open) -> None:
    met, short = await told(theatre, "K21：总数15人，已培训5人", "K21：总数15人，已培训4人")

    assert "5/15，占 33.3%，要求不少于 1/3（已达到）" in met
    assert "4/15，占 26.7%，要求不少于 1/3（未达到）" in short


async def test_hu_25_a_fifth_in_each_city_and_its_plan_of_the_year_is_filed(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "甲市", "K22：总数15人，已培训3人", "备案：年度培训计划，2022年干部培训计划，2022-10-18")
    await tell(house, "乙市", "K22：总数15人，已培训2人")
    shown, missing = await ask(house, "office1", "指标 K22"), await ask(house, "office1", "未报")

    assert "达标 1/2" in shown and "乙市：2/15，占 13.3%，要求不少于 1/5" in shown and "甲市" not in shown
    assert "2022年培训计划备案：已报 1/3，未报：省委组织部、乙市" in missing


async def test_hu_26_five_quotas_stand_apart_and_parts_are_not_added_on_top(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    answers = await tell(
        house,
        "office1",
        "K23：1140名",
        "K24：总数1500人，已培训290人",
        "K25：285名",
        "K26：90名",
        "K27：899名",
    )
    whole, part = await ask(house, "office1", "指标 K24"), await ask(house, "office1", "指标 K25")
    marks = ["1140/1200名（已达到）", "290/1500", "285/300名（已达到）", "90/100名（接近）", "899/1000名（进行中）"]

    assert [mark for mark, answer in zip(marks, answers, strict=True) if mark not in answer] == []
    assert "已达到：290/1500，占 19.3%，要求约 1/5" in whole
    assert "包含在 K24 之内，不另加" in part


async def test_hu_27_a_fifth_each_year_and_everybody_over_the_term(theatre: Open) -> None:
    house = await open_filled(theatre, "2021-10-20T10:00")
    met, _ = await tell(house, "丁厅", "K28：总数100人，已培训20人", "K50：总数100人，已培训60人")
    await house.until("2022-10-20T10:00")
    fresh, term = await ask(house, "丁厅", "指标 K28"), await ask(house, "丁厅", "指标 K50")
    (whole,) = await tell(house, "丁厅", "K50：总数100人，已培训100人")

    assert "达标 1/1（已达到）" in met
    assert "未设定：总数还没有报" in fresh and "2021年 达标 1/1" in fresh
    assert "丁厅：60/100" in term and "已达到" in whole


async def test_hu_29_state_firm_leaders_are_counted_only_and_the_class_has_its_interval(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    answers = await tell(house, "office1", "K29：3名", "K30：12名", "K31：0名", "设定 C03 间隔 每年")

    assert "3名（数量未定，有即可）（已达到）" in answers[0] and "12名" in answers[1]
    assert "0名（数量未定，有即可）（进行中）" in answers[2]
    assert "省管国企领导人员专题培训班　间隔：定期 → 每年" in answers[3]


async def test_hu_30_heads_of_institutions_are_counted_and_their_classes_have_an_interval(theatre: Open) -> None:
    count, interval = await told(theatre, "K32：8名", "设定 C04 间隔 每季度")

    assert "8名（数量未定，有即可）（已达到）" in count
    assert "事业单位领导人员班次　间隔：定期 → 每季度" in interval


async def test_hu_31_a_fifth_of_university_team_members(theatre: Open) -> None:
    met, short = await told(theatre, "K33：总数11人，已培训3人", "K33：总数11人，已培训2人")

    assert "（已达到）" in met and "2/11，占 18.2%，要求不少于 1/5（未达到）" in short


async def test_hu_32_about_500_university_division_heads(theatre: Open) -> None:
    met, near = await told(theatre, "K34：475名", "K34：474名")

    assert "475/500名（已达到）" in met and "474/500名（接近）" in near


async def test_hu_33_a_fifth_of_heads_of_subordinate_institutions_in_each_organ(theatre: Open) -> None:
    house = await open_filled(theatre, "2022-10-20T10:00")
    await tell(house, "丁厅", "K35：总数10人，已培训2人")
    await tell(house, "省国资委", "K35：总数10人，已培训1人")
    shown = await ask(house, "office1", "指标 K35")

    assert "达标 1/2" in shown and "省国资委：1/10，占 10.0%" in shown and "丁厅" not in shown


async def test_hu_34_experts_and_scholars_are_counted_only(theatre: Open) -> None:
    count, interval = await told(theatre, "K36：6名", "设定 C06 间隔 每年")

    assert "6名（数量未定，有即可）（已达到）" in count
    assert "优秀中青年专家理论研讨班　间隔：定期 → 每年" in interval


async def test_hu_35_about_100_young_cadres(theatre: Open) -> None:
    met, near, low = await told(theatre, "K37：95名", "K37：90名", "K37：89名")

    assert "95/100名（已达到）" in met and "90/100名（接近）" in near and "89/100名（进行中）" in low


async def test_hu_43_thirty_exactly_is_met_and_the_others_have_no_number(theatre: Open) -> None:
    short, met, visits, sent = await told(theatre, "K46：29名", "K46：30名", "K44：5名", "K45：4名")

    assert "29/30名（进行中）" in short and "30/30名（已达到）" in met
    assert "5名（数量未定，有即可）" in visits and "4名（数量未定，有即可）" in sent

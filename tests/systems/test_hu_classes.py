"""HU-03, 09 … 14, 23, 41: quotas of classes and of categories, each class judged by its own hours."""

from tests.conftest import Open
from tests.systems.house import ask, open_pack
from tests.systems.hunan import tell

MAIN = "班次：{0}，省级，主体班，2022.3.1-2022.3.15，总课时100学时"


def main_class(name: str, more: str) -> str:
    return f"{MAIN.format(name)}，{more}"


async def test_hu_03_four_rates_for_each_category_without_a_target_until_annex_1_is_there(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await tell(
        house,
        "office1",
        "年度情况：机关公务员 调训率80% 参训率95% 人均脱产培训学时60 人均网络培训学时30",
        "年度情况：年轻干部 调训率70% 参训率90% 人均脱产培训学时50 人均网络培训学时20",
    )
    shown = await ask(house, "office1", "指标 K03")
    annexes = await ask(house, "office1", "进度 附件")

    assert "机关公务员：80%（调训率）；95%（参训率）；60学时（人均脱产）；30学时（人均网络），指标数未设定" in shown
    assert "年轻干部：70%（调训率）；90%（参训率）" in shown
    assert "附件1：各类干部调训率、参训率和人均学时：附件未提供" in annexes


async def test_hu_09_theory_and_party_education_make_seventy_percent_of_a_class(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await tell(
        house,
        "省委党校（湖南行政学院）",
        main_class("甲班", "理论教育50学时，党性教育20学时"),
        main_class("乙班", "理论教育49学时，党性教育20学时"),
        "班次：丙班，县级，主体班，2022.4.1-2022.4.5，总课时100学时，理论教育10学时",
    )
    shown = await ask(house, "office1", "指标 K09")

    assert "未达到：达标 1/2" in shown
    assert "乙班：69/100，占 69.0%，要求不少于 70%" in shown
    assert "甲班" not in shown and "丙班" not in shown


async def test_hu_10_a_main_class_without_party_spirit_courses_is_named(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await tell(
        house,
        "省委党校（湖南行政学院）",
        main_class("甲班", "党性教育1学时"),
        main_class("乙班", "理论教育40学时"),
        "班次：丙班，省级，非主体班，2022.4.1-2022.4.5，总课时30学时",
    )
    shown = await ask(house, "office1", "指标 K10")

    assert "未达到：达标 1/2" in shown and "乙班：0学时" in shown
    assert "甲班" not in shown and "丙班" not in shown


async def test_hu_11_only_classes_of_a_month_and_more_need_a_party_spirit_analysis(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await tell(
        house,
        "省委党校（湖南行政学院）",
        "班次：甲班，2022.3.1-2022.3.31，有党性分析",
        "班次：乙班，2022.3.1-2022.4.15",
        "班次：丙班，2022.3.1-2022.3.20",
    )
    shown = await ask(house, "office1", "指标 K11")

    assert "达标 1/2" in shown and "乙班：0/1" in shown
    assert "甲班" not in shown and "丙班" not in shown


async def test_hu_12_party_spirit_courses_are_a_fifth_of_a_main_class(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    school = "省委党校（湖南行政学院）"
    await tell(house, school, main_class("甲班", "党性教育20学时"), main_class("乙班", "党性教育19学时"))
    shown = await ask(house, "office1", "指标 K12")

    assert "达标 1/2" in shown and "乙班：19/100，占 19.0%，要求不少于 1/5" in shown and "甲班" not in shown


async def test_hu_13_leaders_teach_a_fifth_of_a_main_class(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    school = "省社会主义学院"
    await tell(house, school, main_class("甲班", "领导干部讲课20学时"), main_class("乙班", "领导干部讲课12学时"))
    shown = await ask(house, "office1", "指标 K13")

    assert "达标 1/2" in shown and "乙班：12/100，占 12.0%" in shown and "甲班" not in shown


async def test_hu_14_five_interactive_methods_are_counted_together(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    await tell(
        house,
        "省社会主义学院",
        main_class("甲班", "研讨式10学时，案例式8学时，模拟式6学时，体验式4学时，辩论式2学时"),
        main_class("乙班", "研讨式20学时，案例式9学时"),
    )
    shown = await ask(house, "office1", "指标 K14")

    assert "达标 1/2" in shown and "乙班：29/100，占 29.0%，要求不少于 30%" in shown and "甲班" not in shown


async def test_hu_23_one_class_on_clean_government_suffices_and_a_third_is_too_many(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    one = "班次：{0}，新任厅级干部党风廉政教育培训班，2022.{1}.1-2022.{1}.5"
    none = await ask(house, "office1", "指标 K20")
    await tell(house, "office1", one.format("第1期", 3))
    first = await ask(house, "office1", "指标 K20")
    await tell(house, "office1", one.format("第2期", 5), one.format("第3期", 9))
    third = await ask(house, "office1", "指标 K20")

    assert "进行中：0/1—2期" in none
    assert "已达到：1/1—2期" in first
    assert "超出上限：3/1—2期" in third


async def test_hu_38_a_fifth_of_township_chiefs_and_four_to_six_classes(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    one = "班次：{0}，乡镇（街道）党政正职培训班，2022.{1}.1-2022.{1}.5"
    met, short = await tell(house, "office1", "K38：总数20人，已培训4人", "K38：总数21人，已培训4人")
    await tell(house, "office1", *(one.format(f"第{n}期", n) for n in (1, 2, 3)))
    three = await ask(house, "office1", "指标 K39")
    await tell(house, "office1", one.format("第4期", 4))
    four = await ask(house, "office1", "指标 K39")

    assert "4/20，占 20.0%，要求不少于 1/5（已达到）" in met and "4/21" in short and "（未达到）" in short
    assert "进行中：3/4—6期" in three and "已达到：4/4—6期" in four


async def test_hu_41_women_minority_and_non_party_cadres_are_three_counts_of_a_class(theatre: Open) -> None:
    house = await open_pack(theatre, "HU", "2022-10-20T10:00")
    school = "省委党校（湖南行政学院）"
    receipt, _ = await tell(
        house,
        school,
        "班次：甲班，2022.3.1-2022.3.5，学员50人，女干部12人，少数民族干部5人，党外干部3人",
        "班次：乙班，2022.4.1-2022.4.5，学员40人，女干部8人，少数民族干部2人，党外干部1人",
    )
    shown = await ask(house, "office1", "台账 培训班次")

    assert "女干部 12人，少数民族干部 5人，党外干部 3人" in receipt
    assert "学员数合计 90人" in shown
    assert "女干部合计 20人" in shown and "少数民族干部合计 7人" in shown and "党外干部合计 4人" in shown
    assert "要求" not in shown

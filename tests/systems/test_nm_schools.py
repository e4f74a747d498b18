"""NM-26 … NM-36: schools checked and named, yearly reports, filings, coverage, lists, impossible numbers."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack, say_in_group
from tests.systems.nm import filled


async def test_nm_26_five_boxes_are_ticked_by_each_school(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    part = await ask(house, "甲中学", "五项管理：作业、睡眠、手机")
    shown = await ask(house, "office1", "台账 五项管理")
    await ask(house, "甲中学", "五项管理：作业、睡眠、手机、读物、体质")
    again = await ask(house, "office1", "台账 五项管理")

    assert "落实 3/5，缺 读物、体质" in part
    assert "单位：1/2，还没有：乙小学" in shown
    assert "共 1 条" in again and "落实 5/5" in again


async def test_nm_27_a_case_and_its_decision_are_told_nobody_but_by_the_office(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    await ask(house, "office1", "案件：招生违规，对象：甲某，处理：责令改正，4月10日")
    refused, group = await ask(house, "甲中学", "台账 案件"), await say_in_group(house, "office1", "台账 案件")
    held_back = await ask(house, "office1", "发布 1号")
    heard = await house.until("2021-05-10T18:00")

    assert "只有办公室能看" in refused and "甲某" not in refused + group
    assert "确认发布" in held_back
    assert not [one.text for one in heard if "甲某" in one.text or "责令改正" in one.text]


async def test_nm_28_private_schools_report_yearly_and_each_has_a_result(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-12-15T10:00", plan=filled())
    text = "民办学校年度报告：全年招生规范，经费收支平衡，没有发生安全事故，师资结构稳定，党建工作有序"
    done = await ask(house, "甲民办学校", text)
    missing = await ask(house, "office1", "未报")
    await ask(house, "office1", "年检：学校：甲民办学校，基本合格，12月10日")
    shown = await ask(house, "office1", "台账 年检")

    assert "2021年民办学校年度报告已报齐" in done
    assert "民办学校年度报告：已报 1/2，未报：乙民办学校" in missing
    assert "甲民办学校，基本合格" in shown


async def test_nm_29_a_prospectus_is_approved_or_refused_on_a_day(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    await ask(house, "甲民办学校", "备案：甲民办学校招生简章 4月14日")
    refused = await ask(house, "office1", "1号不同意，广告用语不实")
    open_ = await ask(house, "office1", "台账 备案")
    approved = await ask(house, "office1", "1号同意，已按要求修改")
    history = await ask(house, "office1", "历史 1号")

    assert "1 号已改为“不同意”" in refused and "未办结 1 条" in open_
    assert "1 号已改为“已同意”" in approved
    assert "4月15日" in history and "广告用语不实" in history


async def test_nm_30_the_blacklist_is_for_the_office_and_names_nobody(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    await ask(house, "office1", "黑名单：某某学校，事由：违规办学，4月10日")
    own, refused = await ask(house, "office1", "台账 黑名单"), await ask(house, "甲民办学校", "台账 黑名单")
    group, listed = await say_in_group(house, "office1", "台账 黑名单"), await ask(house, "甲民办学校", "台账")
    denied = await ask(house, "甲民办学校", "黑名单：另一学校，事由：违规")
    heard = await house.until("2021-05-10T18:00")

    assert "某某学校" in own and "只有办公室能看" in refused
    assert "某某学校" not in refused + group and "黑名单" not in listed
    assert "已登记" not in denied
    assert not [one.text for one in heard if "某某学校" in one.text]


async def test_nm_31_one_plan_a_child_is_counts_only(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    named = await ask(house, "甲旗", "一人一案：丙小明已建立")
    await ask(house, "甲旗", "一人一案：总数30人，已建立28人")
    shown, group = await ask(house, "office1", "指标 Q07"), await say_in_group(house, "office1", "指标 Q07")

    assert "没有登记" in named
    assert "甲旗：28/30" in shown
    assert "丙小明" not in shown + group


async def test_nm_32_an_encouraged_school_a_county_lacks_is_no_breach(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-12-15T10:00", plan=filled())
    await ask(house, "甲旗", "特教学校名单：人口25万人，已设")
    await ask(house, "乙县", "特教学校名单：人口22万人，未设")
    below = await ask(house, "丙旗", "特教学校名单：人口12万人，未设")
    shown = await ask(house, "office1", "台账 特教学校名单")
    await ask(house, "office1", "特教学校：总数2个，已设1个")
    quota = await ask(house, "office1", "指标 特教学校")

    assert "人口 12 小于 20" in below
    assert "已设 1" in shown and "未设 1" in shown and "甲旗：人口 25万人，已设" in shown
    assert "进行中：1/2" in quota and "未达标" not in quota


async def test_nm_33_universities_report_on_continuing_education_once_a_year(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-12-15T10:00", plan=filled())
    text = "高校继续教育发展年度报告：全年举办各类研修，办学规范有序，师资结构稳定，质量监控到位"
    done, missing = await ask(house, "甲大学", text), await ask(house, "office1", "未报")

    assert "2021年高校继续教育发展年度报告已报齐" in done
    assert "高校继续教育发展年度报告：已报 1/3，未报：乙大学、丙学院" in missing


async def test_nm_34_the_division_of_work_opens_a_list_of_tasks(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    plan = await ask(house, "office1", "教育事业发展“十四五”规划已审议通过")
    division = await ask(house, "office1", "“十四五”规划分工方案已印发")
    opened = await ask(house, "office1", "新增项目 学科布局调整 牵头 甲处 期限 9月底前 清单 规划分工任务")
    told = await messages(house, "2021-06-16T12:00", "甲处")
    shown = await ask(house, "office1", "/status 规划分工任务")

    assert "审议阶段" in plan and "100%" not in plan and "100%（完成）；已印发" in division
    assert "学科布局调整（牵头 甲处，期限 9月30日" in opened
    assert any("学科布局调整" in text for text in told)
    assert "完成 0/1" in shown and "学科布局调整" in shown


async def test_nm_35_impossible_numbers_are_asked_back(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-04-15T10:00", plan=filled())
    more = await ask(house, "甲旗", "一校一案：总数20所，已完成25所")
    beyond = await ask(house, "甲旗", "一校一案：已完成120%")
    below = await ask(house, "甲旗", "一校一案：总数20所，已完成-3所")
    item = await ask(house, "office1", "第12项120%")
    shown = await ask(house, "office1", "指标 一校一案")

    assert "25所 比 总数 20所 还多，没有登记" in more and "请核对后重报" in more
    assert "120% 比 100% 还多" in beyond and "数不能是负的" in below
    assert "大约完成了百分之几？" in item
    assert "总数还没有报" in shown


async def test_nm_36_three_of_four_lists_issued_is_shown_so(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    three = await ask(house, "office1", "四张清单：任务分工、工作安排清单、具体举措清单已印发")
    four = await ask(house, "office1", "四张清单：负面清单已印发")

    assert "3/4，缺 负面清单" in three and "100%" not in three
    assert "100%（完成）" in four and "4/4" in four

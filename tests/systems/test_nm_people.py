"""NM-49 … NM-58: re-elections, routine work, posts, evaluations, coverage, clean-ups, experience, ceremonies."""

from tests.conftest import Open
from tests.systems.house import ask, messages, open_pack
from tests.systems.nm import filled


async def test_nm_49_branches_are_re_elected_and_the_contact_changes_on_the_day(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled())
    await ask(house, "office1", "换届：甲处党支部，换届日期3月22日，联络员：丁四")
    moved = await ask(house, "office1", "移交 甲处 丁四 3月22日起")
    still = await ask(house, "甲处", "我的")
    await house.until("2021-03-22T12:00")
    later = await ask(house, "office1", "历史 甲处")
    await ask(house, "office1", "1号已换届")
    await ask(house, "乙处", "机关党委和党支部换届已完成")
    shown, ledger = await ask(house, "office1", "/status T15"), await ask(house, "office1", "台账 换届")

    assert "3月22日（周一）起生效" in moved and "机关党委和党支部换届" in still
    assert "丁四" in later
    assert "已完成 1/3，未完成：甲处、丙处" in shown and "共 1 条，未办结 0 条" in ledger


async def test_nm_50_drop_outs_are_a_figure_and_the_routine_is_never_done(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-03-15T10:00", plan=filled(("T17", "units", "甲旗、乙县")))
    done = await ask(house, "甲旗", "控辍保学已完成100%")
    told = await ask(house, "甲旗", "辍学3人")
    await ask(house, "乙县", "辍学0人")
    shown, figure = await ask(house, "office1", "/status T17"), await ask(house, "office1", "进度 辍学")

    assert "100%" not in done and "期限：长期坚持" in shown and "100%" not in shown
    assert "3人" in told and "辍学学生 3人；数据，不计入进度" in shown
    assert "甲旗：3人" in figure and "乙县：0人" in figure


async def test_nm_51_posts_for_graduates_are_a_figure_over_two_years(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00")
    await ask(house, "office1", "今年招聘岗位300个")
    await house.until("2021-09-15T10:00")
    await ask(house, "office1", "新增招聘岗位100个")
    figure, quota = await ask(house, "office1", "进度 招聘岗位"), await ask(house, "office1", "指标 Q13")

    assert "今明两年招聘应届毕业生岗位" in figure and "400个" in figure and "不计入进度" in figure
    assert "400个" in quota and "指标数未设定" in quota
    assert (term := next(q.term for q in house.plan.quotas if q.id == "Q13")) and (term.first, term.last) == (
        2021,
        2022,
    )


async def test_nm_52_a_failed_evaluation_has_a_day_to_be_put_right(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    await ask(house, "office1", "评估：县域学前教育普及普惠评估，甲旗，6月10日，结果：未通过，整改期限7月30日")
    await ask(house, "office1", "评估：本科教学工作合格评估，甲大学，6月11日，结果：通过")
    await ask(house, "office1", "2号已完成")
    shown = await ask(house, "office1", "台账 评估")
    reminded = await messages(house, "2021-07-30T12:00", "甲旗")

    assert "共 2 条，未办结 1 条" in shown
    assert "甲旗，结果 未通过（未完成，期限 7月30日（周五））" in shown
    assert any("甲旗，结果 未通过" in text for text in reminded)


async def test_nm_53_posts_are_met_when_all_are_filled_and_empty_until_told(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    empty = await ask(house, "office1", "指标 Q10")
    part = await ask(house, "甲大学", "专职思政课教师：应配50人，实配45人")
    await ask(house, "乙大学", "专职思政课教师：应配30人，实配30人")
    shown = await ask(house, "office1", "指标 Q09")

    assert "未设定：总数还没有报" in empty
    assert "达标 0/1" in part
    assert "达标 1/2" in shown and "甲大学：45/50" in shown


async def test_nm_54_textbooks_checked_and_removed_are_told_by_school(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    await ask(house, "甲中学", "教材清理：清查100种，清退2种")
    await ask(house, "甲中学", "教材清理：清查100种，清退3种")
    below = await ask(house, "乙小学", "教材清理：清查-5种，清退1种")
    shown = await ask(house, "office1", "台账 教材清理")

    assert "清查不会是负数" in below
    assert "共 1 条" in shown and "单位：1/2，还没有：乙小学" in shown
    assert "清查合计 100种" in shown and "清退合计 3种" in shown


async def test_nm_55_experience_is_kept_and_the_digits_of_a_name_are_no_numbers(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    kept = await ask(house, "甲大学", "典型经验：标题：1+X证书制度试点做法，类别：1+X证书试点")
    await ask(house, "乙大学", "典型经验：标题：“1+7”成果转化模式，类别：高校成果转化")
    await ask(house, "office1", "1号采用改为已采用")
    item = await ask(house, "office1", "/status 14")
    table, shown = await ask(house, "office1", "排名 典型经验"), await ask(house, "office1", "台账 典型经验")

    assert "1+X证书制度试点做法" in kept and "1%" not in kept
    assert "1+X证书试点经验" in item and "还没有数据" not in item and "%" not in item
    assert "甲大学" in table and "共 2 条" in shown and "1+7" in shown and "采用：已采用 1" in shown


async def test_nm_56_the_list_of_burdens_is_ticked_by_school(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    await ask(house, "甲中学", "减负清单：规范进校园活动")
    await ask(house, "甲中学", "减负清单：精简填表")
    await ask(house, "甲中学", "1号已落实")
    shown = await ask(house, "office1", "台账 减负清单")

    assert "共 2 条，未办结 1 条" in shown and "精简填表（未落实" in shown
    assert "单位：1/2，还没有：乙小学" in shown


async def test_nm_57_each_school_has_its_ceremony_with_a_day(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-09-15T10:00", plan=filled())
    kept = await ask(house, "甲中学", "入职宣誓：9月10日 20人参加")
    dateless = await ask(house, "乙小学", "事迹宣讲：30人参加")
    shown = await ask(house, "office1", "台账 师德活动")

    assert "新教师入职宣誓，日期 2021年9月10日，人数 20人" in kept
    assert "日期是什么" in dateless
    assert "共 1 条" in shown and "单位：1/2，还没有：乙小学" in shown


async def test_nm_58_the_leadership_by_the_party_is_met_when_all_schools_have_it(theatre: Open) -> None:
    house = await open_pack(theatre, "NM", "2021-06-15T10:00", plan=filled())
    part = await ask(house, "甲旗", "校长负责制：总数20所，已推行19所")
    whole = await ask(house, "甲旗", "校长负责制：总数20所，已推行20所")
    shown = await ask(house, "office1", "指标 校长负责制")

    assert "达标 0/1（进行中）" in part
    assert "达标 1/1（已达到）" in whole and "达标 1/1" in shown

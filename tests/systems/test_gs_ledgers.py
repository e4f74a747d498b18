"""GS-06 to GS-10, GS-14 to GS-17, GS-19: desk books, first lessons, training, firms, projects, pairs, proposals."""

from tests.conftest import Open
from tests.systems.gansu import house_of
from tests.systems.house import ask, messages, staff


async def test_gs_06_reading_is_checked_in_by_person_and_asked_of_nobody(theatre: Open) -> None:
    house = await house_of(theatre)
    await staff(house, "丁小学", "赵一", "钱二")
    await ask(house, "丁小学", "案头书：赵一 2月22日 内容：第一章")
    await ask(house, "丁小学", "案头书：赵一 3月2日 内容：第二章")
    shown = await ask(house, "office1", "台账 案头书")
    heard = await messages(house, "2023-03-24T12:00", "丁小学")

    assert "共 2 条" in shown
    assert "丁小学 1/2，还没有：钱二" in shown
    assert not any("案头书" in text for text in heard)


async def test_gs_07_each_school_says_who_gave_the_first_lesson_and_the_missing_are_listed(theatre: Open) -> None:
    house = await house_of(theatre, "2023-03-01T10:00")
    await ask(house, "office1", "设定 开学第一课 间隔 3月14日前")
    said = await ask(house, "甲大学", "第一课：3月1日 书记讲课")
    await ask(house, "乙大学", "开学第一课：校长3月2日国旗下讲话")
    await ask(house, "丁小学", "登记 第一课 3月1日 校长")
    heard = await house.until("2023-03-15T12:00")
    missing = await ask(house, "office1", "未报")
    shown = await ask(house, "office1", "台账 开学第一课")

    assert "日期 2023年3月1日，书记" in said
    assert any("开学第一课" in one.text for one in heard if one.to == house.contact("丙学院"))
    assert not any("开学第一课" in one.text for one in heard if one.to == house.contact("丁小学"))
    assert "上半年开学第一课：已报 3/4，未报：丙学院" in missing
    assert "主讲：校长 2，书记 1" in shown


async def test_gs_08_batches_and_person_times_are_two_numbers(theatre: Open) -> None:
    house = await house_of(theatre)
    await ask(house, "office1", "登记 培训 第1期 3月2日 160人次")
    await ask(house, "office1", "登记 培训 第2期 3月4日 180人次")
    await ask(house, "office1", "登记 培训 第2期 3月4日 190人次")
    shown = await ask(house, "office1", "台账 培训")
    batches, people = await ask(house, "office1", "指标 Q1"), await ask(house, "office1", "指标 Q2")

    assert "共 2 条" in shown and "人次合计 350人次" in shown and "期次合计" not in shown
    assert "2/3期" in batches and "350/500人次" in people


async def test_gs_09_a_special_training_is_kept_with_its_topic(theatre: Open) -> None:
    house = await house_of(theatre)
    asked = await ask(house, "office1", "登记 专题培训 3月3日")
    said = await ask(house, "office1", "数字化教学")
    await ask(house, "office1", "登记 专题培训 课题：校园安全 3月4日 60人")
    shown = await ask(house, "office1", "台账 专题培训")

    assert "课题是什么" in asked and "数字化教学，日期 2023年3月3日" in said
    assert "共 2 条" in shown and "校园安全，日期 2023年3月4日，人数 60人" in shown


async def test_gs_10_the_lecture_hall_shows_which_speakers_and_contents_are_missing(theatre: Open) -> None:
    house = await house_of(theatre)
    await ask(house, "office1", "设定 教育大讲堂 间隔 每月")
    await ask(house, "office1", "登记 大讲堂 3月3日 专家学者讲政策 主讲人王某 120人")
    await ask(house, "office1", "登记 大讲堂 3月4日 领导干部讲法规 80人")
    shown = await ask(house, "office1", "台账 教育大讲堂")
    digest = [text for text in await messages(house, "2023-05-04T12:00", "leader1") if "每周简报" in text][-1]

    assert "主讲人类别：专家学者 1，领导干部 1；还没有：先进典型、业务骨干" in shown
    assert "内容类别：讲政策 1，讲法规 1；还没有：讲理论、讲业务" in shown
    assert "4月教育大讲堂：未登记" in digest and "3月教育大讲堂" not in digest


async def test_gs_14_an_agreement_is_followed_up_on_its_day_and_after(theatre: Open) -> None:
    house = await house_of(theatre)
    said = await ask(house, "甲大学", "登记 校企协议 甲公司 签订日期3月1日 回访日期3月22日")
    heard = await house.until("2023-03-24T12:00")
    told = [one for one in heard if "校企合作协议到期提醒" in one.text]
    shown = await ask(house, "office1", "台账 校企协议")

    assert "甲公司" in said and "期限 3月22日" in said
    assert len(told) == 2 and {one.to for one in told} == {house.contact("甲大学")}
    assert all("甲公司" in one.text and "期限 3月22日" in one.text for one in told)
    assert "共 1 条，未办结 1 条" in shown


async def test_gs_15_projects_are_asked_about_every_friday_of_the_first_quarter_and_never_after(theatre: Open) -> None:
    house = await house_of(theatre)
    await ask(house, "甲大学", "登记 项目 实训楼 停工")
    restarted = await ask(house, "甲大学", "项目：实训楼 复工 3月5日")
    await ask(house, "乙大学", "项目：图书馆 复工 3月2日")
    done = await ask(house, "乙大学", "项目：图书馆 完工 3月6日")
    shown = await ask(house, "office1", "台账 重大建设项目")
    asked = [text for text in await messages(house, "2023-04-28T12:00", "丙学院") if "建设项目" in text]

    assert "实训楼，日期 2023年3月5日（复工）" in restarted and "图书馆，日期 2023年3月6日（完工）" in done
    assert "共 2 条，未办结 1 条" in shown and "实训楼，日期 2023年3月5日（复工）" in shown and "停工" not in shown
    assert [text.splitlines()[0][1:4] for text in asked] == ["第10", "第11", "第12", "第13"]


async def test_gs_16_the_office_loads_the_list_of_projects_in_one_command(theatre: Open) -> None:
    house = await house_of(theatre)
    words = "登记 项目\n甲大学 实训楼 停工\n甲大学 图书馆 复工 3月2日\n乙大学 体育馆 停工"
    await ask(house, "office1", words)
    shown = await ask(house, "office1", "台账 重大建设项目")
    moved = await ask(house, "乙大学", "项目：体育馆 复工 3月7日")
    again = await ask(house, "office1", "台账 重大建设项目")

    assert "共 3 条，未办结 3 条" in shown
    for line in ("甲大学：实训楼（停工）", "甲大学：图书馆，日期 2023年3月2日（复工）", "乙大学：体育馆（停工）"):
        assert line in shown
    assert "体育馆" in moved
    assert "共 3 条" in again and "乙大学：体育馆，日期 2023年3月7日（复工）" in again


async def test_gs_17_both_sides_of_the_pairs_are_counted_apart(theatre: Open) -> None:
    house = await house_of(theatre)
    await ask(house, "丁小学", "登记 结好 省内学校：丁小学 国外学校：某国第一小学 2022年5月1日")
    await ask(house, "丁小学", "登记 结好 省内学校：丁小学 国外学校：某国第二小学 2022年6月1日")
    shown = await ask(house, "office1", "台账 百校结好")
    home = await ask(house, "office1", "进度 N11")
    foreign = await ask(house, "office1", "进度 N12")

    assert "省内学校 1 个" in shown and "国外学校 2 个" in shown
    assert "某国第一小学，结好日期 2022年5月1日" in shown
    assert "19所" in home and "52所" in foreign


async def test_gs_19_good_projects_breakthroughs_and_highlights_are_collected(theatre: Open) -> None:
    house = await house_of(theatre)
    begun = await ask(house, "office1", "征集 好项目 3月20日前 各单位")
    await ask(house, "甲大学", "好项目：名称：校企联合实验室；内容：共建三个实验室")
    await ask(house, "乙大学", "突破口：名称：产业学院")
    shown = await ask(house, "office1", "台账 好项目")
    heard = await house.until("2023-03-20T18:00")
    missing = await ask(house, "office1", "未报")

    assert "3月20日" in begun and "4 个单位" in begun
    assert "类别：好项目 1，突破口 1；还没有：亮点" in shown and "校企联合实验室" in shown
    assert any("好项目" in one.text for one in heard if one.to == house.contact("丙学院"))
    assert "好项目：已报 2/4，未报：丙学院、丁小学" in missing

"""Every register of the packs is logged in words a clerk would write, and each word lands in its field."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bot.domain.reading.fields import Setting, opened, read_entry
from bot.domain.workdays import Workdays
from bot.stories.registers import item_named
from tests.domain.packs import NAMES, pack

TODAY = {
    "HN": date(2022, 4, 20),
    "QZ": date(2023, 4, 20),
    "NM": date(2021, 9, 20),
    "GS": date(2023, 3, 10),
    "HU": date(2021, 10, 20),
}
PEOPLE = ("张三", "李四", "王五", "李明")
SAID: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        "HN",
        "first_topic",
        "第一议题：厅党委会4月18日，议题学习二十大精神",
        {"date": "2022-04-18", "meeting": "厅党委会", "topic": "学习二十大精神"},
    ),
    (
        "HN",
        "monthly_lecture",
        "每月一讲：4月22日，主讲王老师，题目《课程改革》，参加80人",
        {"date": "2022-04-22", "attendance": 80.0, "speaker": "王老师", "title": "《课程改革》"},
    ),
    ("HN", "reading_day", "读书日：主题《论语》，参加12人", {"attendance": 12.0, "topic": "《论语》"}),
    (
        "HN",
        "lecture",
        "讲课：4月12日，处长，主讲李明，题目《公文写作》，参加45人",
        {"date": "2022-04-12", "attendance": 45.0, "speaker": "李明", "kind": "处长", "title": "《公文写作》"},
    ),
    ("HN", "study_goal", "学习目标：张三，目标掌握预算编制", {"person": "张三", "goals": "掌握预算编制"}),
    ("HN", "spot_check", "抽查：张三合格", {"person": "张三", "result": "合格"}),
    (
        "HN",
        "test",
        "知识测试：张三得分88，满分100，及格线60",
        {"score": 88.0, "full": 100.0, "pass": 60.0, "person": "张三"},
    ),
    ("HN", "reflection", "学习体会：《读书随想》，作者张三", {"author": "张三", "title": "《读书随想》"}),
    (
        "HN",
        "problem",
        "问题：审批流程慢，自己找，作风短板，责任人王五，解决方案合并环节，期限5月20日",
        {
            "due": "2022-05-20",
            "owner": "王五",
            "way": "自己找",
            "weakness": "作风短板",
            "fix": "合并环节",
            "problem": "审批流程慢",
        },
    ),
    ("HN", "arena", "小擂台：名称公文大赛，张三，得分92", {"score": 92.0, "entrant": "张三", "title": "公文大赛"}),
    (
        "HN",
        "nomination",
        "推荐标杆党支部：基教处党支部，事迹服务好",
        {"category": "标杆党支部", "evidence": "服务好", "nominee": "基教处党支部"},
    ),
    (
        "HN",
        "acceptance",
        "特色项目：三全育人试点，验收日期6月3日，结果通过",
        {"date": "2022-06-03", "result": "通过", "project": "三全育人试点"},
    ),
    (
        "HN",
        "contest",
        "优质课展评：名称小学优质课，日期9月10日，参赛40",
        {"date": "2022-09-10", "entries": 40.0, "name": "小学优质课"},
    ),
    (
        "HN",
        "attack",
        "攻坚：校舍产权遗留问题，挂帅领导L1，成员张三、李四，下一步协调资规，期限5月30日",
        {
            "due": "2022-05-30",
            "leader": "L1",
            "members": ["张三", "李四"],
            "next": "协调资规",
            "issue": "校舍产权遗留问题",
        },
    ),
    (
        "HN",
        "posting",
        "选派：上挂5人，2022.7.1-2023.6.30，挂职锻炼",
        {"item": "H26", "time": {"from": "2022-07-01", "to": "2023-06-30"}, "n": 5.0, "kind": "挂职锻炼"},
    ),
    ("HN", "team", "帮扶小分队：第1批，5月10日，赴五指山", {"date": "2022-05-10", "batch": 1.0, "place": "五指山"}),
    ("HN", "rotation", "大轮岗：生效日期9月1日，张三到人事处", {"effective": "2022-09-01", "moves": "张三到人事处"}),
    (
        "HN",
        "inspection",
        "督查：教师处，4月18日，查了台账",
        {"date": "2022-04-18", "unit": "教师处", "note": "查了台账"},
    ),
    (
        "HN",
        "finding",
        "发现问题：教师处学习记录不全，整改期限5月10日",
        {"due": "2022-05-10", "unit": "教师处", "finding": "学习记录不全"},
    ),
    ("HN", "self_check", "自查：组织到位、措施到位", {"boxes": ["组织到位", "措施到位"]}),
    (
        "HN",
        "experience",
        "经验做法：《周三夜学》，做法每周三集中学，形成制度学习制度",
        {"text": "每周三集中学", "rule": "学习制度", "title": "《周三夜学》"},
    ),
    (
        "HN",
        "decision",
        "处理决定：组织处理，对象某科，决定谈话，不公布",
        {"kind": "组织处理", "publish": "不公布", "whom": "某科", "decision": "谈话"},
    ),
    ("HN", "rule", "制度：立，名称差旅管理办法", {"kind": "立", "title": "差旅管理办法"}),
    (
        "QZ",
        "newsletter",
        "报送信息1篇：《我市选树教育系统担当者》，请简报采用",
        {"count": 1.0, "kind": "简报", "title": "《我市选树教育系统担当者》", "text": "请采用"},
    ),
    (
        "QZ",
        "nomination",
        "推荐担当者：李明，事迹扎根一线",
        {"kind": "担当者", "evidence": "扎根一线", "nominee": "李明"},
    ),
    (
        "QZ",
        "rectification",
        "限期整改：督导科，原因报送滞后，期限5月10日",
        {"due": "2023-05-10", "unit": "督导科", "cause": "报送滞后"},
    ),
    ("QZ", "todo", "待办：起草讲话稿，期限4月25日", {"due": "2023-04-25", "title": "起草讲话稿"}),
    ("QZ", "unit_plan", "细化方案：时间表、任务书、路线图", {"boxes": ["时间表", "任务书", "路线图"]}),
    (
        "QZ",
        "problem",
        "问题台账：校外培训督查，某机构超收费，发现日期3月5日",
        {"item": "M03-11", "found": "2023-03-05", "problem": "某机构超收费"},
    ),
    (
        "NM",
        "lecture",
        "专题报告会：9月18日，题目《学科建设》，参加200人",
        {"date": "2021-09-18", "attendance": 200.0, "title": "《学科建设》"},
    ),
    (
        "NM",
        "talk",
        "讲座：9月10日，专家学者，主讲李教授，题目《公文》",
        {"date": "2021-09-10", "speaker": "李教授", "kind": "专家学者", "title": "《公文》"},
    ),
    ("NM", "party_life", "民主生活会：9月3日", {"date": "2021-09-03", "kind": "民主生活会"}),
    (
        "NM",
        "problem",
        "查找问题：联系群众不够，整改措施下基层，期限10月30日",
        {"due": "2021-10-30", "fix": "下基层", "problem": "联系群众不够"},
    ),
    (
        "NM",
        "nomination",
        "推荐：北疆百年先锋，某学院党支部，事迹突出",
        {"kind": "北疆百年先锋", "evidence": "突出", "nominee": "某学院党支部"},
    ),
    ("NM", "topic", "课题：民族团结教育研究，负责人王教授", {"owner": "王教授", "title": "民族团结教育研究"}),
    (
        "NM",
        "opening_project",
        "开局项目：高校书记校长开局项目，名称学科提升，目标进A类，期限12月20日",
        {"due": "2021-12-20", "kind": "高校书记校长开局项目", "title": "学科提升", "target": "进A类"},
    ),
    ("NM", "responsibility", "责任清单：厅党组书记，听取汇报", {"post": "厅党组书记", "line": "听取汇报"}),
    ("NM", "inspection", "巡察：9月9日，情况良好", {"date": "2021-09-09", "note": "情况良好"}),
    (
        "NM",
        "finding",
        "发现问题：高校台账不清，整改期限10月15日",
        {"due": "2021-10-15", "unit": "高校", "finding": "台账不清"},
    ),
    ("NM", "management", "五项管理：作业、睡眠、手机、读物、体质", {"boxes": ["作业", "睡眠", "手机", "读物", "体质"]}),
    (
        "NM",
        "case",
        "案件：违规补课，某校，日期9月1日，处理警告",
        {"date": "2021-09-01", "kind": "违规补课", "decision": "警告", "whom": "某校"},
    ),
    ("NM", "blacklist", "黑名单：某培训学校，事由虚假宣传", {"reason": "虚假宣传", "name": "某培训学校"}),
    ("NM", "county_school", "特教学校名单：人口25万人，已设", {"people": 25.0, "has": "已设"}),
    ("NM", "annual_check", "年检：某民办学校合格", {"result": "合格", "school": "某民办学校"}),
    ("NM", "filing", "备案：2021年秋季招生简章，日期8月1日", {"date": "2021-08-01", "title": "2021年秋季招生简章"}),
    (
        "NM",
        "evaluation",
        "评估：本科专业认证，9月1日，对象高校，结果通过",
        {"date": "2021-09-01", "kind": "本科专业认证", "result": "通过", "whom": "高校"},
    ),
    (
        "NM",
        "hazard",
        "隐患：实验室电线老化，地点化学楼，整改期限9月30日",
        {"due": "2021-09-30", "place": "化学楼", "hazard": "实验室电线老化"},
    ),
    ("NM", "textbook", "教材清理：清查320种，清退5种", {"checked": 320.0, "removed": 5.0}),
    (
        "NM",
        "newsletter",
        "典型经验：《成果转化一站式》，高校成果转化",
        {"kind": "高校成果转化", "title": "《成果转化一站式》"},
    ),
    ("NM", "burden", "减负清单：督查检查事项减少", {"line": "督查检查事项减少"}),
    (
        "NM",
        "ceremony",
        "入职宣誓：9月1日，80人参加",
        {"date": "2021-09-01", "attendance": 80.0, "kind": "新教师入职宣誓"},
    ),
    ("NM", "score", "公文比赛：张三，92分", {"score": 92.0, "person": "张三"}),
    (
        "NM",
        "reelection",
        "换届：机关第一党支部，生效日期9月20日，新联络员李四",
        {"effective": "2021-09-20", "contact": "李四", "branch": "机关第一党支部"},
    ),
    ("NM", "draw_units", "双随机：学校食堂食品安全，对象高校", {"unit": "高校", "field": "学校食堂食品安全"}),
    ("NM", "draw_checkers", "抽取人员：学校食堂食品安全，人员张三", {"person": "张三", "field": "学校食堂食品安全"}),
    ("GS", "reading", "案头书：3月8日", {"date": "2023-03-08"}),
    ("GS", "first_lesson", "开学第一课：2月20日，校长主讲，升国旗仪式", {"date": "2023-02-20", "by": "校长"}),
    (
        "GS",
        "training_class",
        "校外培训机构培训：第3期，3月6日，170人次",
        {"date": "2023-03-06", "batch": 3.0, "times": 170.0},
    ),
    ("GS", "topic_training", "专题培训：主题教育强国，日期3月2日", {"date": "2023-03-02", "topic": "教育强国"}),
    (
        "GS",
        "lecture",
        "大讲堂：3月9日，专家学者，讲理论，主讲王教授，题目《数字化》",
        {"date": "2023-03-09", "speaker": "王教授", "kind": "专家学者", "content": "讲理论", "title": "《数字化》"},
    ),
    (
        "GS",
        "agreement",
        "合作协议：企业某科技公司，签订日期3月1日，回访9月1日",
        {"signed": "2023-03-01", "follow": "2023-09-01", "firm": "某科技公司"},
    ),
    ("GS", "project", "建设项目：图书馆，复工，3月6日", {"date": "2023-03-06", "name": "图书馆"}),
    (
        "GS",
        "pair",
        "结好：省内学校第一中学，国外学校某中学，2019年5月1日",
        {"since": "2019-05-01", "home": "第一中学", "foreign": "某中学"},
    ),
    ("GS", "proposal", "好项目：名称智慧课堂，内容共建", {"kind": "好项目", "title": "智慧课堂", "text": "共建"}),
    ("GS", "newsletter", "简报：《访企拓岗见成效》", {"title": "《访企拓岗见成效》"}),
    (
        "HU",
        "training",
        "培训：张三，任职培训，5月8日至5月12日，40学时，班次新任处级班",
        {
            "time": {"from": "2021-05-08", "to": "2021-05-12"},
            "hours": 40.0,
            "person": "张三",
            "kind": "任职培训",
            "course": "新任处级班",
            "days": 5.0,
            "months": 0.17,
        },
    ),
    ("HU", "self_study", "自学：张三，12学时", {"hours": 12.0, "person": "张三"}),
    (
        "HU",
        "called",
        "点名调训：张三，单位省社会主义学院，班次中青班",
        {"unit": "省社会主义学院", "person": "张三", "class": "中青班"},
    ),
    (
        "HU",
        "makeup",
        "补训：张三，2021年3月15日提任，还差20学时",
        {"promoted": "2021-03-15", "hours": 20.0, "person": "张三"},
    ),
    (
        "HU",
        "theory_makeup",
        "理论补训：张三，单位省国资委，期限12月1日",
        {"due": "2021-12-01", "unit": "省国资委", "person": "张三"},
    ),
    ("HU", "study_review", "述学：张三述学、评学", {"person": "张三", "boxes": ["述学", "评学"]}),
    ("HU", "conduct", "培训表现：张三，表现积极", {"person": "张三", "note": "积极"}),
    (
        "HU",
        "posting",
        "选派：访学进修，12人，9月1日至9月30日，到省委党校",
        {"time": {"from": "2021-09-01", "to": "2021-09-30"}, "n": 12.0, "kind": "访学进修", "place": "省委党校"},
    ),
    (
        "HU",
        "class",
        "班次：班名秋季处级班，主体班，省级，总课时100学时，理论教育50学时，党性教育25学时，领导干部讲课22学时，研讨式20学时，案例式12学时，有党性分析",
        {
            "hours": 100.0,
            "theory": 50.0,
            "party": 25.0,
            "leader": 22.0,
            "seminar": 20.0,
            "case": 12.0,
            "level": "省级",
            "main": "主体班",
            "analysis": "有党性分析",
            "name": "秋季处级班",
        },
    ),
    (
        "HU",
        "quality",
        "质量评估：秋季处级班，需求适配度90分，课程设计科学性88分",
        {"demand": 90.0, "design": 88.0, "class": "秋季处级班"},
    ),
    (
        "HU",
        "rates",
        "调训参训情况：机关公务员，调训率98%，参训率95%",
        {"called": 98.0, "attended": 95.0, "category": "机关公务员"},
    ),
    (
        "HU",
        "contest",
        "教学比赛：2021年6月10日，结果某校一等奖",
        {"date": "2021-06-10", "kind": "教学比赛", "result": "某校一等奖"},
    ),
    ("HU", "nomination", "推荐：好课程，名称《党史》", {"kind": "好课程", "title": "《党史》"}),
    (
        "HU",
        "leader_lecture",
        "上讲台：授课人某部长，11月5日，题目《形势》",
        {"date": "2021-11-05", "speaker": "某部长", "title": "《形势》"},
    ),
    ("HU", "course", "课程库：课程《党史》，教师王老师", {"teacher": "王老师", "course": "《党史》"}),
    (
        "HU",
        "school_rating",
        "办学水平评估：某市委党校，日期9月1日，结果优秀",
        {"date": "2021-09-01", "kind": "市级党校办学水平评估", "result": "优秀", "school": "某市委党校"},
    ),
    ("HU", "system", "管理制度：集体备课、教学督导", {"boxes": ["集体备课", "教学督导"]}),
    ("HU", "pair", "结对：结对单位某市委组织部，班次青干班", {"partner": "某市委组织部", "class": "青干班"}),
    ("HU", "budget", "预算：列入年度预算是，金额120万元", {"amount": 120.0, "included": "是"}),
    ("HU", "inspection", "学风督查：10月9日，情况良好", {"date": "2021-10-09", "kind": "学风督查", "note": "良好"}),
    (
        "HU",
        "finding",
        "发现问题：省社会主义学院考勤不严，整改期限11月10日",
        {"due": "2021-11-10", "unit": "省社会主义学院", "finding": "考勤不严"},
    ),
    ("HU", "meeting", "领导小组会议：10月8日，议题年度计划", {"date": "2021-10-08", "topic": "年度计划"}),
    ("HU", "newsletter", "投稿：《错峰调训》", {"title": "《错峰调训》"}),
    ("HU", "filing", "备案：年度培训计划，日期2021年1月10日", {"date": "2021-01-10", "kind": "年度培训计划"}),
    (
        "HU",
        "class_file",
        "班次登记：班名秋季处级班，反馈，内容学员满意",
        {"kind": "反馈", "class": "秋季处级班", "text": "学员满意"},
    ),
    (
        "HU",
        "survey",
        "需求调研：班名秋季处级班，训前，意见多讲案例",
        {"stage": "训前", "class": "秋季处级班", "answer": "多讲案例"},
    ),
    ("HU", "rating", "互评：班名秋季处级班，学员张三，95分", {"score": 95.0, "person": "张三", "class": "秋季处级班"}),
]


def setting(code: str) -> Setting:
    plan = pack(code)
    return Setting(plan, TODAY[code], Workdays(), PEOPLE, lambda text: item_named(plan, text))


@pytest.mark.parametrize(("code", "key", "text", "values"), SAID, ids=[f"{row[0]}-{row[1]}" for row in SAID])
def test_an_entry_is_read_into_its_fields(code: str, key: str, text: str, values: Mapping[str, Any]) -> None:
    found = [(register, rest) for register in pack(code).registers if (rest := opened(register, text)) is not None]
    assert [register.key for register, _ in found] == [key]

    draft = read_entry(found[0][0], found[0][1], setting(code))
    assert draft.values == values
    assert draft.missing == ()
    assert draft.doubts == ()


@pytest.mark.parametrize("code", NAMES)
def test_no_register_is_left_out(code: str) -> None:
    assert {register.key for register in pack(code).registers} == {key for own, key, *_ in SAID if own == code}


def test_a_posting_of_three_weeks_is_asked_back() -> None:
    register = pack("HN").find_register("posting")
    assert register is not None
    draft = read_entry(register, "下派2人，工作体验，7月1日至7月21日", setting("HN"))
    assert draft.values["item"] == "H27"
    assert draft.doubts == ("工作体验应为一至两个月，这条是 21 天",)

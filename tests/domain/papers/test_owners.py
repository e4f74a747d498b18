"""Who leads and who supports, out of one cell."""

import pytest

from bot.domain.papers.owners import read_owners, read_people


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("综合科", ["综合科"]),
        ("综合科、安保科，后勤科", ["综合科", "安保科", "后勤科"]),
        ("综合科/安保科；后勤科", ["综合科", "安保科", "后勤科"]),
        ("综合科\n安保科", ["综合科", "安保科"]),
        ("综合科 安保科", ["综合科", "安保科"]),
        ("综合科\n教学评估\n监测中心", ["综合科", "教学评估监测中心"]),
        ("综合\n科", ["综合科"]),
        ("综合 安保 后勤", ["综合", "安保", "后勤"]),
        ("規劃科和財務科", ["规划科", "财务科"]),
        ("职业教育与成人教育科", ["职业教育与成人教育科"]),
        ("政策法规与行政审批科、体育卫生艺术科", ["政策法规与行政审批科", "体育卫生艺术科"]),
        ("各县(市、区)教育局分管科室、综合科", ["综合科"]),
        ("综合科、综合科", ["综合科"]),
        ("综合科等", ["综合科"]),
        ("人事科，按职责分工负责", ["人事科"]),
        ("责任单位：综合科", ["综合科"]),
        ("—", []),
        ("", []),
    ],
)
def test_units_are_cut_as_they_are_meant(text: str, lead: list[str]) -> None:
    found = read_owners(text)
    assert (found.lead, found.support) == (lead, [])


@pytest.mark.parametrize(
    "text",
    [
        "牵头单位：甲科；配合单位：乙科、丙科",
        "牵头：甲科\n配合：乙科\n丙科",
        "甲科牵头，乙科、丙科配合",
        "甲科（牵头）、乙科、丙科",
        "甲科(牵头)、乙科(配合)、丙科(配合)",
        "甲科负责，乙科和丙科协助",
    ],
)
def test_lead_and_support_are_told_apart(text: str) -> None:
    found = read_owners(text)
    assert (found.lead, found.support) == (["甲科"], ["乙科", "丙科"])


def test_who_leads_does_not_support_as_well() -> None:
    found = read_owners("甲科牵头，甲科、乙科配合")
    assert (found.lead, found.support) == (["甲科"], ["乙科"])


@pytest.mark.parametrize("text", ["各科室", "各处（室、局）", "局属各单位", "全体部门", "各县区教育局", "机关各处室"])
def test_a_word_for_everybody_stays_a_word(text: str) -> None:
    found = read_owners(text)
    assert (found.lead, found.everybody) == ([], text)


@pytest.mark.parametrize("text", ["相关科室", "有关单位", "各相关部门"])
def test_a_word_for_nobody_in_particular_is_told(text: str) -> None:
    found = read_owners(text)
    assert (found.lead, found.everybody, found.vague) == ([], "", text)


def test_a_group_behind_names_is_kept_apart() -> None:
    found = read_owners("行政办、机关党委等各处（室、局）按职能实施")
    assert (found.lead, found.everybody) == (["行政办", "机关党委"], "各处（室、局）")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("甲一、乙二", ["甲一", "乙二"]),
        ("甲　一\n乙 二", ["甲一", "乙二"]),
        ("甲一\n\n乙二乙", ["甲一", "乙二乙"]),
        ("分管领导：副局长", ["副局长"]),
        ("—", []),
    ],
)
def test_leaders_are_cut_by_name(text: str, people: list[str]) -> None:
    assert read_people(text) == people

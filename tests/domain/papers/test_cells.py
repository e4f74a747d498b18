"""What single cells say: how far an item is, its number, what a column means."""

import pytest

from bot.domain.papers.columns import role_of
from bot.domain.papers.standing import are_shares, read_standing
from bot.domain.papers.words import joined, number_of, split_number


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("60%", 60),
        ("60", 60),
        ("６０％", 60),
        ("约60%", 60),
        ("已完成60%，正在验收", 60),
        ("百分之六十", 60),
        ("六成", 60),
        ("已完成", 100),
        ("完成", 100),
        ("未启动", 0),
        ("尚未开展", 0),
    ],
)
def test_a_figure_is_read(text: str, percent: int) -> None:
    standing, reason = read_standing(text)
    assert standing is not None
    assert (standing.percent, reason) == (percent, "")


@pytest.mark.parametrize("text", ["正在推进", "一期60%，二期20%", "已完成方案", "完成3场", "120"])
def test_words_without_one_figure_are_kept_and_asked(text: str) -> None:
    standing, reason = read_standing(text)
    assert standing is not None
    assert (standing.percent, standing.said) == (None, text)
    assert reason


@pytest.mark.parametrize("text", ["", "—", "无", "/"])
def test_an_empty_cell_is_no_standing(text: str) -> None:
    assert read_standing(text) == (None, "")


def test_parts_of_one_are_told_by_the_whole_column() -> None:
    assert are_shares(["0.6", "1", "0", "已完成"])
    assert not are_shares(["0.6", "60"])
    assert not are_shares(["1", "1"])
    assert read_standing("0.6", shares=True)[0] == read_standing("60%")[0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("3", 3), ("3.0", 3), ("三", 3), ("（十二）", 12), ("3、", 3), ("③", 3), ("３", 3)),
        *(("3-1", None), ("1.2", None), ("甲", None), ("", None)),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, number: int | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "number", "title"),
    [
        ("3.修订制度", 3, "修订制度"),
        ("（三）修订制度", 3, "修订制度"),
        ("三、修订制度", 3, "修订制度"),
        ("2026年修订制度", None, "2026年修订制度"),
        ("5.5亿元项目", None, "5.5亿元项目"),
        ("一批制度修订", None, "一批制度修订"),
    ],
)
def test_a_title_gives_up_its_number_and_nothing_else(text: str, number: int | None, title: str) -> None:
    assert split_number(text) == (number, title)


def test_the_line_breaks_of_a_narrow_column_are_undone() -> None:
    assert joined("激发 办学\n活力（A  B）") == "激发办学活力（A B）"


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("序号", "no"),
        ("序 号", "no"),
        ("2026年重点工作", "title"),
        ("工作任务（公开）", "title"),
        ("牽頭領導", "leader"),
        ("牵头\n科室", "unit"),
        ("责任单位及科室", "unit"),
        ("责任单位（责任人）", "unit"),
        ("协办单位", "support"),
        ("责任配合单位", "support"),
        ("责任人", "person"),
        ("完成时限*", "when"),
        ("截至5月底进展情况", "standing"),
        ("当前进度", "standing"),
        ("目标任务", "target"),
        ("主要措施", "measures"),
        ("备 注", "note"),
        ("资金", None),
    ],
)
def test_a_column_is_told_by_its_words(title: str, role: str | None) -> None:
    assert role_of(title) == role

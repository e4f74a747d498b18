"""How reminders are worded, without a bot behind them."""

from datetime import date

from bot.domain.plans import Item
from bot.messages.reminders import Missing, Setting, Wanted, group_reminder, private

DUE = date(2023, 4, 25)
ITEM = Item("S07", "special", 7, "班主任队伍建设", ("思政科",))


def wanted(plan: str = "", **more: object) -> Wanted:
    return Wanted("思政科", "月度进展", "2023-04", DUE, (ITEM,), last={"S07": "40%"}, plan=plan, **more)  # type: ignore[arg-type]


def test_a_contact_reads_what_is_due_when_and_the_last_figure() -> None:
    text = private("prompt", [wanted()], Setting(date(2023, 4, 24))).as_text()

    assert text.splitlines() == [
        "【4月月度进展，4月25日截止】",
        "思政科：月度进展请在4月25日（周二）前报，当天报也算按时。",
        "· 7 班主任队伍建设（上次 40%）",
        "直接回复我就行，例如：第7项60%。卡住了就写明原因。",
    ]


def test_a_contact_of_several_plans_is_told_which_and_to_choose_one() -> None:
    text = private("prompt", [wanted("甲计划"), wanted("乙计划")], Setting(date(2023, 4, 24))).as_text()

    assert "甲计划，思政科：月度进展" in text and "乙计划，思政科：月度进展" in text
    assert text.endswith("您参加了几个计划，回复前请先选一个，例如：计划 1。")


def test_reports_that_the_same_units_owe_share_one_list() -> None:
    both = [Missing(name, DUE, ("思政科", "组织科"), 17) for name in ("4月月度进展", "4月工作专报")]

    assert group_reminder(both, Setting(DUE)).as_text().splitlines() == [
        "【报送提醒】",
        "4月月度进展、4月工作专报今天截止。",
        "已报 15/17，还差 2 个：思政科、组织科",
        "私聊我报，或在群里 @我 说，例如：第7项80%。",
    ]


def test_after_the_due_day_nobody_is_told_to_report_today() -> None:
    text = group_reminder(
        [Missing("4月月度进展", DUE, ("思政科",), 17)], Setting(date(2023, 4, 26), late=True)
    ).as_text()

    assert text.startswith("【报送提醒（补发）】\n4月月度进展已于4月25日（周二）截止，还可以补报。")

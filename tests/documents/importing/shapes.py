"""The shapes in which offices write their plans; each says how many items and refusals it holds."""

from tests.documents.importing.makers import Table

PLAIN = ["序号", "工作任务", "牵头领导", "牵头科室", "配合单位", "完成时限"]
STANDINGS = ("60%", "已完成", "未启动", "正在推进")
UNDATED = ("定期", "长期坚持", "", "尽快")
ROWS = [
    [1, "修订值班制度", "甲一", "综合科", "", "3月底前"],
    [2, "开展消防演练", "甲一", "安保科", "综合科、后勤科", "1—4月"],
    [3, "更新设备台账", "乙二", "后勤科", "财务科", "全年"],
    [4, "编制预算", "乙二", "财务科", "各科室", "10月底前"],
]
TRADITIONAL = [
    ["序號", "工作任務", "牽頭領導", "牽頭科室", "配合單位", "完成時限"],
    [1, "修訂值班制度", "甲一", "綜合科", "", "３月底前"],
    [2, "開展消防演練", "甲一", "安保科", "綜合科、後勤科", "１—４月"],
]
TWO_ROWS = [
    ["序号", "工作任务", "责任分工", "", "", "完成时限", "备注"],
    ["", "", "牵头领导", "牵头科室", "配合单位", "", ""],
]
TWO_ROW_MERGES = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5), (0, 6, 1, 6)]


def numbered(count: int) -> list[list[str | int | float]]:
    units = ("综合科", "安保科", "后勤科", "财务科")
    return [[n, f"第{n}类工作", "甲一", units[n % 4], "", f"{n % 12 + 1}月底前"] for n in range(1, count + 1)]


SHAPES: dict[str, Table] = {
    "plain": Table([PLAIN, *ROWS], 4),
    "title": Table([["附件2"], ["2026年重点任务分解表"], ["填报单位：综合科"], PLAIN, *ROWS], 4),
    "title-merged": Table([["2026年重点任务分解表"], PLAIN, *ROWS], 4, merges=[(0, 0, 0, 5)]),
    "two-row-header": Table([*TWO_ROWS, *[[*row, ""] for row in ROWS]], 4, merges=TWO_ROW_MERGES),
    "leaders-merged": Table([PLAIN, *ROWS], 4, merges=[(1, 2, 2, 2), (3, 2, 4, 2)]),
    "sections-merged": Table(
        [["类别", *PLAIN], *[["安全" if n < 2 else "保障", *row] for n, row in enumerate(ROWS)]],
        4,
        merges=[(1, 0, 2, 0), (3, 0, 4, 0)],
    ),
    "heading-rows-merged": Table(
        [PLAIN, ["一、安全工作"], *ROWS[:2], ["二、保障工作"], *ROWS[2:]], 4, 2, merges=[(1, 0, 1, 5), (4, 0, 4, 5)]
    ),
    "heading-rows": Table([PLAIN, ["一、安全工作"], *ROWS[:2], ["（二）保障工作"], *ROWS[2:]], 4, 2),
    "heading-in-two-cells": Table([PLAIN, ["一", "安全工作"], *ROWS[:2], ["二", "保障工作"], *ROWS[2:]], 4, 2),
    "sum": Table([PLAIN, *ROWS, ["合计", "4项"]], 4, 1),
    "subtotals": Table([PLAIN, *ROWS[:2], ["", "小计", "", "2项"], *ROWS[2:], ["总计"]], 4, 2),
    "notes": Table([PLAIN, *ROWS, ["注：1. 时限指最后一天。"], ["※ 有变动的另行通知"]], 4, 2),
    "signature": Table([PLAIN, *ROWS, ["填表人：", "", "审核人：", "", "联系电话："]], 4, 1),
    "blank-rows": Table([PLAIN, [], ROWS[0], [], [], ROWS[1], ["", " "], *ROWS[2:], []], 4),
    "header-again": Table([PLAIN, *ROWS[:2], PLAIN, *ROWS[2:]], 4),
    "column-numbers": Table([PLAIN, ["1", "2", "3", "4", "5", "6"], *ROWS], 4, 1),
    "two-tables": Table(
        [PLAIN, *ROWS[:2], [], ["编号", "项目名称", "责任单位", "时间节点"], ["1", "改造食堂", "后勤科", "9月底前"]], 3
    ),
    "chinese-numbers": Table([PLAIN, *[["一二三四"[n], *row[1:]] for n, row in enumerate(ROWS)]], 4),
    "bracketed-numbers": Table([PLAIN, *[[f"（{n + 1}）", *row[1:]] for n, row in enumerate(ROWS)]], 4),
    "no-numbers": Table([PLAIN[1:], *[row[1:] for row in ROWS]], 4),
    "number-in-title": Table([PLAIN[1:], *[[f"{row[0]}.{row[1]}", *row[2:]] for row in ROWS]], 4),
    "traditional": Table(TRADITIONAL, 2),
    "wide-digits": Table([PLAIN, ["１", "修订值班制度", "甲一", "综合科", "", "１０月１５日前"]], 1),
    "wrapped": Table([PLAIN, [1, "修订\n值班  制度", "甲　一", "综合\n科", "安保科\n后勤科", "3月\n底前"]], 1),
    "no-title": Table([PLAIN, *ROWS, [5, "", "甲一", "综合科", "", "3月底前"], [6, "—", "", "综合科"]], 4, 2),
    "lone-titles": Table([PLAIN, *ROWS, ["", "召开总结会"]], 4, 1),
    "targets-and-measures": Table(
        [
            ["序号", "重点工作", "目标任务", "主要措施", "责任单位", "完成时间", "备注"],
            [1, "修订制度", "全部修订", "1.摸底；2.起草；3.印发", "综合科", "6月", "可提前"],
            [2, "组织演练", "全员参加", "①定方案②抓落实", "安保科", "每季度", ""],
        ],
        2,
    ),
    "target-is-the-title": Table(
        [["序号", "目标任务", "责任部门", "时限"], [1, "建成档案室", "综合科", "12月中旬"]], 1
    ),
    "measures-share-a-title": Table(
        [
            ["序号", "重点任务", "工作措施", "责任单位", "完成时限"],
            [1, "安全整治", "排查隐患", "安保科", "3月底前"],
            [1, "安全整治", "完成整改", "后勤科", "6月底前"],
            [2, "编制预算", "起草", "财务科", "10月底前"],
            [2, "编制预算", "审议", "财务科", "10月底前"],
        ],
        3,
        merges=[(1, 0, 2, 0), (1, 1, 2, 1), (3, 0, 4, 0), (3, 1, 4, 1), (3, 3, 4, 3), (3, 4, 4, 4)],
    ),
    "units-over-two-rows": Table(
        [PLAIN, ROWS[0], [2, "开展消防演练", "甲一", "安保科", "", "4月"], ["", "", "乙二", "后勤科", "", ""], ROWS[2]],
        3,
        merges=[(2, 0, 3, 0), (2, 1, 3, 1), (2, 5, 3, 5)],
    ),
    "numbers-begin-anew": Table(
        [PLAIN, ["一、安全"], *ROWS[:2], ["二、保障"], [1, *ROWS[2][1:]], [2, *ROWS[3][1:]]], 4, 2
    ),
    "numbers-twice": Table([PLAIN, *ROWS, [4, "另一件事", "", "综合科", "", "5月"]], 5),
    "unknown-columns": Table([[*PLAIN, "资金（万元）", "联系电话"], *[[*row, 12.5, "13800000000"] for row in ROWS]], 4),
    "percents": Table([[*PLAIN, "当前进度"], *[[*row, part] for row, part in zip(ROWS, STANDINGS, strict=True)]], 4),
    "undated": Table([PLAIN, *[[*row[:5], words] for row, words in zip(ROWS, UNDATED, strict=True)]], 4),
    "like-a-sum": Table(
        [
            PLAIN[1:],
            ["累计培训教师100人", "", "综合科"],
            ["平均班额达标", "", "综合科"],
            ["联系单位走访", "", "综合科"],
        ],
        3,
    ),
    "numbers-left-out": Table([PLAIN, ["", "修订值班制度"], ["", "开展消防演练"], ["", "编制预算", "", "财务科"]], 3),
    "quarters": Table(
        [
            ["序号", "重点项目", "进度安排", "", "", "", "责任单位", "资金（万元）"],
            ["", "", "一季度", "二季度", "三季度", "四季度", "", ""],
            [1, "改造食堂", "立项", "招标", "施工", "验收", "后勤科", 50],
            [2, "更新设备", "—", "采购", "", "", "后勤科", ""],
        ],
        2,
        merges=[(0, 2, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1), (0, 6, 1, 6), (0, 7, 1, 7)],
    ),
    "units-and-people": Table([["序号", "工作任务", "责任单位及责任人"], [1, "改造职工食堂", "后勤科 甲一"]], 1),
    "headings-with-digits": Table([PLAIN, ["1.安全工作"], *ROWS[:2], ["2.保障工作"], *ROWS[2:]], 4, 2),
    "three-row-header": Table(
        [
            [
                "序号",
                "工作任务（请写明具体内容，一行一项，不要合并，不要换行，不超过一百字）",
                "责任分工",
                "",
                "",
                "时限",
            ],
            ["", "", "牵头", "", "配合", ""],
            ["", "", "领导", "科室", "科室", ""],
            *ROWS,
        ],
        4,
        merges=[(0, 0, 2, 0), (0, 1, 2, 1), (0, 2, 0, 4), (1, 2, 1, 3), (0, 5, 2, 5)],
    ),
    "one-number-for-two-tasks": Table(
        [PLAIN, ROWS[0], [2, *ROWS[1][1:]], ["", *ROWS[2][1:]], [3, *ROWS[3][1:]]], 4, merges=[(2, 0, 3, 0)]
    ),
    "titles-only": Table([["工作任务", "完成时限"], ["一、修订值班制度"], ["二、开展消防演练"]], 2),
    "long": Table([PLAIN, *numbered(120)], 120),
}

# What only a workbook or a Word file can have.
HIDING: dict[str, Table] = {
    "hidden-rows": Table([PLAIN, *ROWS], 2, 2, hidden=[2, 4]),
    "hidden-in-a-group": Table(
        [PLAIN, ROWS[0], [2, "开展消防演练", "甲一", "安保科", "", "4月"], ["", "", "", "后勤科"], ROWS[2]],
        3,
        1,
        merges=[(2, 0, 3, 0), (2, 1, 3, 1)],
        hidden=[3],
    ),
    "all-hidden": Table([PLAIN, *ROWS], 0, 4, hidden=[1, 2, 3, 4]),
}

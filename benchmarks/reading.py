"""How many replies a second one core reads, with the whole plan's items known."""

import time
from datetime import date

from bot.documents.planfiles import load_plan
from bot.domain.reading import Context, Reader
from bot.domain.workdays import Workdays

TEXTS = (
    ("思政科", "第7项80%，县区津贴还没落实，下月上会"),
    ("组织科", "9项90%；10项9成；11项仍在报批；12项9月启动；13项未启动"),
    ("高教科", "建设高水平大学：新增博士点2个、硕士点5个，整体进度四成"),
    ("督导科", "第2项 50%\n一、工作进展：已完成3家机构初选。\n二、存在问题：经费未列入预算。\n三、下一步：4月比选。"),
    ("中教科", "名优校+共同体：70%，其余正常推进"),
)
SECONDS = 5.0


def main() -> None:
    """Print replies a second for a mix of usual messages."""
    reader = Reader(load_plan("quanzhou-2023"), Workdays())
    contexts = [
        (text, Context(seed="QZ", unit=unit, today=date(2023, 4, 25), pending="monthly:2023-04"))
        for unit, text in TEXTS
    ]
    for text, context in contexts:
        reader.read(text, context)
    count, start = 0, time.perf_counter()
    while (passed := time.perf_counter() - start) < SECONDS:
        for number, (text, context) in enumerate(contexts):
            reader.read(f"{text} {count + number}号", context)
        count += len(contexts)
    length = sum(len(text) for text, _ in contexts) / len(contexts)
    print(f"{'reading a reply':<28}{count / passed:>10.0f} /s   (mean {length:.0f} characters, one core)")


if __name__ == "__main__":
    main()

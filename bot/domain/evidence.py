"""What may be sent as evidence, and what is said along with it. It is always optional."""

import re
from dataclasses import dataclass

TYPES = [
    *("jpg", "jpeg", "png", "gif", "webp", "bmp", "heic", "mp4", "mov"),
    *("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "ofd", "txt", "csv"),
    *("zip", "rar", "7z"),
]


@dataclass(frozen=True)
class Limits:
    """The size of one file in bytes, and the endings of names that are taken."""

    most: int = 20 * 1024**2
    types: frozenset[str] = frozenset(TYPES)


ITEM = r"第?\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*项"
COVER = re.compile(
    rf"{ITEM}|请?(?:查收|审阅|[见看]下?)|这些?[是份张个]*|我[们单位科室]*|附件?|[佐印]证|证明|支撑|材料|文件|照片|图片|截图|扫描件"
    r"|链接|网址|如下|补[充交发]?|领导|老师|您好|谢谢|的|是|在|[\s，。；、：:！!（）()【】]"
)
LONGEST_COVER = 4


def is_cover(text: str) -> bool:
    """Tell whether words only hand something over: 这是第9项的佐证材料. They are no report."""
    left = COVER.sub("", text)
    return len(left) <= LONGEST_COVER and not re.search(r"[\d%％成]|完|无|撤|未", left)

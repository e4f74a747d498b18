"""The departments and people a cell names: who leads, who supports, in the order they stand."""

import re
from dataclasses import dataclass, field

from bot.domain.papers.words import joined, simplified

# How the name of a unit ends; a line break inside a name is told from one between names by it.
ENDS = (
    *("科", "处", "室", "局", "委", "办", "部", "厅", "司", "组", "队", "站", "所", "院", "会", "馆", "园", "社", "校"),
    *("团", "中心", "学院", "大学", "学校", "中学", "小学", "公司", "集团", "银行", "街道", "乡", "镇", "县", "区"),
    *("市", "专班", "办公室", "工会", "医院", "基地", "机构", "党委", "支部", "单位", "部门", "科室"),
)
LEAD, SUPPORT = "牵头|主办|主责|主要负责|负责|承办|责任", "配合|协办|协同|协助|参与|参加"
_LABEL = re.compile(rf"(?:({LEAD})|({SUPPORT}))(?:领导|单位|科室|处室|部门)?\s*[:：]")
_LABELLED = re.compile(rf"(.*?)(?:[(（]\s*)?(?:({LEAD})|({SUPPORT}))(?:单位|部门|科室|处室)?(?:[)）])?")
_HARD = re.compile(r"[、，,；;/／|｜。]|\s*\n\s*|\s+")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_MANNER = re.compile(
    r"(?:按|根据|依)(?:照)?(?:各自)?(?:职能|职责|分工|职责分工)(?:分工)?(?:分别)?(?:负责|实施|落实|抓好)*$"
)
# 规划科和财务科 are two, 职业教育与成人教育科 is one.
_AND = re.compile(
    r"(?<=[科处室局办厅部院心)）])(?:以及|和|及|与)(?=.+[科处室局办厅部院心会所](?:$|[(（]|牵头|负责|配合|协))"
)
EVERYBODY = re.compile(
    r"(?:.{0,8}(?:各|全体|所有).{0,12}(?:单位|科室|处室|部门|学校|科|处|室|局|县|区|市|镇|乡|街道)|各.{1,6})"
)
VAGUE = re.compile(r"(?:相关|有关|其他|其它|涉及|各相关|各有关)(?:.{0,4})(?:单位|科室|处室|部门|学校|人员|职能部门)")


@dataclass
class Owners:
    """Who leads and who supports; `everybody` holds 各科室 and the like, `vague` 相关单位 and the like."""

    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    everybody: str = ""
    vague: str = ""


def read_owners(text: str) -> Owners:
    """Read the units of one cell, in order and each once; a unit that leads does not support as well."""
    owners = Owners()
    for label, part in _by_label(simplified(text)):
        _read_part(owners, label, part)
    owners.lead = list(dict.fromkeys(owners.lead))
    owners.support = [unit for unit in dict.fromkeys(owners.support) if unit not in owners.lead]
    return owners


def read_people(text: str) -> list[str]:
    """Read the leaders of one cell: names, or posts; 甲　一 is one name set wide."""
    text = re.sub(rf"(?:{LEAD}|分管)领导[:：]", "", simplified(text))
    text = re.sub(r"(?<![\w])([\u3400-\u9fff])[ \u3000]+(?=[\u3400-\u9fff](?![\u3400-\u9fff]))", r"\1", text)
    parts = (part.strip(" 。:：") for part in _HARD.split(_protect(text)))
    return list(dict.fromkeys(_restore(part) for part in parts if part.strip("-—/\\无")))


def _by_label(text: str) -> list[tuple[str, str]]:
    """Cut 牵头：甲科；配合：乙科 at its labels; the label is lead, support or empty."""
    cuts = list(_LABEL.finditer(text))
    if not cuts:
        return [("", text)]
    parts = [("", text[: cuts[0].start()])]
    for cut, after in zip(cuts, [*cuts[1:], None], strict=True):
        parts.append(("lead" if cut[1] else "support", text[cut.end() : after.start() if after else None]))
    return [(label, part) for label, part in parts if part.strip()]


def _read_part(owners: Owners, label: str, text: str) -> None:
    waiting: list[str] = []
    default = label
    for name in _names(text):
        found = None if label else _LABELLED.fullmatch(name)
        if found is None:
            waiting.append(name)
            continue
        # 甲科牵头，乙科、丙科配合: a word behind a name holds for the names that wait before it.
        waiting += [found[1]] if found[1] else []
        _put(owners, waiting, "lead" if found[2] else "support")
        waiting, default = [], "support" if found[2] else ""
    _put(owners, waiting, default or "lead")


def _put(owners: Owners, names: list[str], role: str) -> None:
    for raw in names:
        name = _MANNER.sub("", re.sub(r"等$", "", raw)).strip("：: ")
        bare = _BRACKETS.sub("", name)
        if not name or not bare:
            continue
        if VAGUE.fullmatch(bare):
            owners.vague = owners.vague or name
        elif EVERYBODY.fullmatch(bare):
            owners.everybody = owners.everybody or name
        else:
            (owners.lead if role == "lead" else owners.support).append(name)


def _names(text: str) -> list[str]:
    """Cut a text into names; commas inside brackets stay, a name broken over lines is put together."""
    names: list[str] = []
    for chunk in re.split(r"[、，,；;/／|｜。]", _protect(text)):
        names += _over_lines(chunk)
    names = [_restore(name) for name in names]
    parts = [part for name in names for part in _AND.split(_split_group(name))]
    return [part for name in parts for part in name.split("\0") if part.strip("-—/\\无 ")]


def _split_group(name: str) -> str:
    """Cut 机关党委等各处室 before the group."""
    return re.sub(r"等(?=各|相关|有关|其他)", "\0", name)


def _over_lines(chunk: str) -> list[str]:
    tokens = chunk.split()
    if not any(_BRACKETS.sub("", token).endswith(ENDS) for token in tokens):
        return tokens if all(len(token) > 1 for token in tokens) else ["".join(tokens)]
    found: list[str] = []
    for token in tokens:
        whole = found and (found[-1].endswith((*ENDS, ")", "）")) or re.search(rf"(?:{LEAD}|{SUPPORT})$", found[-1]))
        if found and (not whole or len(token) == 1 or token[0] in "(（"):
            found[-1] += token
        else:
            found.append(token)
    return found


def _protect(text: str) -> str:
    return _BRACKETS.sub(lambda found: found[0].replace("、", "\1").replace("，", "\2").replace(",", "\3"), text)


def _restore(text: str) -> str:
    return joined(text.replace("\1", "、").replace("\2", "，").replace("\3", ","))

"""The lines of a roster: what a cell may say, and what is told to the office when it says something else."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process
from xlsxwriter.utility import xl_rowcol_to_cell

from bot.domain.members import POST_WORDS, Post, PostRole
from bot.domain.plans import Plan

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "name"),
    "department": ("单位", "科室", "部门", "处室", "所在单位", "所在科室", "所在部门", "department"),
    "role": ("角色", "身份", "role"),
    "grade": ("类别", "职级", "干部类别", "人员类别"),
    "leader": ("领导代号", "领导", "分管代号"),
    "mobile": ("手机号", "手机", "电话", "手机号码", "联系电话", "mobile"),
    "dingtalk": ("钉钉账号", "钉钉", "钉钉userid", "钉钉id"),
    "wecom": ("企业微信账号", "企业微信", "企微userid", "企业微信userid", "企微", "企微账号"),
    # Whose account it is, the set-up says: see `read_roster`.
    "userid": ("userid", "用户id", "员工userid", "成员userid", "账号", "帐号"),
}
PLATFORMS = {"dingtalk": "钉钉账号", "wecom": "企业微信账号"}
ROLES: dict[str, PostRole] = {
    "副联络员": "deputy",
    "联络员": "contact",
    "联系人": "contact",
    "报送人": "contact",
    "办公室": "office",
    "经办人": "office",
    "分管领导": "leader",
    "领导": "leader",
    "干部": "staff",
    "职工": "staff",
    "contact": "contact",
    "deputy": "deputy",
    "office": "office",
    "leader": "leader",
}
LONGEST_NAME = 30
CUT_NUMBER = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"


@dataclass(frozen=True)
class Entry:
    """One person of the roster in one post; `department` is the plan's short name where it names a unit."""

    row: int
    name: str
    department: str = ""
    post: Post | None = None
    mobile: str | None = None
    ids: dict[str, str] = field(default_factory=dict)
    grade: str = ""


@dataclass(frozen=True)
class Refusal:
    """One row that cannot be used: its (first) cell, what is wrong, what would be right."""

    cell: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.cell}：{self.wrong}。{self.right}"


def columns_of(cells: list[str]) -> dict[str, int]:
    """Return where each known column stands; of two columns with one meaning the first counts."""
    found: dict[str, int] = {}
    for index, cell in enumerate(cells):
        title = re.sub(r"[\(\[【].*?[\)\]】]|[*:]", "", folded(cell))
        for key, titles in COLUMNS.items():
            if title in titles:
                found.setdefault(key, index)
    return found


def folded(text: str) -> str:
    """Return text without blanks, full-width forms and capitals, for comparing."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


class Line:
    """One row of data: hands out its cells by column and collects what is wrong with them."""

    def __init__(self, number: int, cells: list[str], columns: Mapping[str, int]) -> None:
        self.number = number + 1
        self.cells = cells
        self.columns = columns
        self.faults: list[Refusal] = []

    def text(self, key: str) -> str:
        column = self.columns.get(key)
        return "" if column is None or column >= len(self.cells) else self.cells[column]

    def fault(self, key: str, wrong: str, right: str) -> None:
        column = self.columns.get(key, self.columns["name"])
        self.faults.append(Refusal(xl_rowcol_to_cell(self.number - 1, column), wrong, right))

    def refusal(self) -> Refusal:
        """Return one refusal for the row, so that rows can be counted; further faults name their own cells."""
        first, *others = self.faults
        more = "".join(f"；{fault.cell} {fault.wrong}，{fault.right}" for fault in others)
        return Refusal(first.cell, first.wrong, first.right + more)


class Known:
    """What the plan knows, prepared for comparing with what people type."""

    def __init__(self, plan: Plan) -> None:
        self.units = {
            folded(word): unit.name for unit in plan.units for word in (*unit.aliases, unit.full, unit.name) if word
        }
        self.leaders = {folded(leader.key): leader.key for leader in plan.leaders}
        self.leader_words = "、".join(
            f"{leader.key}（{leader.post}）" if leader.post else leader.key for leader in plan.leaders
        )

    def near(self, name: str) -> str:
        """Say which units are spelled like `name`, or which there are."""
        matches = process.extract(folded(name), list(self.units), scorer=fuzz.ratio, score_cutoff=40, limit=5)
        names = dict.fromkeys(self.units[match[0]] for match in matches)
        if names:
            return f"是不是：{'、'.join(names)}"
        return f"计划里的单位有：{'、'.join(dict.fromkeys(self.units.values())) or '（没有）'}"


def read_line(line: Line, known: Known) -> Entry:
    department = " ".join(line.text("department").split())
    return Entry(
        row=line.number,
        name=_read_name(line),
        department=known.units.get(folded(department), department),
        post=_read_post(line, known),
        mobile=_read_mobile(line),
        ids={key: value for key in PLATFORMS if (value := _read_id(line, key))},
        grade=" ".join(line.text("grade").split()),
    )


def _read_name(line: Line) -> str:
    # 甲　一 is how two-character names are set to the width of three.
    name = " ".join(re.sub(rf"(?<={HAN})\s+(?={HAN})", "", line.text("name")).split())
    if not name:
        line.fault("name", "没有写姓名", "请补上姓名，或删掉这一行")
    elif name in COLUMNS["name"] or len(name) > LONGEST_NAME or re.search("[:：。；]", name):
        line.fault("name", f"“{name[:LONGEST_NAME]}”不像姓名", "这一格只写姓名，说明文字请移到别的列")
    return name


def _read_post(line: Line, known: Known) -> Post | None:
    text = unicodedata.normalize("NFKC", line.text("role"))
    if not text:
        return None
    word, rest = _split_role(folded(text), known)
    if word not in ROLES or (rest and ROLES[word] != "leader"):
        right = "可写：联络员、办公室、领导、副联络员、干部，不任职的留空；一人有几个角色请分行写"
        line.fault("role", f"没有“{text}”这个角色", right)
        return None
    if ROLES[word] == "office":
        return Post("office")
    return _read_leader(line, rest, known) if ROLES[word] == "leader" else _read_unit_post(line, ROLES[word], known)


def _split_role(role: str, known: Known) -> tuple[str, str]:
    """Split 领导L4 or 分管领导（L4） into the word and the key; a key alone is a leader's."""
    if role in known.leaders:
        return "领导", role
    word = next((word for word in ROLES if role.startswith(word)), "")
    return word, role.removeprefix(word).strip("()-_:/·")


def _read_leader(line: Line, key: str, known: Known) -> Post | None:
    column = "role" if key else "leader"
    key = key or folded(line.text("leader"))
    if key in known.leaders:
        return Post("leader", known.leaders[key])
    wrong = f"计划里没有领导代号“{key.upper()}”" if key else "角色是领导，却没有写领导代号"
    right = f"可写：{known.leader_words}" if known.leaders else "这份计划没有登记领导，请在计划的 [[leaders]] 里登记"
    line.fault(column, wrong, right)
    return None


def _read_unit_post(line: Line, role: PostRole, known: Known) -> Post | None:
    department = line.text("department")
    unit = known.units.get(folded(department))
    if unit:
        return Post(role, unit)
    if department:
        line.fault("department", f"计划里没有单位“{department}”", known.near(department))
    else:
        word = POST_WORDS[role]
        line.fault("department", f"{word}没有写单位", f"请写明是哪个单位的{word}")
    return None


def _read_mobile(line: Line) -> str | None:
    text = line.text("mobile")
    digits = re.sub(r"[\s\-()·.]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    if not digits:
        return None
    if not re.fullmatch(r"1[0-9]{10}", digits):
        line.fault("mobile", f"“{text}”不是手机号", "应是 1 开头的 11 位数字，没有可以留空")
    return digits


def _read_id(line: Line, platform: str) -> str:
    value = unicodedata.normalize("NFKC", line.text(platform)).strip()
    if CUT_NUMBER.fullmatch(value):
        right = "请把这一列设成“文本”格式，再从管理后台重新复制账号"
        line.fault(platform, f"“{value}”已被表格当成数字，后几位丢了", right)
    elif re.search(r"\s", value):
        line.fault(platform, f"“{value}”中间有空格", f"一格只写一个{PLATFORMS[platform]}")
    # WeCom does not tell capitals in ids apart; kept in one form, a callback's id is found again.
    return value.casefold() if platform == "wecom" else value


class Seen:
    """The rows taken so far: finds the person repeated in one post, and the number or account of somebody else."""

    def __init__(self) -> None:
        self.posts: dict[tuple[str, Post | None], list[Entry]] = {}
        self.owners: dict[tuple[str, str], Entry] = {}

    def check(self, entry: Entry, line: Line) -> None:
        """Note an entry, or give its line a fault."""
        same = self.posts.setdefault((entry.name, entry.post), [])
        twin = next((other for other in same if _is_same(entry, other)), None)
        if twin:
            line.fault("name", f"“{entry.name}”与第 {twin.row} 行是同一人同一角色", "请删掉其中一行")
        marks = {**entry.ids, **({"mobile": entry.mobile} if entry.mobile else {})}
        for key, value in marks.items():
            owner = self.owners.get((key, value))
            if owner and owner.name != entry.name:
                what = PLATFORMS.get(key, "手机号")
                line.fault(key, f"{what}“{value}”与第 {owner.row} 行的{owner.name}相同", f"一个{what}只能属于一个人")
        if not line.faults:
            same.append(entry)
            self.owners.update({mark: entry for mark in marks.items() if mark not in self.owners})


def _is_same(one: Entry, other: Entry) -> bool:
    """Tell whether two entries of one name are one person: by mobile where both have it, else by department."""
    if one.mobile and other.mobile:
        return one.mobile == other.mobile
    return one.department == other.department

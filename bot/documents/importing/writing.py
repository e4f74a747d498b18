"""Writing what was understood of a paper as a plan file that a person reads, completes and corrects."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.domain.papers.assembly import Coded, Understood, first_day, open_points
from bot.domain.papers.drafts import Draft, Remark

POST = re.compile(r"长|主任|书记|主席|委员|巡视员|调研员|总师|总监|干事|副职|正职|领导")


def plan_text(found: Understood, source: str) -> str:
    """Return the plan file of an understood paper; `source` is the name of the file it came from."""
    blocks = [_head(found, source), _plan(found), _duties(found), *_units(found), *_outline(found)]
    blocks += [_item(found, coded) for coded in found.items]
    blocks.append(_left_out(found))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def comment(text: str) -> str:
    """Return text as one comment line: no line breaks, no characters TOML forbids."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return "# " + " ".join(plain.split())


def quoted(text: str) -> str:
    """Return text as a TOML string in one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _array(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(quoted, values)) + "]"


def _head(found: Understood, source: str) -> list[str]:
    lines = [
        comment(
            f"由 drumbeat import plan 从“{source}”读出。可以直接改；写法见 docs/plans.md，改完运行 drumbeat check。"
        ),
        comment(
            f"文件里 {found.rows} 行：{len(found.items)} 项，另外 {len(found.refusals)} 行没有作为事项，列在最后。"
        ),
    ]
    lines += [comment(line) for line in open_points(found)]
    if found.unused:
        lines.append(comment(f"没有写进计划的列：{'、'.join(found.unused)}。人写在花名册里。"))
    return lines


def _plan(found: Understood) -> list[str]:
    first = first_day(found)
    last = f"{found.last_year}年" if found.last_year > found.year else ""
    lines = [
        "[plan]",
        comment("key 是计划的代号，用起来以后不要改"),
        f'key = "plan-{found.year}"',
        f"name = {quoted(found.name)}",
        f"year = {found.year}",
    ]
    if found.under_way:
        lines.append(comment(f"年中接手：从 {first.month} 月起提醒，以前的不再要；各项的 opening 是接手时的进度"))
    return [
        *lines,
        f'period = ["{first.month}月{first.day}日", "{last}12月31日"]',
        'receiver = "办公室"',
        comment("发到哪些群，写配置里 [[groups]] 的 id"),
        "groups = []",
    ]


def _duties(found: Understood) -> list[str]:
    """Propose what is to be reported, commented out: only the office can order a report."""
    lines = [comment("要报的东西：下面是建议，去掉行首的 # 才生效。")]
    named = [f"文件里提到：{words}" for words in found.reported]
    lines += [comment(line) for line in named]
    regular = next((key for key, (_, monthly) in found.lists.items() if not monthly), None)
    if regular is not None:
        lines += _proposal(
            "monthly", "月度进展", "每月25日前", ('form = "progress"', f'list = "{regular}"', "league = true")
        )
    months = sorted({coded.draft.month for coded in found.items if coded.draft.month})
    if months:
        words = "、".join(f"{month}月份" for month in months)
        lines += _proposal("tasks", "任务", words, ('form = "tasks"', 'ladder = "tasks"', 'list = "tasks"'))
    return lines


def _proposal(key: str, name: str, when: str, rest: Sequence[str]) -> list[str]:
    body = ["[[duties]]", f'id = "{key}"', f"name = {quoted(name)}", f"when = {quoted(when)}", *rest]
    return ["#", *(f"# {line}" for line in body)]


def _units(found: Understood) -> Iterator[list[str]]:
    if found.units:
        yield [comment("单位：名字照文件里的写法。全称写 full，别的叫法写 aliases，不用报的写 reports = false。")]
    for unit in found.units:
        yield ["[[units]]", f"name = {quoted(unit)}"]
    for group in found.groups:
        words = comment(f"文件里写“{group}”，这里先列上文件里出现的全部牵头单位")
        yield [words, "[[unit_groups]]", f"name = {quoted(group)}", f"units = {_array(found.units)}"]
    for key, name in found.leaders.items():
        post = f"post = {quoted(_post(name))}"
        yield [comment(f"文件里写的是“{name}”；这里写职务，谁在任写在花名册里"), "[[leaders]]", f'key = "{key}"', post]


def _post(name: str) -> str:
    """Return the post a leader is named by: 副局长, or that of 甲一（副局长）; '' for a bare name."""
    parts = [part for part in re.split(r"[()（）\s]+", name) if part]
    posts = [part for part in parts if POST.search(part)]
    return posts[0] if posts else ""


def _outline(found: Understood) -> Iterator[list[str]]:
    for key, (name, monthly) in found.lists.items():
        label = ['label = "{month}月任务（{no}）{title}"'] if monthly else []
        yield ["[[lists]]", f'key = "{key}"', f"name = {quoted(name)}", *label, *_wants(found, key)]
    for key, name in found.sections.items():
        yield ["[[sections]]", f'key = "{key}"', f"name = {quoted(name)}"]


def _wants(found: Understood, key: str) -> list[str]:
    """Say what each item of a list must have: what most of its items have is missed in the others."""
    drafts = [coded.draft for coded in found.items if coded.list_key == key]
    dated = sum(bool(draft.when) for draft in drafts)
    return ['wants = ["units", "when"]'] if dated * 2 > len(drafts) else []


def _item(found: Understood, coded: Coded) -> list[str]:
    draft = coded.draft
    lines = [comment(_remark_line(remark)) for remark in draft.open]
    lines += [comment(f"备注：{draft.note}")] if draft.note else []
    lines += ["[[items]]", f'id = "{coded.id}"', f'list = "{coded.list_key}"']
    lines += [f'section = "{coded.section}"'] if coded.section else []
    lines += [f"no = {draft.no}"] if draft.no is not None else []
    lines.append(f"title = {quoted(draft.title)}")
    units = draft.units or ([draft.everybody] if draft.everybody else [])
    lines.append(f"units = {_array(units)}")
    lines += ["each = true"] if draft.everybody else []
    lines += [f"support = {_array(draft.support)}"] if draft.support else []
    lines += [f"leaders = {_array(coded.leaders)}"] if coded.leaders else []
    lines += [f"when = {quoted(draft.when)}"] if draft.when else []
    lines += ["lasting = true"] if draft.lasting else []
    return lines + _content(found, draft)


def _content(found: Understood, draft: Draft) -> list[str]:
    lines = [f"target = {quoted(draft.target)}"] if draft.target else []
    if len(draft.measures) == 1:
        lines.append(f"measures = {_array(draft.measures)}")
    elif draft.measures:
        lines += ["measures = [", *(f"  {quoted(measure)}," for measure in draft.measures), "]"]
    standing = draft.standing
    if standing is not None and standing.said:
        lines.append(comment(f"接手时的进展：{standing.said}"))
    if standing is not None and standing.percent is not None:
        lines.append(f'opening = {{percent = {standing.percent}, on = "{found.as_of}"}}')
    return lines


def _remark_line(remark: Remark) -> str:
    said = f"“{remark.text}”" if remark.text else ""
    return f"{remark.cell} {said}{remark.reason}。{remark.fix}"


def _left_out(found: Understood) -> list[str]:
    if not found.refusals:
        return []
    head = comment("文件里没有作为事项的行：")
    return [head, *(comment(f"  {r.cell} {r.text[:80]}：{r.reason}。{r.fix}") for r in found.refusals)]

"""What people write to a bot beside reports: receipts, commands, promises, requests, orders. Nothing here records."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading import words
from bot.domain.reading.dates import find_dates, find_length
from bot.domain.reading.items import find_refs, numbers_in
from bot.domain.reading.message import CLAUSE, Message
from bot.domain.reading.model import Ask, Reading
from bot.domain.reading.report import read_report
from bot.domain.reading.submissions import is_report, newsletter, nomination, submit_file

COMMANDS = {
    "status": "进度", "mine": "我的", "missing": "未报", "overdue": "逾期", "rank": "排名", "remind": "催报",
    "report": "汇总",
    "export": "导出", "plan": "计划", "extend": "延期", "excuse": "豁免", "leave": "请假", "handover": "移交",
    "for": "代报",
    "undo": "撤回", "return": "退回", "approve": "同意", "why": "依据", "collect": "征集", "publish": "发布",
    "split": "拆分",
    "merge": "合并", "cancel": "取消", "pause": "暂停", "history": "历史", "bind": "绑定", "help": "帮助",
}  # fmt: skip
_SPOKEN = {word: name for name, word in COMMANDS.items()} | {"排行": "rank", "菜单": "help", "谁没报": "missing"}
SLASH = re.compile(r"^/\s*([A-Za-z]+|[\u4e00-\u9fff]{2})\s*([\s\S]*)$")
BY_WORD = re.compile(rf"^({'|'.join(_SPOKEN)})(?:(\s+|(?=第))(.{{1,30}}))?[。！]?$")

ACK = re.compile(
    r"^(?:[\s，。！!~、]|收到了?|好的?|好滴|好嘞|明白了?|知道了?|知悉|了解|清楚了?|OK|ok|Ok|okay|嗯+|哦+|行|可以|没问题|谢谢|感谢|辛苦了?|遵照执行|照办|马上办|已阅|已读|谢谢提醒|提醒|老师|领导|👌|👍|🙏|😊|🌹|❤|💪|👏|您|你|大家|\+1|签收|阅)+$"
)
COUNT_OFF = re.compile(r"(?:扣|回复?|打|敲)\s*[“\"']?1")
RETRACT = re.compile(
    r"^(?:请|麻烦|帮忙|帮我|我要|申请|把)*(?:(?:上一?条|刚才的?|前面的?|第?.{0,6}项?)(?:报的|的)?(?:请)?)?(?:撤回|撤销|作废|收回|删除|删掉|不算)"
)
EXTENSION = re.compile(
    r"(?<![不无])(?<!不需要)(?<!无需)(?:延期|延到|延至|延后|延长|延迟|推迟|推后|宽限|缓报|缓交|缓几天|展期|顺延)|晚.{0,3}[天日周].{0,2}(?:报|交|行|吗)|(?<!不)申请延"
)
KEPT_TO = re.compile(r"(?:不|无需|不用|不必|不需要?)延[期迟后]")
ASKED_FOR = re.compile(r"月报|报送|上报|填报|月度|材料|总结|专报|提交|交稿|晚.{0,4}[报交]|报告")
SUCCESSOR = re.compile(
    r"调离|调走|调任|调到|离任|离职|退休|[我人](?:已|要|被|将)?轮岗|轮岗[到至]|不再(?:负责|担任|分管|对接|联系)|继任|接任|接替|接手|换(?:人|成.{1,4}对接)|不再由|移交给|交接给"
    r"|(?:今后|以后|往后|后续|下月起|改).{0,10}?由.{1,6}?(?:负责|报|对接|联系|接|来|继任)|(?:今后|以后|往后|后续|改)由|新来的.{0,6}(?:联络员|联系人|同志)"
    r"|(?:联系人|联络员|经办人|负责人).{0,4}(?:换成|换为|改为|改成|变更为|更换为|变更)|(?<!我)来负责"
)
DELEGATE = re.compile(
    r"(?:请|让|由|委托|麻烦)(?P<to>[\u4e00-\u9fff]{2,4}?)(?:同志|老师)?(?:代为?|帮|替)(?:我们?)?(?:填?报|报送|汇报|负责|回复)|(?:你|您)(?:来|帮忙|帮我|先|代)?(?:报|填|回|汇报|反馈)(?:一下|下)?"
)
NAME = re.compile(
    r"(?:由|给|换成|换为|改为|改成|变更为|更换为|让)(?P<to>[\u4e00-\u9fff]{2,4}?)(?:同志|老师|科长|主任)?(?:接|负责|对接|联系|报|担任|来|$|[，。])"
)
FIRST_NAME = re.compile(r"^(?P<to>[\u4e00-\u9fff]{2,3}?)来(?:负责|对接|接)")
NOBODY = re.compile(r"我|继任|新人|新同|别人|其他|同事|他人|我科|我们|接替|后任|新来|办公室")
PROMISE = re.compile(
    r"(?:稍后|稍晚|晚点|晚些|马上|一会|等会|等一下|待会|回头|下午|上午|晚上|今晚|今天|明天|明早|明日|后天|[本下这]?周[一二三四五六日]|[下这本]周|尽快|立即|抓紧|月底|过两天|过几天|\d[日号]前?|会议?后|下班前).{0,10}?(?:报|交|给|发|补|提交|回复|弄|处理|填|完成|反馈|搞定|做完|上传)"
)
LOOKUP = re.compile(
    r"(?:请|麻烦|帮忙|帮我|我想)*(?:查询|查看|查一?下|查查|看看|看一下|看下|问一?下|请问)|我的(?:任务|项目|专项)$"
)
QUERY = re.compile(
    r"排第?几|排名|第几|多少|谁|什么|为啥|怎么|怎样|如何|截止|什么时候|哪|几号|能不能|可不可以|是否|吗|进展|进度|情况"
)
ORDER = re.compile(
    r"抓紧|务必|尽快|前.{0,4}(?:给我|报我|拿出|完成|报|交|办)|给我|必须|落实|督促|加快|请.{1,12}(?:报|办|牵头|研究|处理|落实|跟进)|要(?!不|是)|报我|限期|整改|盯紧|跟进|拿出|研究"
)
BROADCAST = re.compile(r"各(?:科室|单位|处室|位|部门)|大家|通知|请相互转告|全体")
NIL = re.compile(
    r"^(?:[我们本这个单位科室处目前当月暂时对于期次]|\d{1,2}月份?)*(?:无|没有|没啥|没)(?:重点|相关|新增?|需要?|可|要|什么|具体|特别|其他|牵头|负责|承担|涉及)*"
    r"(?:的|工作|任务|进展|内容|事项|情况|专项|项目|报告|报送?|上报|汇报|变化|更新|可报)*[。！]?$|零报告"
)
_UNMOVED = re.compile(r"[无没]有?.{0,3}(?:进展|变化)|同上")

Talk = Callable[[Message], Reading | None]


def ack(message: Message) -> Reading | None:
    """收到, 好的, 👍; and 1 where the prompt asked for a 1."""
    text = message.text
    counted = COUNT_OFF.search(message.ctx.prompt or "") and re.fullmatch(r"[1１一]+[。！]?", text)
    return Reading(("ack",)) if counted or ACK.match(text) else None


def command(message: Message) -> Reading | None:
    """A slash command, or a command's Chinese word that stands alone or before item numbers and unit names."""
    slash = SLASH.match(message.text)
    if slash:
        word = slash[1].lower()
        name = word if word in COMMANDS else _SPOKEN.get(word)
        if name is None:
            return Reading(("command",), others={"command": {"name": word, "args": []}})
        return _command(message, name, slash[2].strip())
    spoken = BY_WORD.match(message.text)
    if not spoken or (spoken[1] in ("撤回", "延期", "代报") and spoken[3]):
        return None
    if (
        _SPOKEN[spoken[1]] in ("pause", "cancel", "merge", "split")
        and message.speaker.role == "contact"
        and message.ctx.pending
    ):
        return None
    if spoken[1] == "同意" and message.speaker.role == "contact":
        return Reading(("chat",))
    args = _args(message, spoken[3] or "")
    return None if args is None or spoken[1] == "撤回" else _command(message, _SPOKEN[spoken[1]], spoken[3] or "")


def _command(message: Message, name: str, rest: str) -> Reading:
    args = _args(message, rest)
    others: dict[str, Any] = {"command": {"name": name, "args": rest.split() if args is None else args}}
    if name == "undo":
        ids = [arg for arg in args or [] if message.speaker.kind_of(arg)] or last_items(message)
        return Reading(("command", "retract"), others={**others, "reverts": ids})
    if name == "extend":
        asked = extension(replace(message, text="延期 " + rest)) if rest else None
        if asked:
            return Reading(("command", "extension"), (), asked.ask, {**others, **asked.others})
    return Reading(("command",), others=others)


def _args(message: Message, rest: str) -> list[str] | None:
    """Read a command's words as item ids and names; None when a word is neither."""
    found: list[str] = []
    for word in re.split(r"[\s，、,]+", rest.strip("。！")):
        if not word:
            continue
        refs = find_refs(word, message.index, message.speaker)
        plain = re.fullmatch(rf"第?({NUMBER})(?:项|号)?", word)
        number = int(find_number(plain[1]) or 0) if plain else 0
        if number in message.speaker.numbers:
            found.append(message.speaker.numbers[number])
        elif len(refs) == 1 and not refs[0].ids[0].startswith("?"):
            found += refs[0].ids
        elif message.index.plan.find_unit(word):
            found.append(word)
        else:
            return None
    return found


def last_items(message: Message) -> list[str]:
    """Return the ids the sender's last reply stored, as far as its words or its note tell."""
    last = message.ctx.last or ""
    stored = [item for item in re.findall(r"([A-Z]\d{2}(?:-\d{2})?)\s*=", last) if item in message.speaker.known]
    if stored:
        return list(dict.fromkeys(stored))
    ids = [item for ref in find_refs(last, message.index, message.speaker) for item in ref.ids if item[0] != "?"]
    return list(dict.fromkeys(ids)) or ([message.speaker.only] if last and message.speaker.only else [])


def retract(message: Message) -> Reading | None:
    if len(message.text) > 30 or not RETRACT.search(message.text) or _says_more(message):
        return None
    refs = find_refs(message.text, message.index, message.speaker)
    ids = [item for ref in refs for item in ref.ids]
    if not ids:
        numbers = numbers_in("、".join(re.findall(r"\d{1,2}", message.text)))
        ids = [message.speaker.id_of(number) for number in numbers]
    ids = [item for item in ids if item in message.speaker.own] if ids else last_items(message)
    ask = None if ids or message.ctx.last else Ask("entry", message.speaker.own)
    return Reading(("retract",), (), ask, {"reverts": ids} if ids else {})


def _says_more(message: Message) -> bool:
    """Say whether a withdrawal gives a new value, too: a figure the last reply did not hold."""
    figures, last = re.findall(r"([\d.]+)\s*%", message.text), message.ctx.last or ""
    return bool(re.search(r"改[为成]|应为|更正|恢复[为到成]?\s*\d", message.text)) or any(
        not re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", last) for figure in figures
    )


def extension(message: Message) -> Reading | None:
    """A request for more time; passed to the office, granted by nobody here."""
    if KEPT_TO.search(message.text) and not re.search(r"已|了|\d|百分|成(?!$|[，。])", message.text):
        return Reading(("promise",))  # 不延期，按时完成 is no report that it is done
    clauses = [match[0] for match in CLAUSE.finditer(message.text)]
    asking = [clause for clause in clauses if EXTENSION.search(clause)]
    if not asking or re.search(r"(?:不|无需|不用|不必)(?:再)?(?:申请|需要)?延", message.text):
        return None
    rest = "".join(clause for clause in clauses if clause not in asking)
    target = _target(message, asking)
    days = find_dates("".join(asking), message.ctx.today, message.workdays)
    length = find_length("".join(asking))
    until = days[-1] if days else None
    if length and not re.search(r"\d[日号]|月|周[一二三四五六日]", "".join(asking)):
        base = next((found.due_on for found in message.speaker.rounds), None)
        until = base and base.fromordinal(base.toordinal() + length)
    said = read_report(replace(message, text=rest)) if rest.strip() else None
    plain = [entry for entry in said.entries if entry.percent is not None or entry.percent_range] if said else []
    ask = Ask("item", message.speaker.own) if target is None else Ask("date") if until is None else None
    wanted = {"target": target, "to": until.isoformat() if until else None}
    return Reading(("report", "extension") if plain else ("extension",), tuple(plain), ask, {"extension": wanted})


def _target(message: Message, asking: list[str]) -> str | None:
    speaker = message.speaker
    for text in ("".join(asking), message.text):
        refs = [ref for ref in find_refs(text, message.index, speaker) if ref.ids[0] in speaker.own]
        if len(refs) == 1:
            return refs[0].ids[0]
    refs = find_refs(message.text, message.index, speaker)
    if any(not ref.ids[0].startswith("?") for ref in refs):
        return refs[0].ids[0] if speaker.role == "office" else None
    if speaker.rounds and (ASKED_FOR.search(message.text) or not speaker.own):
        return speaker.pending[0]
    return speaker.only


def successor(message: Message) -> Reading | None:
    if not SUCCESSOR.search(message.text) or re.search(r"%|百分|\d成", message.text):
        return None
    to = _person(message.text)
    if to is None:
        return Reading(("successor",), (), Ask("person"))
    return Reading(("successor",), others={"delegate": {"to": to, "scope": "all"}})


def _person(text: str) -> str | None:
    found = NAME.search(text) or FIRST_NAME.search(text)
    return found["to"] if found and not NOBODY.search(found["to"]) else None


def delegate(message: Message) -> Reading | None:
    found = DELEGATE.search(message.text)
    if not found or re.search(r"%|百分|\d成", message.text):
        return None
    to = found["to"] or next(iter(re.findall(r"@([^\s@]{1,20})", message.ctx.prompt or "")), None)
    return Reading(
        ("delegate",),
        others={"delegate": {"to": to, "scope": message.speaker.pending[0] if message.speaker.pending else None}},
    )


def instruction(message: Message) -> Reading | None:
    """A leader's order with its item and date; a leader's words never set a figure."""
    if message.speaker.role != "leader":
        return None
    refs = find_refs(message.text, message.index, message.speaker)
    ids = [item for ref in refs for item in ref.ids if not item.startswith("?")]
    days = find_dates(re.sub(r"第.{1,3}项", "", message.text), message.ctx.today, message.workdays)
    if not ORDER.search(message.text) or re.search(r"[？?]$|吗$", message.text):
        return None
    order = {"item": ids[0] if ids else None, "due": days[0].isoformat() if days else None}
    ask = Ask("item") if not ids else Ask("date", item=ids[0]) if not days else None
    return Reading(("instruction",), (), ask, {"instruction": order})


def nil_report(message: Message) -> Reading | None:
    """本月无: nothing to report, plain from a unit without items, a question to one that leads some."""
    if not NIL.match(message.text):
        return None
    if message.speaker.own:
        ask = Ask("percent", message.speaker.own)
        return None if _UNMOVED.search(message.text) else Reading(("nil_report",), (), ask)
    return Reading(("nil_report",), others={"fulfils": list(message.speaker.pending)} if message.speaker.rounds else {})


def promise(message: Message) -> Reading | None:
    return Reading(("promise",)) if PROMISE.search(message.text) and not is_report(message.text) else None


def broadcast(message: Message) -> Reading | None:
    # 督导委员会全体会议已召开 names an item whose title says 全体.
    named = message.index.titles_in(message.text)
    office = message.speaker.role == "office" and not named
    office = office and BROADCAST.search(message.text) is not None and not is_report(message.text)
    return Reading(("broadcast",)) if office else None


def query_or_chat(message: Message) -> Reading:
    asked = words.QUESTION.search(message.text) and QUERY.search(message.text)
    return Reading(("query",) if asked else ("chat",))


def lookup(message: Message) -> Reading | None:
    """查询第7项进度, 看看排名: to be looked up."""
    return Reading(("query",)) if LOOKUP.match(message.text) and not is_report(message.text) else None


def tampering(message: Message) -> Reading | None:
    """Orders to the bot to set everything: talk, whoever says it."""
    return Reading(("chat",)) if words.TAMPERING.search(message.text) else None


# Tried in this order before a reply is read as a report. Without one of its letters a rule has nothing to say.
BEFORE: tuple[tuple[Talk, re.Pattern[str] | None], ...] = (
    (command, None),
    (ack, None),
    (tampering, re.compile(r"[略视绕所全各<现]|gnore|rop|ROP|rompt")),
    (lookup, None),
    (retract, re.compile("[撤作收删算]")),
)
AFTER_CORRECTIONS: tuple[tuple[Talk, re.Pattern[str] | None], ...] = (
    (extension, re.compile("[延晚缓展顺宽]|推[迟后]")),
    (successor, re.compile("[离走任退轮负接换移交替新改]|由|联络员|联系人")),
    (delegate, re.compile("[请让由委麻你您]")),
    (instruction, None),
    (newsletter, re.compile("信息|简报|稿|动态")),
    (nomination, re.compile("推荐|提名|推选|推报")),
    (submit_file, None),
    (broadcast, None),
    (nil_report, None),
)  # fmt: skip


def first_that_reads(rules: Iterable[tuple[Talk, re.Pattern[str] | None]], message: Message) -> Reading | None:
    """Return what the first rule makes of a message whose letters it needs."""
    for rule, letters in rules:
        if letters is None or letters.search(message.text):
            found = rule(message)
            if found is not None:
                return found
    return None

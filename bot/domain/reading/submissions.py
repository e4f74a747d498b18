"""What is handed in beside reports: newsletter pieces, nominations, files."""

import re

from bot.domain.numerals import NUMBER, find_number
from bot.domain.reading.message import Message
from bot.domain.reading.model import Reading

NEWSLETTER = re.compile(
    rf"(?:信息|简报|稿件|工作动态|投稿)\s*(?P<n>{NUMBER})\s*(?:篇|条|则|期|件)|(?P<m>{NUMBER})\s*(?:篇|条|则)(?:工作)?(?:信息|简报|稿件|动态)"
)
_ONE_NEWSLETTER = re.compile(r"^投稿|^(?:报送|投稿|报)(?:一?[篇条])?(?:工作)?(?:信息|简报|稿件|动态)(?!.{0,3}化)")
NOMINATION = re.compile(
    rf"(?<!已)(?:推荐|提名|推选|推报)(?P<what>[^，。；：\d]{{0,16}}?)(?P<n>{NUMBER})\s*(?:名|人|位|个|所|件|篇|项)(?P<after>[\u4e00-\u9fff“”]{{0,12}})"
)
_SENT = re.compile("[附传发邮交]")
SUBMIT = re.compile(
    r"附件|已上传|(?:材料|文件|专报|总结|报告|报表|表格|电子版|扫描件|盖章件)[^，。]{0,6}?已(?:经)?(?:发|传|交|提交|上传|报送)(?!市|省|县|局|编|各|给)|已发(?:您|你|到?邮箱|群)|发(?:您|你)?邮箱"
)


def is_report(text: str) -> bool:
    return bool(
        re.search(r"\d\s*%|百分之|[\d一二三四五六七八九]成|(?:^|[，。])(?:全部|都)?已?经?完成(?:[，。]|$)", text)
    )


def newsletter(message: Message) -> Reading | None:
    found = NEWSLETTER.search(message.text)
    if is_report(message.text) or not (found or _ONE_NEWSLETTER.search(message.text)):
        return None
    count = find_number(found["n"] or found["m"] or "1") or 1 if found else 1
    return Reading(("newsletter",), others={"newsletter": {"unit": message.speaker.unit, "count": int(count)}})


def nomination(message: Message) -> Reading | None:
    found = NOMINATION.search(message.text)
    if not found or is_report(message.text):
        return None
    what = found["what"].strip(" “”的") or found["after"].strip("“”")
    return Reading(("nomination",), others={"nomination": {"what": what, "count": int(find_number(found["n"]) or 1)}})


def submit_file(message: Message) -> Reading | None:
    sent = message.ctx.msgtype == "file"
    if not sent and (
        not _SENT.search(message.text)
        or not SUBMIT.search(message.text)
        or is_report(message.text)
        or re.search(r"？|吗", message.text)
    ):
        return None
    pending = message.speaker.pending
    name = (
        message.text
        if sent
        else next(
            iter(re.findall(r"[《“]([^》”]{2,60})[》”]|([^\s，。]+\.(?:docx?|xlsx?|pdf|wps))", message.text)), None
        )
    )
    named = name if isinstance(name, str) or name is None else next((part for part in name if part), None)
    return Reading(("submit_file",), others={"file": {"name": named, "for": pending[0] if pending else None}})

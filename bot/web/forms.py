"""The form in the browser: opened by a signed link, kept as a draft, handed in as an event like any message."""

import secrets
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.domain.links import BadLink, ExpiredLink, mark_of
from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.errors import UserError
from bot.events import FORM, Event, Receive
from bot.messages.message import Bullets, Table, from_json
from bot.pages import STATIC, render
from bot.storage import forms, members
from bot.storage.engine import Database, Tx
from bot.stories import forms as story
from bot.stories.forms import FormLink
from bot.stories.recipients import contacts_on

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

LONGEST_BODY = 64 * 1024
LONGEST_ID = 64
WRONG_CODES, WITHIN = 5, timedelta(hours=1)
# Everything comes from this server; text that slipped through the escaping could still run nothing.
SAFE = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class _Opened:
    """A personal link that was opened: whose, and who that is."""

    link: FormLink
    name: str
    token: str


def mount(app: web.Application, db: Database, world: World, receive: Receive, now: Callable[[], datetime]) -> None:
    """Add the form's addresses to the application, where there is a public address."""
    if world.links is None:
        return
    desk = FormDesk(db, world, receive, now)
    app.router.add_get("/form/{token}", _guarded(desk.show))
    app.router.add_post("/form/{token}", _guarded(desk.take))
    app.router.add_static("/static/", STATIC)


class FormDesk:
    """The handlers: one address shows a form, takes drafts, and takes it in."""

    def __init__(self, db: Database, world: World, receive: Receive, now: Callable[[], datetime]) -> None:
        self._db, self._world, self._receive, self._now = db, world, receive, now
        self._wrong: dict[tuple[str, str], deque[datetime]] = {}

    async def show(self, request: web.Request) -> web.Response:
        """Show the form, its receipt once it was handed in, or where to give unit and code."""
        kind, fields = self._read(request)
        if kind == "round":
            return self._ask_who(self._world.plan(str(fields[0])))
        async with self._db.read() as tx:
            opened = await self._open(tx, request, fields)
            spent = await forms.spent(tx, opened.link.mark)
            if spent is not None:
                return _page("receipt", opened=opened, parts=_parts(spent.receipt))
            blank = await story.blank_of(tx, self._world, opened.link)
        return self._form(opened, blank, {}, saved="saved" in request.query)

    async def take(self, request: web.Request) -> web.Response:
        """Take a draft, a form, or unit and code."""
        if (request.content_length or 0) > LONGEST_BODY:
            return _closed("写得太长", "一张表最多 64 KB。请写简短些再提交。", 413)
        kind, fields = self._read(request)
        posted = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        if kind == "round":
            return await self._let_in(fields, posted)
        async with self._db.read() as tx:
            opened = await self._open(tx, request, fields)
            if await forms.spent(tx, opened.link.mark) is not None:
                return _closed("已经提交过了", "这张表只能提交一次，没有重复登记。打开原来的链接可以看回执。", 409)
            blank = await story.blank_of(tx, self._world, opened.link)
        typed = {name: posted.get(name, "") for name in blank.names}
        if posted.get("action") == "draft":
            return await self._keep(request, opened, typed)
        return await self._hand_in(opened, blank, typed, posted.get("submission", ""))

    def _read(self, request: web.Request) -> tuple[str, list[str | int]]:
        """Return what the link leads to; raises the page that says why it leads nowhere."""
        links = self._world.links
        if links is None:
            raise web.HTTPNotFound
        kind, fields = links.read(request.match_info["token"], self._now())
        if kind not in ("form", "round"):
            raise BadLink
        return kind, fields

    async def _open(self, tx: Tx, request: web.Request, fields: list[str | int]) -> _Opened:
        token = request.match_info["token"]
        link = story.link_of(self._world, fields, mark_of(token))
        member = await members.get(tx, link.member_id)
        today = self._world.policy.today(self._now())
        standpoint = await members.standpoint(tx, link.plan.key, link.member_id, today)
        story.check_unit(link.unit, standpoint.units)
        return _Opened(link, member.name if member else "", token)

    def _form(
        self, opened: _Opened, blank: story.Blank, faults: Mapping[str, str], *, saved: bool = False, status: int = 200
    ) -> web.Response:
        submission = secrets.token_urlsafe(12)
        return _page("form", status, opened=opened, blank=blank, faults=faults, saved=saved, submission=submission)

    async def _keep(self, request: web.Request, opened: _Opened, typed: dict[str, str]) -> web.Response:
        now = self._now()
        await self._db.write(forms.save_draft, opened.link.key, typed, now)
        if request.headers.get("Accept") == "application/json":
            return web.json_response({"saved": f"{self._world.policy.local(now):%H:%M}"}, headers=SAFE)
        raise web.HTTPSeeOther(f"{opened.token}?saved=1")

    async def _hand_in(
        self, opened: _Opened, blank: story.Blank, typed: dict[str, str], submission: str
    ) -> web.Response:
        answers = story.read_answers(blank, typed)
        if not answers.faults:
            received = await self._receive(self._event(opened, answers, submission))
            # A repeat of the same submission is shown the receipt of the first.
            if received.outcome in ("form", "repeat"):
                raise web.HTTPSeeOther(opened.token)
            answers.faults[""] = received.answer
        return self._form(opened, _filled(blank, typed), answers.faults, status=422)

    def _event(self, opened: _Opened, answers: story.Answers, submission: str) -> Event:
        link = opened.link
        return Event(
            platform=FORM,
            message_id=f"{link.mark}:{submission[:LONGEST_ID]}",
            chat="",
            chat_kind="private",
            sender=str(link.member_id),
            text=story.as_words(link.plan, answers),
            at=self._now(),
            content="form",
            form={
                "plan": link.plan.key,
                "unit": link.unit,
                "rounds": list(link.rounds),
                "mark": link.mark,
                "percents": answers.percents,
                "notes": answers.notes,
                "figures": answers.figures,
                "sections": answers.sections,
                "texts": answers.texts,
            },
        )

    def _ask_who(self, plan: Plan, fault: str = "", unit: str = "", status: int = 200) -> web.Response:
        return _page("round", status, plan=plan, units=plan.reporting_units, fault=fault, chosen=unit)

    async def _let_in(self, fields: list[str | int], posted: Mapping[str, str]) -> web.Response:
        """Give whoever knows the code of a unit's contact that contact's own link."""
        plan, unit, code = self._world.plan(str(fields[0])), posted.get("unit", ""), posted.get("code", "").strip()
        now, links = self._now(), self._world.links
        if unit not in plan.reporting_units:
            return self._ask_who(plan, "请选一个单位。", status=422)
        wrong = self._wrong.setdefault((plan.key, unit), deque(maxlen=WRONG_CODES))
        if len(wrong) == WRONG_CODES and now - wrong[0] < WITHIN:
            return self._ask_who(plan, "输错次数太多，请过一小时再试，或联系办公室。", unit, 429)
        async with self._db.read() as tx:
            rows = await forms.rounds_by_id(tx, plan.key, [int(part) for part in str(fields[1]).split(",")])
            who = await _reporters(tx, self._world, plan, unit, now)
        member = next((one for one in who if links is not None and links.code(one) == code), None)
        if member is None:
            wrong.append(now)
            return self._ask_who(plan, "单位和填报码对不上。填报码是 6 位数字，印在办公室发的名单上。", unit, 422)
        url = story.url_for(self._world, plan, unit, member, rows, now)
        raise web.HTTPSeeOther(url.rpartition("/")[2])


async def _reporters(tx: Tx, world: World, plan: Plan, unit: str, now: datetime) -> list[int]:
    """Return who reports for a unit: its contact, his deputy, and who stands in today."""
    held = await members.holders(tx, plan.key)
    named = [member.id for role in ("contact", "deputy") for member in held.get(Post.parse(f"{role}:{unit}"), [])]
    asked = (await contacts_on(tx, plan, world.policy.today(now))).by_unit.get(unit)
    return list(dict.fromkeys([*named, *([asked.id] if asked else [])]))


def _filled(blank: story.Blank, typed: Mapping[str, str]) -> story.Blank:
    """Return the form with what was typed instead of what it was opened with."""
    items = tuple(
        replace(box, percent=typed[f"p:{box.item.id}"], note=typed[f"n:{box.item.id}"]) for box in blank.items
    )
    numbers = tuple(replace(box, value=typed[f"f:{box.kind.id}"]) for box in blank.numbers)
    return replace(
        blank, items=items, numbers=numbers, texts=tuple(replace(box, text=typed[box.name]) for box in blank.texts)
    )


def _parts(receipt: dict[str, Any]) -> list[tuple[bool, tuple[str, ...]]]:
    """Return a receipt's blocks as (whether a list, lines)."""
    blocks = from_json(receipt).blocks if receipt else ()
    return [
        (isinstance(block, Bullets), block.as_lines() if isinstance(block, Table) else block.lines) for block in blocks
    ]


def _guarded(handler: Handler) -> Handler:
    """Answer with a page that says what is wrong and what to do."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except ExpiredLink:
            return _closed("链接过期了", "请私聊机器人发“表单”，要一张新的；或者直接在聊天里回复进展。", 410)
        except BadLink:
            return _closed("链接打不开", "可能是复制时少了几个字。请从收到的消息里重新点开。", 404)
        except UserError as error:
            return _closed("不能填这张表", str(error), 403)

    return guarded


def _page(name: str, status: int = 200, **values: Any) -> web.Response:
    html = render(f"form/{name}.html", **values)
    return web.Response(text=html, content_type="text/html", status=status, headers=SAFE)


def _closed(title: str, text: str, status: int) -> web.Response:
    return _page("closed", status, title=title, text=text)

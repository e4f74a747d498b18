"""The sandbox in the browser: the chat page and its API."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.errors import UserError
from bot.pages import STATIC, render
from bot.platforms.base import Person, RetryLater
from bot.platforms.sandbox.chats import Chats
from bot.platforms.sandbox.clock import ClockDesk, jumps
from bot.platforms.sandbox.drawing import shown
from bot.platforms.sandbox.saying import say_in_chat

BODY_LIMIT = 1024 * 1024
ROLES = (("contact", "联络员"), ("office", "办公室"), ("leader", "领导"), ("", "其他人员"))
# Everything comes from this server; text of a member that slipped through the escaping could still run nothing.
SAFE = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def site(chats: Chats) -> web.Application:
    """Make the application that stands under /sandbox/."""
    pages = Site(chats)
    app = web.Application(middlewares=[_plain_errors])
    app.router.add_get("/", pages.page)
    app.router.add_post("/api/messages", pages.post_message)
    app.router.add_get("/api/messages", pages.list_messages)
    app.router.add_post("/api/clock", pages.post_clock)
    app.router.add_get("/api/state", pages.state)
    app.router.add_static("/static/", STATIC)
    return app


class Site:
    """The handlers, one method per address; a `UserError` in any of them becomes a 400."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self._clock = ClockDesk(chats)

    async def page(self, request: web.Request) -> web.Response:
        """Show the chat page."""
        people = await self._chats.host.people()
        now = self._chats.now()
        html = render(
            "sandbox/page.html",
            groups=list(self._chats.groups.values()),
            roles=_by_role(people),
            now=now,
            weekday="一二三四五六日"[now.weekday()],
            speed=self._chats.host.speed(),
            jumps=jumps(now, self._chats.host.workdays),
        )
        return web.Response(text=html, content_type="text/html", headers=SAFE)

    async def post_message(self, request: web.Request) -> web.Response:
        """Say something as somebody: `{"chat", "sender", "text", "files"?, "message_id"?}`."""
        entry, outcome = await say_in_chat(self._chats, await _body(request))
        return web.json_response({"id": entry.id, "outcome": outcome})

    async def list_messages(self, request: web.Request) -> web.Response:
        """Give the messages of `chat` after the id `after`, oldest first."""
        chat, after = request.query.get("chat", ""), request.query.get("after", "") or "0"
        if not chat:
            raise UserError("缺少 chat（会话编号）")
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise UserError("after 应是消息编号（非负整数）")
        entries = self._chats.transcript.list_after(chat, int(after))
        return web.json_response({"messages": [shown(entry) for entry in entries]})

    async def post_clock(self, request: web.Request) -> web.Response:
        """Move the clock: `{"to"}`, `{"advance_s"}` or `{"speed"}`."""
        await self._clock.move(await _body(request))
        return web.json_response({"now": self._chats.now().isoformat(timespec="seconds")})

    async def state(self, request: web.Request) -> web.Response:
        """Give the time, who can be played, and the newest message of each chat."""
        people = await self._chats.host.people()
        now = self._chats.now()
        return web.json_response(
            {
                "now": now.isoformat(timespec="seconds"),
                "speed": self._chats.host.speed(),
                "groups": [{"id": group.id, "name": group.name} for group in self._chats.groups.values()],
                "people": [{"id": person.id, "name": person.name, "role": person.role} for person in people],
                "chats": self._listed({person.id: person.name for person in people}),
                "next": None,
                "jumps": jumps(now, self._chats.host.workdays),
            }
        )

    def _listed(self, names: dict[str, str]) -> list[dict[str, Any]]:
        groups = {group.id: group.name for group in self._chats.groups.values()}
        last_ids = self._chats.transcript.last_ids()
        # Somebody who is not on the roster may have written too: the page still shows the chat.
        known = {**{chat: chat for chat in last_ids}, **names, **groups}
        order = [*groups, *(chat for chat in [*names, *last_ids] if chat not in groups)]
        return [
            {
                "id": chat,
                "kind": "group" if chat in groups else "private",
                "name": known[chat],
                "last_id": last_ids.get(chat, 0),
            }
            for chat in dict.fromkeys(order)
        ]


def _by_role(people: Any) -> list[tuple[str, str, list[Person]]]:
    known = {role for role, _ in ROLES if role}
    found = [
        (role, label, [person for person in people if (person.role if person.role in known else "") == role])
        for role, label in ROLES
    ]
    return [group for group in found if group[2]]


@web.middleware
async def _plain_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except UserError as error:
        return _refused(str(error), 400)
    except RetryLater:
        return _refused("演练环境还没有准备好，请稍后再试", 503)


async def _body(request: web.Request) -> dict[str, Any]:
    """Read a JSON object. Raises `UserError`, or the 413 and 415 that also keep other sites' forms out."""
    # A form of another site can post without asking first, but never with this content type.
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(
            text=json.dumps({"error": "请以 Content-Type: application/json 提交"}), content_type="application/json"
        )
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise _too_large() from error
    if len(raw) > BODY_LIMIT:
        raise _too_large()
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UserError("提交的内容不是有效的 JSON") from error
    if not isinstance(data, dict):
        raise UserError('提交的内容应是 JSON 对象，例如 {"chat": "main", "sender": "…", "text": "…"}')
    return data


def _too_large() -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(
        BODY_LIMIT,
        text=json.dumps({"error": "内容太大：一次提交不能超过 1 MB"}),
        content_type="application/json",
    )


def _refused(text: str, status: int) -> web.Response:
    return web.json_response({"error": text}, status=status)

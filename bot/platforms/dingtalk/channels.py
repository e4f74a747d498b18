"""Which channels a message may take, best first: the routes of its parts (dossier 0)."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.platforms.base import Limit, NoRoute, Parcel, Part, Route
from bot.platforms.dingtalk.budget import Budget
from bot.platforms.dingtalk.cards import card_of
from bot.platforms.dingtalk.drawing import Page, pages, template, webhook_body
from bot.platforms.dingtalk.files import sendable
from bot.platforms.dingtalk.inbound import OUTSIDER
from bot.platforms.dingtalk.settings import Group, Settings, short

WEBHOOK_LIMIT = Limit(20, 60)  # per robot (slug custom-robots-send-group-messages)
APP_LIMIT = Limit(20, 1)  # the free edition's calls per second (dossier 4.13)
APP_BUCKET = "dingtalk:app"
SESSION_MARGIN = timedelta(seconds=60)
UUIDS = uuid.UUID("6f0dbe1c-4d0b-5e0a-9d3e-2b7f5a0c1d41")
METERED_AS_MESSAGES = ("session", "webhook")


class Channels:
    """Draws parcels. Bodies of routes are stored: they name the group, never its address or secret."""

    def __init__(self, settings: Settings, groups: Mapping[str, Group], budget: Budget) -> None:
        self._settings, self._groups, self._budget = settings, groups, budget

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message and the files with it; raises `NoRoute` when no channel leads to the target."""
        drawn = pages(parcel.message, group=parcel.target.kind == "group")
        parts = [self._part(parcel, page, number, now, last=page is drawn[-1]) for number, page in enumerate(drawn)]
        if not all(part.routes for part in parts):
            raise NoRoute(self._missing(parcel))
        files = (Part(tuple(self._file_routes(parcel, number))) for number in range(len(parcel.message.files)))
        return (*parts, *(part for part in files if part.routes))

    def _part(self, parcel: Parcel, page: Page, number: int, now: datetime, *, last: bool) -> Part:
        known = str(uuid.uuid5(UUIDS, f"{parcel.key}/{number}"))
        card = self._card_routes(parcel, page, known) if last else ()
        routes = (*card, *self._routes(parcel, page, known, now))
        return Part(tuple(sorted(routes, key=self._spared)))

    def _spared(self, route: Route) -> bool:
        """Put a channel last whose month is nearly used up."""
        return self._budget.tight("messages" if route.channel in METERED_AS_MESSAGES else "calls")

    def _routes(self, parcel: Parcel, page: Page, known: str, now: datetime) -> Iterator[Route]:
        if self._may_answer(parcel, now):
            address = str(parcel.route["session"])
            body = {"session": address, "until": parcel.route["until"], "message": webhook_body(page, known)}
            yield Route("session", f"dingtalk:session:{short(address)}", WEBHOOK_LIMIT, body)
        group = self._groups.get(parcel.target.id)
        if parcel.target.kind != "group":
            if self._writes_to(parcel.target.id):
                yield Route("private", APP_BUCKET, APP_LIMIT, {"user": parcel.target.id, **template(page)})
        elif group is not None:
            if group.webhook:
                # First, because a repeat after a lost answer is shown once, and because only it can ring somebody.
                body = {"group": group.id, "message": webhook_body(page, known)}
                yield Route("webhook", group.webhook.bucket, WEBHOOK_LIMIT, body)
            if group.conversation_id and self._settings.can_write_privately:
                body = {"conversation": group.conversation_id, **template(page.unrung())}
                yield Route("group", APP_BUCKET, APP_LIMIT, body)

    def _card_routes(self, parcel: Parcel, page: Page, known: str) -> Iterator[Route]:
        card = card_of(parcel.message, page, known) if self._settings.has_cards else None
        space = self._space(parcel)
        if card is not None and space:
            yield Route("card", APP_BUCKET, APP_LIMIT, {"card": card, "space": space})

    def _file_routes(self, parcel: Parcel, number: int) -> Iterator[Route]:
        file, space = parcel.message.files[number], self._space(parcel)
        if not sendable(file) or not space:
            return
        body = {"file": {"name": file.name, "path": file.path}}
        if "user" in space:
            yield Route("private", APP_BUCKET, APP_LIMIT, {"user": space["user"], **body})
        else:
            yield Route("group", APP_BUCKET, APP_LIMIT, {"conversation": space["group"], **body})

    def _space(self, parcel: Parcel) -> dict[str, str]:
        """Return where the server API finds the target; empty where it does not."""
        target = parcel.target
        if target.kind != "group":
            return {"user": target.id} if self._writes_to(target.id) else {}
        group = self._groups.get(target.id)
        known = group.conversation_id if group and self._settings.can_write_privately else ""
        return {"group": known} if known else {}

    def _writes_to(self, person: str) -> bool:
        return self._settings.can_write_privately and bool(person) and not person.startswith(OUTSIDER)

    def _may_answer(self, parcel: Parcel, now: datetime) -> bool:
        """Return whether the session of the event may carry this: it is fresh, and not a group's for private words."""
        route = parcel.route
        if not route.get("session") or not route.get("until"):
            return False
        private = parcel.target.kind != "group" and bool(parcel.target.id)
        if private and route.get("chat") == "group":
            return False
        return datetime.fromisoformat(str(route["until"])) - SESSION_MARGIN > now

    def _missing(self, parcel: Parcel) -> str:
        target = parcel.target
        if target.kind == "group":
            group = self._groups.get(target.id)
            name = group.name if group else target.id or "未配置的群"
            fix = "请在它的 [[groups]] 里写 webhook（群设置 → 机器人 → Webhook 地址）和 secret，或 conversation_id"
            return f"钉钉群“{name}”没有发送通道：{fix}"
        if not target.id or target.id.startswith(OUTSIDER):
            return "对方没有本组织的钉钉 userid（外部人员，或机器人还没有发布），只能在其发言后 90 分钟内回复"
        return "钉钉私聊没有发送通道：请在 [platforms.dingtalk] 里写 app_key 和 app_secret"

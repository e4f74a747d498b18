"""Sending one route: by session, webhook, the server API in private or into a group, as a card, as a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bot.clock import wall_now
from bot.platforms.base import ChannelGone, Permanent, RetryLater, Route, SendError, Sent
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.budget import Budget
from bot.platforms.dingtalk.cards import Press, delivery, redrawn
from bot.platforms.dingtalk.files import upload
from bot.platforms.dingtalk.refusals import NO_PERSON, counts
from bot.platforms.dingtalk.settings import Group, Settings
from bot.platforms.dingtalk.signing import sign
from bot.platforms.dingtalk.together import Together
from bot.platforms.dingtalk.wire import Wire

FLOW_CONTROL_S = 60.0
CARD_ROUTE = "drumbeat"
RECALLED_AT_ONCE = 20


class Sender:
    """Sends routes. Routes are stored: they name the group, its address and secret are looked up here."""

    def __init__(self, settings: Settings, groups: Mapping[str, Group], wire: Wire, api: Api, budget: Budget) -> None:
        self._settings, self._groups, self._wire, self._api, self._budget = settings, groups, wire, api, budget
        self._ways = {
            "session": self._session,
            "webhook": self._webhook,
            "private": self._private,
            "group": self._group,
            "card": self._card,
        }
        self._together = Together(self._batch_send)
        self._card_route_known = False

    async def send(self, route: Route, key: str) -> str:
        """Send one route once; return the message's id where the platform gives one. Raises a `SendError`."""
        way = self._ways.get(route.channel)
        if way is None:
            raise ChannelGone("channel", f"没有“{route.channel}”这个通道")
        return await way(route.body, key)

    async def _session(self, body: Mapping[str, Any], key: str) -> str:
        if wall_now() >= datetime.fromisoformat(body["until"]):
            raise ChannelGone("expired", "会话地址已过期")
        # Asked again: the row may have been stored under other settings.
        if not self._settings.session_allowed(body["session"]):
            raise ChannelGone("host", "会话地址的主机不在 oapi_base 或 session_hosts 里")
        return await self._hook(body["session"], body["message"], "session", key)

    async def _webhook(self, body: Mapping[str, Any], key: str) -> str:
        group = self._groups.get(body["group"])
        if group is None or group.webhook is None:
            raise ChannelGone("config", f"配置里已没有群 {body['group']} 的 webhook")
        address = group.webhook.address
        if group.webhook.secret:
            timestamp = str(int(wall_now().timestamp() * 1000))
            address += "&" + urlencode({"timestamp": timestamp, "sign": sign(group.webhook.secret, timestamp)})
        return await self._hook(address, body["message"], "webhook", key)

    async def _hook(self, address: str, message: Mapping[str, Any], feature: str, key: str) -> str:
        answer = await self._wire.post(address, message)
        if counts(answer):
            self._budget.spend("messages", feature)
        self._api.judge.judge(answer, key)
        return ""

    async def _private(self, body: Mapping[str, Any], key: str) -> str:
        return _delivered(body["user"], await self._together.send(body["user"], await self._shown(body), key))

    async def _batch_send(self, users: Sequence[str], shown: Mapping[str, str], key: str) -> dict[str, Any]:
        message = {"robotCode": self._settings.robot, "userIds": list(users), **shown}
        return await self._api.new("/v1.0/robot/oToMessages/batchSend", message, "private", key=key)

    async def _group(self, body: Mapping[str, Any], key: str) -> str:
        where = {"robotCode": self._settings.robot, "openConversationId": body["conversation"]}
        message = {**where, **await self._shown(body)}
        data = await self._api.new("/v1.0/robot/groupMessages/send", message, "group", key=key)
        return _query_key(data)

    async def _shown(self, body: Mapping[str, Any]) -> dict[str, str]:
        """Return msgKey and msgParam; a file is uploaded first."""
        if "file" in body:
            return await upload(self._api, body["file"])
        return {"msgKey": body["msgKey"], "msgParam": body["msgParam"]}

    async def _card(self, body: Mapping[str, Any], key: str) -> str:
        await self._register_card_route()
        how = {"callbackType": "STREAM"}
        if not self._settings.streams:
            how = {"callbackType": "HTTP", "callbackRouteKey": CARD_ROUTE}
        card = delivery(body["card"], body["space"], self._settings.robot)
        sent = {"cardTemplateId": self._settings.card_template_id, **how, **card}
        try:
            data = await self._api.new("/v1.0/card/instances/createAndDeliver", sent, "card", key=key)
        except SendError as error:
            if "outtrackid" in error.code.lower():
                return ""  # an earlier try made this very card, and only its answer was lost
            raise
        result = data.get("result")
        delivered = result.get("deliverResults") if isinstance(result, dict) else None
        if not isinstance(delivered, list) or not all(_ok(one) for one in delivered) or not delivered:
            raise ChannelGone("undelivered", "卡片没有投放成功，改发文字")
        return ""

    async def _register_card_route(self) -> None:
        """Tell DingTalk once where presses go; by Stream they come of themselves (slug register-card-callback-…)."""
        if self._settings.streams or self._card_route_known:
            return
        secret = (self._settings.card_api_secret or self._settings.app_secret).get_secret_value()
        body = {
            "callbackRouteKey": CARD_ROUTE,
            "callbackUrl": self._settings.card_callback_url,
            "apiSecret": secret,
            "forceUpdate": True,
        }
        await self._api.new("/v1.0/card/callbacks/register", body, "card")
        self._card_route_known = True

    async def redraw(self, press: Press) -> None:
        """Show on a card that its press was taken. Raises a `SendError`."""
        await self._api.new("/v1.0/card/instances", redrawn(press), "card", method="PUT")

    async def recall(self, sent: Sequence[Sent]) -> int:
        """Take back what can be within 24 hours; a webhook's message cannot. Raises a `SendError`."""
        gone: set[str] = set()
        # A call that reached several has one key.
        private = list(dict.fromkeys(one.platform_id for one in sent if one.route.channel == "private"))
        for start in range(0, len(private), RECALLED_AT_ONCE):
            keys = [key for key in private[start : start + RECALLED_AT_ONCE] if key]
            gone |= await self._recall("/v1.0/robot/otoMessages/batchRecall", keys, {})
        for one in sent:
            if one.route.channel == "group" and one.platform_id:
                where = {"openConversationId": one.route.body["conversation"]}
                gone |= await self._recall("/v1.0/robot/groupMessages/recall", [one.platform_id], where)
        return sum(1 for one in sent if one.platform_id in gone)

    async def _recall(self, path: str, keys: list[str], where: Mapping[str, str]) -> set[str]:
        if not keys:
            return set()
        body = {"robotCode": self._settings.robot, "processQueryKeys": keys, **where}
        return {str(key) for key in _listed((await self._api.new(path, body, "recall")).get("successResult"))}


def _delivered(user: str, data: Mapping[str, Any]) -> str:
    """Return the query key; raises when the person is listed as not reached, in spite of the 200."""
    if user in _listed(data.get("invalidStaffIdList")):
        raise Permanent("invalidStaffIdList", NO_PERSON.text)
    if user in _listed(data.get("flowControlledStaffIdList")):
        raise RetryLater("flowControlledStaffIdList", "这个人此刻收得太多，钉钉要求稍后再发", FLOW_CONTROL_S)
    return _query_key(data)


def _query_key(data: Mapping[str, Any]) -> str:
    key = data.get("processQueryKey")
    return key if isinstance(key, str) else ""


def _ok(one: Any) -> bool:
    return isinstance(one, dict) and str(one.get("success")).lower() == "true"


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []

"""The half of the WeCom double that speaks: callbacks to the bot, sealed and repeated as WeCom does (doc 90238)."""

import base64
import itertools
import secrets
import time
from dataclasses import dataclass
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.platforms.wecom.crypto import Seal

TRIES = 3
ANSWER_S = 5.0
VERIFY_S = 1.0


@dataclass(frozen=True)
class Delivery:
    """What the bot answered: the status of every try (0 for none in time) and the last body."""

    statuses: list[int]
    body: str

    @property
    def ok(self) -> bool:
        return self.statuses[-1] == 200


class Callbacks:
    """Sends callbacks of one self-built app."""

    corp_id = "ww7d3f0c1e5a9b2468"
    agent_id = 1000017
    token = "yuebaoClerk2026"
    aes_key = "D4acd5OwWi8HWgkORmBJHFl1Y0XeV0TwwGDL2yqf9tY"
    _numbers = itertools.count(7415223608817364481)

    async def say(
        self, callback_url: str, userid: str, text: str, msg_id: str | None = None, **options: bool | int | str
    ) -> Delivery:
        """Deliver a text message of a member; `options` are those of `deliver`."""
        number = msg_id or str(next(self._numbers))
        fields = f"<Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId>"
        return await self.deliver(callback_url, self.xml(userid, "text", fields), **options)

    def xml(self, userid: str, kind: str, fields: str) -> str:
        """Return the plaintext of a message or event; `fields` are its own elements."""
        return (
            f"<xml><ToUserName><![CDATA[{self.corp_id}]]></ToUserName>"
            f"<FromUserName><![CDATA[{userid}]]></FromUserName><CreateTime>{int(time.time())}</CreateTime>"
            f"<MsgType><![CDATA[{kind}]]></MsgType>{fields}<AgentID>{self.agent_id}</AgentID></xml>"
        )

    async def deliver(self, callback_url: str, plaintext: str, **options: bool | int | str) -> Delivery:
        """Seal and post a plaintext; anything but 200 within 5 s is tried again, 3 times in all.

        Options: `forge` and `break_pad` spoil it, `receive_id` addresses another company, `repeat` delivers it that
        often although it was answered.
        """
        seal = Seal(self.token, self.aes_key, str(options.get("receive_id", self.corp_id)))
        encrypted = seal.encrypt(plaintext.encode())
        if options.get("break_pad"):
            encrypted = _with_broken_pad(encrypted)
        url = self._signed(callback_url, encrypted, bool(options.get("forge")))
        body = (
            f"<xml><ToUserName><![CDATA[{self.corp_id}]]></ToUserName><AgentID><![CDATA[{self.agent_id}]]></AgentID>"
            f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        )
        statuses: list[int] = []
        for _ in range(int(options.get("repeat", 1))):
            tried = await _post(url, body)
            statuses += tried.statuses
        return Delivery(statuses, tried.body)

    async def verify_url(self, callback_url: str, *, forge: bool = False) -> Delivery:
        """Check the address as saving it in the console does; 200 only for the bare plaintext within 1 s."""
        echo = str(secrets.randbelow(10**19))
        encrypted = Seal(self.token, self.aes_key, self.corp_id).encrypt(echo.encode())
        url = self._signed(callback_url, encrypted, forge, f"&echostr={quote(encrypted, safe='')}")
        status, body = await _request("GET", url, "", VERIFY_S)
        return Delivery([status if status != 200 or body == echo else 0], body)

    def _signed(self, callback_url: str, encrypted: str, forge: bool, more: str = "") -> URL:
        timestamp, nonce = str(int(time.time())), "1693204871"
        signature = Seal(self.token, self.aes_key, "").sign(timestamp, nonce, encrypted)
        if forge:
            signature = signature[::-1]
        query = f"msg_signature={signature}&timestamp={timestamp}&nonce={nonce}{more}"
        return URL(f"{callback_url}?{query}", encoded=True)


async def _post(url: URL, body: str) -> Delivery:
    statuses: list[int] = []
    while len(statuses) < TRIES and 200 not in statuses:
        status, answer = await _request("POST", url, body, ANSWER_S)
        statuses.append(status)
    return Delivery(statuses, answer)


async def _request(method: str, url: URL, body: str, answer_s: float) -> tuple[int, str]:
    timeout = aiohttp.ClientTimeout(total=answer_s)
    headers = {"Content-Type": "text/xml"} if body else {}
    try:
        async with aiohttp.request(method, url, data=body.encode() or None, headers=headers, timeout=timeout) as answer:
            return answer.status, await answer.text()
    except (aiohttp.ClientError, TimeoutError):
        return 0, ""


def _with_broken_pad(encrypted: str) -> str:
    """Change the last plaintext byte, the pad's length, by way of the block before it: CBC passes the change on."""
    data = bytearray(base64.b64decode(encrypted))
    data[-17] ^= 0xC0
    return base64.b64encode(data).decode()

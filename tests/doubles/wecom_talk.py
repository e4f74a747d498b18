"""The words of WeCom's smart bot double: what people say, callbacks of the other mode, reply addresses, files."""

import base64
import itertools
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from yarl import URL

from bot.platforms.wecom.crypto import Seal
from tests.doubles.wecom import WeComDouble, Window
from tests.doubles.wecom_callbacks import Delivery
from tests.doubles.wecom_content import Body, Refusal, bot_text

URL_LIFE_S = 3600.0
FILE_KEY = "1NqpbIp/i+AL8ZMdY4zpjvBzJkAnoJ2drBSjlapgD1k="


@dataclass(frozen=True)
class Arrived:
    """One message of the bot that people see: `by` is respond, push, url, welcome, update or response."""

    chat: str
    kind: str
    text: str
    by: str
    at: float


class Talk(WeComDouble):
    """A smart bot without a connection: callbacks and reply addresses. Each chat takes 30 a minute and 1000 an hour."""

    bot_id = "aibQ7kD2mVexample0Xw9"
    bot_token = "xiaobaoBotTok26"
    bot_aes_key = "QtOGaFiL2RmrpLcJeQEyFNgEzQzW5GkjCeRfCvEV3pw"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.arrived: list[Arrived] = []
        self.urls: dict[str, tuple[str, float]] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.file_faults = 0
        self.ids = itertools.count(1)
        self._chat_minute: dict[str, Window] = defaultdict(lambda: Window(30, self.window_s))
        self._chat_hour: dict[str, Window] = defaultdict(lambda: Window(1000, self.window_s * 60))

    def add_routes(self, app: web.Application) -> None:
        """Add the reply addresses and the files."""
        app.router.add_post("/cgi-bin/aibot/response", self._take_url)
        app.router.add_get("/files/{id}", self._give_file)

    def message(self, chat: str, sender: str, kind: str, content: Body, msgid: str = "") -> Body:
        """Return the body of a message."""
        number = next(self.ids)
        body: Body = {"msgid": msgid or f"CAIQ{number:08}", "aibotid": self.bot_id, "from": {"userid": sender}}
        body |= {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        return body | {"response_url": self.reply_url(chat or sender), "msgtype": kind, kind: content}

    def press(self, chat: str, sender: str, key: str, task: str) -> Body:
        """Return the body of a press on a card."""
        pressed = {"card_type": "button_interaction", "event_key": key, "task_id": task}
        event = {"eventtype": "template_card_event", "template_card_event": pressed}
        return self.message(chat, sender, "event", event) | {"create_time": int(time.time())}

    def reply_url(self, chat: str) -> str:
        """Give an address that takes one answer within an hour."""
        code = f"code{next(self.ids):08}"
        self.urls[code] = (chat, self.clock())
        return f"{self.base_url}/cgi-bin/aibot/response?response_code={code}"

    def post_file(self, name: str, content: bytes, key: str = FILE_KEY) -> Body:
        """Keep a file encrypted for five minutes; return what stands in a message."""
        number = f"{next(self.ids)}"
        self.files[number] = (name, encrypted(content, key))
        return {"url": f"{self.base_url}/files/{number}?sign=fixture", "aeskey": key}

    def admit(self, chat: str) -> None:
        """Count a message to a chat; refuses what is too much."""
        now = self.clock()
        if not self._chat_minute[chat].admits(now) or not self._chat_hour[chat].admits(now):
            raise Refusal(45009)

    def see(self, chat: str, kind: str, text: str, by: str) -> None:
        """Keep what people see."""
        self.arrived.append(Arrived(chat, kind, text, by, self.clock()))

    # The callback mode

    async def call_back(self, url: str, body: Body, **options: Any) -> Delivery:
        """Post a body to the bot's callback address, sealed; options are those of `deliver_sealed`."""
        sealed = {"encrypt": self._seal().encrypt(json.dumps(body, ensure_ascii=False).encode())}
        return await self.post_sealed(url, sealed, bool(options.get("forge")))

    async def post_sealed(self, url: str, sealed: Body, forge: bool = False) -> Delivery:
        """Post an envelope with its signature, once."""
        signature = self._seal().sign(str(int(time.time())), "1693204871", str(sealed.get("encrypt", "")))
        query = {"msg_signature": signature[::-1] if forge else signature, "timestamp": str(int(time.time()))}
        async with aiohttp.request("POST", URL(url).with_query(query | {"nonce": "1693204871"}), json=sealed) as answer:
            return Delivery([answer.status], await answer.text())

    def opened(self, delivery: Delivery) -> Body:
        """Return the bot's sealed answer in the clear; {} for an empty one."""
        if not delivery.body:
            return {}
        sealed = json.loads(delivery.body)
        values = str(sealed["timestamp"]), sealed["nonce"], sealed["encrypt"]
        assert isinstance(sealed["timestamp"], int)
        assert self._seal().is_signed(sealed["msgsignature"], *values)
        found: Body = json.loads(self._seal().decrypt(sealed["encrypt"]))
        return found

    def _seal(self) -> Seal:
        return Seal(self.bot_token, self.bot_aes_key, "")

    # Reply addresses and files

    async def _take_url(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.requests.append(("url", body))
        try:
            chat, at = self.urls.pop(request.query.get("response_code", ""), ("", 0.0))
            if not chat or self.clock() - at > URL_LIFE_S:
                raise Refusal(60140)
            kind, text = bot_text(body, ("markdown", "template_card"), ())
            self.admit(chat)
        except Refusal as refusal:
            self.refused.append(("url", refusal.code))
            return web.json_response({"errcode": refusal.code, "errmsg": refusal.text})
        self.see(chat, kind, text, "url")
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _give_file(self, request: web.Request) -> web.Response:
        if self.file_faults:
            self.file_faults -= 1
            return web.Response(status=503)
        name, content = self.files[request.match_info["id"]]
        self.requests.append(("file", {"name": name}))
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{URL.build(path=name).raw_path}"}
        return web.Response(body=content, headers=headers)


def encrypted(content: bytes, key: str) -> bytes:
    """Encrypt a file as WeCom does: AES-256-CBC, the first 16 bytes of the key as IV, padded to 32."""
    raw = base64.b64decode(key + "=" * (-len(key) % 4))
    padder = PKCS7(256).padder()
    padded = padder.update(content) + padder.finalize()
    encryptor = Cipher(AES256(raw), CBC(raw[:16])).encryptor()
    return encryptor.update(padded) + encryptor.finalize()

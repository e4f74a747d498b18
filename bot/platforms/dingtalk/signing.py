"""DingTalk's signatures: the robot's (in and out), the card's, and the encrypted envelope of events."""

import base64
import binascii
import hashlib
import hmac
import struct
import warnings
from collections.abc import Mapping
from typing import Any

FRESH_S = 3600  # the platform's own bound on a timestamp, both ways (slugs receive-message, customize-robot-…)


class Refused(Exception):
    """A callback that is not believed; the text says what is wrong and what would be right, for the operator."""


def sign(secret: str, timestamp: str) -> str:
    """Return the robot signature, base64, not URL-encoded (slug customize-robot-security-settings)."""
    digest = hmac.digest(secret.encode(), raw(f"{timestamp}\n{secret}"), hashlib.sha256)
    return base64.b64encode(digest).decode()


def sign_card(secret: str, timestamp: str) -> str:
    """Return the signature of a card press (slug event-callback-card)."""
    return base64.b64encode(hmac.digest(secret.encode(), raw(timestamp), hashlib.sha256)).decode()


def check_robot(headers: Mapping[str, str], secret: str, wall_s: float) -> None:
    """Believe a robot callback, or raise `Refused`; `wall_s` is the real time in seconds since the epoch.

    The signature does not cover the body (slug receive-message): repeats are told by the message id, later.
    """
    if not secret:
        raise Refused("没有配置 platforms.dingtalk.app_secret，无法验证签名；请填入应用的 Client Secret")
    timestamp = headers.get("timestamp", "")
    if not same(headers.get("sign", ""), sign(secret, timestamp)):
        raise Refused(
            "sign 请求头与 app_secret 算出的签名不符；请核对 platforms.dingtalk.app_secret 与开发者后台的 Client Secret"
        )
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 15:
        raise Refused("timestamp 请求头应为毫秒数")
    if abs(wall_s - int(timestamp) / 1000) > FRESH_S:
        raise Refused("timestamp 请求头与本机时间相差超过 1 小时；请校准本机时钟（NTP），旧请求不再接受")


def check_card(headers: Mapping[str, str], secret: str) -> None:
    """Believe a card press, or raise `Refused`."""
    if not secret:
        raise Refused("没有配置 platforms.dingtalk.card_api_secret，无法验证卡片回调")
    timestamp = headers.get("x-ddpaas-signature-timestamp", "")
    if not same(headers.get("x-ddpaas-signature", ""), sign_card(secret, timestamp)):
        raise Refused("x-ddpaas-signature 不符；请核对 platforms.dingtalk.card_api_secret 与注册卡片回调时的 apiSecret")


def same(given: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(raw(given), right.encode())


def raw(text: str) -> bytes:
    """Return the bytes of a header or query value, which may be no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


class Envelope:
    """The encrypted envelope of event callbacks (slug http-callback-overview).

    The owner key is the app key when the subscription was made in the developer console.
    """

    def __init__(self, token: str, aes_key: str, owner: str) -> None:
        # Imported only where events are configured: the SDK takes up to a second and 100 MB to load. It was written
        # for older Pythons and warns when it is compiled.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from dingtalk.crypto import DingTalkCrypto

        self._token = token
        self._crypto = DingTalkCrypto(token, aes_key, owner)

    def open(self, query: Mapping[str, str], encrypt: str) -> str:
        """Return the plain text of an event; raises `Refused` when it is not DingTalk's or not for us."""
        stamp, nonce = query.get("timestamp") or query.get("timeStamp", ""), query.get("nonce", "")
        given = query.get("msg_signature") or query.get("signature", "")
        right = hashlib.sha1(
            raw("".join(sorted((self._token, stamp, nonce, encrypt)))), usedforsecurity=False
        ).hexdigest()
        # The SDK compares again, but not in constant time.
        if not same(given, right):
            raise Refused("事件签名不符；请核对 platforms.dingtalk.event_token 与开发者后台事件订阅的 token")
        return self._decrypt(given, stamp, nonce, encrypt)

    def _decrypt(self, given: str, stamp: str, nonce: str, encrypt: str) -> str:
        from dingtalk.core.exceptions import DingTalkException

        # A bad ciphertext shows as any of these: the SDK checks neither length nor padding.
        broken = (ValueError, IndexError, TypeError, struct.error, binascii.Error, DingTalkException)
        try:
            return str(self._crypto.decrypt_encrypt_str(given, stamp, nonce, encrypt))
        except broken:
            raise Refused(
                "事件解不开；请核对 platforms.dingtalk 的 event_aes_key 和 app_key 与开发者后台一致"
            ) from None

    def seal(self, text: str) -> dict[str, Any]:
        """Return the signed, encrypted answer."""
        answer: dict[str, Any] = self._crypto.encrypt_message(text)
        return answer

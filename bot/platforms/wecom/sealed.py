"""A sealed callback address, of the app or of the smart bot: check the signature, open, or refuse with what to do."""

import json
from urllib.parse import unquote

import structlog
from aiohttp import web

from bot.platforms.wecom.crypto import CryptoError, Seal

log = structlog.get_logger()

RIGHT = {
    "padding": "请核对 EncodingAESKey 与后台一致",
    "length": "请核对 EncodingAESKey 与后台一致",
    "receive id": "请核对 platforms.wecom.corp_id 与后台的企业ID 一致",
    "base64": "应当是 base64 密文",
    "block size": "密文长度应当是 16 的倍数",
}


class Refused(Exception):
    """A request that is not taken in, with what is wrong and what would be right."""

    def __init__(self, status: int, wrong: str, right: str) -> None:
        super().__init__(wrong)
        self.status = status
        self.wrong = wrong
        self.right = right


class Door:
    """One address: `seal` is None while its token and key are not configured; `table` is where they stand."""

    def __init__(self, seal: Seal | None, table: str, what: str) -> None:
        self.seal, self._table, self._what = seal, table, what

    async def verify(self, request: web.Request) -> web.Response:
        """Answer WeCom's check of the address, made while the administrator saves it, with the plaintext alone."""
        try:
            return web.Response(
                body=self.open(request, query_of(request).get("echostr", "")), content_type="text/plain"
            )
        except Refused as refused:
            return refusal(refused)

    def open(self, request: web.Request, encrypted: str) -> bytes:
        """Check the signature over the text as received, then decrypt. WeCom's timestamp is signed but not compared
        with the clock: repeats are caught by message id. Raises Refused."""
        if self.seal is None:
            raise Refused(404, f"没有配置{self._what}的回调", f"请填写 {self._table} 的 token 和 aes_key")
        query = query_of(request)
        values = [query.get(name, "") for name in ("msg_signature", "timestamp", "nonce")]
        if not self.seal.is_signed(values[0], values[1], values[2], encrypted):
            raise Refused(403, "签名不对", f"请核对 {self._table}.token 与后台的 Token 一致")
        try:
            return self.seal.decrypt(encrypted)
        except CryptoError as error:
            raise Refused(400, f"解密失败：{error}", RIGHT[str(error)]) from None


async def content_of(request: web.Request) -> bytes:
    """Return a body of at most a mebibyte. Raises Refused."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        raise Refused(413, "内容太大", "应当不超过 1 MiB") from None


def query_of(request: web.Request) -> dict[str, str]:
    """Decode the query exactly once; unlike in a form a literal + stays a +, for echostr is base64 (doc 90930)."""
    pairs = (pair.partition("=") for pair in request.rel_url.raw_query_string.split("&"))
    return {unquote(name): unquote(value) for name, _, value in pairs}


def refusal(refused: Refused) -> web.Response:
    """Answer what is wrong and what would be right."""
    log.warning("callback refused", action="wecom.callback_refused", status=refused.status, reason=refused.wrong)
    body = json.dumps({"error": refused.wrong, "fix": refused.right}, ensure_ascii=False)
    return web.Response(status=refused.status, text=body, content_type="application/json")

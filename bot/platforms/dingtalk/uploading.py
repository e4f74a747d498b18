"""Media upload by dingtalk-sdk, which blocks: to be called in a thread."""

import logging
import warnings
from typing import Any

from bot.platforms.base import RetryLater
from bot.platforms.dingtalk.refusals import Answer
from bot.platforms.dingtalk.settings import Settings

UPLOAD_S = 60.0

# Both write addresses into the log, and an address holds the token.
for _name in ("dingtalk", "urllib3"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def upload_in_thread(settings: Settings, token: str, kind: str, name: str, content: bytes) -> Answer:
    """Upload by the SDK, blocking; raises `RetryLater` when there is no answer."""
    # The SDK takes up to a second to load, and warns on newer Pythons when it is compiled.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from dingtalk.client import DingTalkClient
        from dingtalk.core.exceptions import DingTalkException
    import requests

    client: Any = DingTalkClient("", timeout=UPLOAD_S, auto_retry=False)
    client.API_BASE_URL = settings.oapi_base + "/"
    client.get_access_token = lambda: {"access_token": token, "expires_in": int(UPLOAD_S)}
    failed = ""
    with requests.Session() as session:
        # Its own session: the SDK's is shared by all threads. Our proxy and trust, and nobody else's.
        session.trust_env = False
        proxy = settings.proxy.get_secret_value()
        session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        session.verify = settings.ca_file or True
        client._http = session
        try:
            return Answer(200, client.message.media_upload(kind, (name, content)))
        except DingTalkException as error:
            if error.errcode is not None:
                return Answer(200, {"errcode": error.errcode, "errmsg": str(error.errmsg)})
            failed = "HTTP"
        except requests.RequestException as error:
            failed = type(error).__name__
    # Outside of `except`: the library's errors hold the address, and that holds the token.
    raise RetryLater("network", f"文件没有传上去（{failed}）")

"""Files come in decrypted and named, and neither foreign hosts nor endless downloads are read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.errors import UserError
from bot.events import File
from bot.platforms.base import Adapter, RetryLater, SendError
from bot.platforms.wecom.crypto import CryptoError, FileOpener
from tests.doubles.wecom import WeComDouble
from tests.doubles.wecom_bot import SmartBotDouble
from tests.doubles.wecom_talk import FILE_KEY, encrypted
from tests.platforms.wecom.conftest import PAYLOADS
from tests.platforms.wecom.listening import CHAT, Listening, listening

CONTENT = "十月月报".encode() * 20_000  # 240 KB: several pieces
MB = 1024**2


@pytest.fixture
async def bot(talk: SmartBotDouble) -> AsyncIterator[Listening]:
    found = await listening(talk).start()
    yield found
    await found.stop()


async def read(adapter: Adapter, file: File, most: int = 20 * MB) -> bytes:
    return b"".join([piece async for piece in adapter.fetch(file, most)])


async def test_file_of_a_private_chat_is_named_and_read(bot: Listening) -> None:
    await bot.double.tell(bot.double.message("", "chenjing", "file", bot.double.post_file("十月 月报.xlsx", CONTENT)))
    file = (await bot.heard()).files[0]

    assert (file.name, file.kind, file.size) == ("十月 月报.xlsx", "file", len(encrypted(CONTENT, FILE_KEY)))
    assert await read(bot.wecom, file) == CONTENT


async def test_quoted_file_of_a_group_is_read(bot: Listening) -> None:
    quote = {"msgtype": "file", "file": bot.double.post_file("方案.docx", b"PK\x03\x04")}
    await bot.double.speak(CHAT, "chenjing", "@小报 这是我们的", quote=quote)
    event = await bot.heard()

    assert (event.text, event.files[0].name) == ("这是我们的", "方案.docx")
    assert await read(bot.wecom, event.files[0]) == b"PK\x03\x04"


async def test_every_picture_of_a_mixed_message_is_read(bot: Listening) -> None:
    items: list[dict[str, Any]] = [{"msgtype": "text", "text": {"content": "@小报 两张图"}}]
    items += [{"msgtype": "image", "image": bot.double.post_file("", f"图{n}".encode())} for n in (1, 2)]
    await bot.double.tell(bot.double.message(CHAT, "chenjing", "mixed", {"msg_item": items}))
    event = await bot.heard()

    assert (event.text, [file.name for file in event.files]) == ("两张图", ["图片", "图片"])
    assert [await read(bot.wecom, file) for file in event.files] == ["图1".encode(), "图2".encode()]


async def test_file_of_the_callback_mode_is_opened_with_the_bots_key(talk: SmartBotDouble) -> None:
    bot = listening(talk, bot={"id": talk.bot_id, "token": talk.bot_token, "aes_key": talk.bot_aes_key})
    found = talk.post_file("月报.xlsx", CONTENT, talk.bot_aes_key)

    assert await read(bot.wecom, File("月报.xlsx", "file", 0, {"url": found["url"]})) == CONTENT
    await bot.stop()


async def test_busy_store_is_asked_again(bot: Listening) -> None:
    found = bot.double.post_file("月报.xlsx", b"content")
    bot.double.file_faults = 2

    assert await read(bot.wecom, File("", "file", 0, found)) == b"content"


async def test_store_that_stays_busy_is_told_as_later(bot: Listening) -> None:
    found = bot.double.post_file("月报.xlsx", b"content")
    bot.double.file_faults = 9

    with pytest.raises(RetryLater):
        await read(bot.wecom, File("", "file", 0, found))


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://localhost/x",
        "http://127.0.0.1.evil.example/x",
        "http://user@127.0.0.1/x",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "//127.0.0.1/x",
        "",
        "http://[::1",
    ],
)
async def test_file_of_a_foreign_host_is_not_fetched(bot: Listening, address: str) -> None:
    with pytest.raises(UserError, match="media_hosts"):
        await read(bot.wecom, File("x", "file", 0, {"url": address, "aeskey": FILE_KEY}))
    await bot.double.tell(bot.double.message("", "chenjing", "file", {"url": address, "aeskey": FILE_KEY}))

    assert (await bot.heard()).files[0].name == "文件"


async def test_file_over_the_limit_is_not_read(bot: Listening) -> None:
    found = bot.double.post_file("大.zip", b"x" * (2 * MB))

    with pytest.raises(UserError, match="最多 1 MB"):
        await read(bot.wecom, File("大.zip", "file", 0, found), MB)


async def test_download_that_does_not_tell_its_length_stops_early(talk: SmartBotDouble) -> None:
    written = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal written
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            for _ in range(1000):
                await response.write(b"x" * 65536)
                written += 65536
        except ConnectionError:
            pass
        return response

    app = web.Application()
    app.router.add_get("/endless", endless)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot = listening(talk)
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/endless"

    with pytest.raises(UserError, match="太大"):
        await read(bot.wecom, File("", "file", 0, {"url": url, "aeskey": FILE_KEY}), MB)
    await bot.stop()
    await runner.cleanup()
    assert written < 8 * MB


@pytest.mark.parametrize("key", ["", "no key!", "AAAA"])
async def test_file_without_a_key_says_so(bot: Listening, key: str) -> None:
    found = bot.double.post_file("月报.xlsx", b"content") | {"aeskey": key}

    with pytest.raises(UserError, match="密钥"):
        await read(bot.wecom, File("", "file", 0, found))


async def test_wrong_key_gives_no_content(bot: Listening) -> None:
    found = bot.double.post_file("月报.xlsx", b"content") | {"aeskey": "A" * 43 + "="}

    with pytest.raises(SendError):
        await read(bot.wecom, File("", "file", 0, found))


@pytest.mark.parametrize("length", [0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 100])
@pytest.mark.parametrize("step", [1, 16, 64])
def test_file_of_every_length_is_opened_in_any_pieces(length: int, step: int) -> None:
    content = bytes(range(length))
    sealed = encrypted(content, FILE_KEY)
    opener = FileOpener(FILE_KEY)

    found = b"".join(opener.update(sealed[at : at + step]) for at in range(0, len(sealed), step))
    assert found + opener.finish() == content


def test_file_that_is_cut_off_is_not_taken_for_whole() -> None:
    opener = FileOpener(FILE_KEY)
    opener.update(encrypted(b"x" * 100, FILE_KEY)[:-16])

    with pytest.raises(CryptoError):
        opener.finish()


# The app's files


async def test_file_sent_to_the_app_is_read_by_its_media_id(wecom: Adapter, double: WeComDouble) -> None:
    double.media["1Yv"] = ("file", "月报.xlsx", CONTENT)

    assert await read(wecom, File("月报.xlsx", "file", 0, {"media_id": "1Yv"})) == CONTENT


@pytest.mark.parametrize("content", [b'{"rows": [1]}', b'{"errcode": 40007}', b"{", b"", b"plain text"])
async def test_file_that_looks_like_an_answer_is_a_file(wecom: Adapter, double: WeComDouble, content: bytes) -> None:
    double.media["1Yv"] = ("file", "a.json", content)

    assert await read(wecom, File("a.json", "file", 0, {"media_id": "1Yv"})) == content


async def test_file_is_read_with_a_fresh_token_when_the_old_one_ended(wecom: Adapter, double: WeComDouble) -> None:
    double.media["1Yv"] = ("file", "月报.xlsx", CONTENT)
    await read(wecom, File("", "file", 0, {"media_id": "1Yv"}))
    double.expire_tokens()

    assert await read(wecom, File("", "file", 0, {"media_id": "1Yv"})) == CONTENT
    assert double.token_calls == 2


async def test_media_id_that_is_gone_is_told(wecom: Adapter, double: WeComDouble) -> None:
    assert PAYLOADS["server_api"]["media_get"]["response_error"]["errcode"] == 40007
    with pytest.raises(SendError) as caught:
        await read(wecom, File("", "file", 0, {"media_id": "gone"}))

    assert caught.value.code == "40007"


async def test_file_sent_to_the_app_over_the_limit_is_not_read(wecom: Adapter, double: WeComDouble) -> None:
    double.media["1Yv"] = ("file", "月报.xlsx", b"x" * (2 * MB))

    with pytest.raises(UserError, match="太大"):
        await read(wecom, File("月报.xlsx", "file", 0, {"media_id": "1Yv"}), MB)

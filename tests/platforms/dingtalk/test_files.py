"""Files are fetched by their code from allowed hosts, up to a limit, and sent by an upload."""

import json

import pytest

from bot.errors import UserError
from bot.events import File
from bot.messages.message import Enclosure, Lines, Message
from bot.platforms.base import Permanent, RetryLater, SendError
from bot.platforms.dingtalk import adapter
from bot.platforms.dingtalk.settings import Settings
from tests.doubles.dingtalk import Fault
from tests.platforms.dingtalk.conftest import CONVERSATION, GROUP, MEMBER, PAYLOADS, PRIVATE, routes

ROBOT = PAYLOADS["robot_messages"]
RECORDED = PAYLOADS["server_api"]
REPORT = File("月报.xlsx", ref={"code": "code1"})


async def content(bot, file=REPORT, most=1 << 20):
    return b"".join([chunk async for chunk in bot.fetch(file, most)])


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("file_single", [("河湾村2026年10月月报.xlsx", "file", "exampleDownloadCodeFile==")]),
        ("picture_single", [("图片.jpg", "image", "exampleDownloadCodePicture2==")]),
        ("picture_group", [("图片.jpg", "image", "exampleDownloadCodePicture==")]),
        ("richText_group", [("图片.jpg", "image", "exampleDownloadCodeRich==")]),
        ("audio_single", [("语音.amr", "voice", "exampleDownloadCodeAudio==")]),
        ("video_single", [("视频.mp4", "video", "exampleDownloadCodeVideo==")]),
        ("text_single", []),
    ],
)
async def test_recorded_message_brings_its_files(name, files, double, callback, ears):
    await double.post(callback, ROBOT[name]["body"])

    assert [(file.name, file.kind, file.ref["code"]) for file in ears.events[0].files] == files


async def test_name_of_a_file_is_no_path(double, callback, ears):
    body = ROBOT["file_single"]["body"]
    await double.post(callback, body | {"content": body["content"] | {"fileName": "../../etc/pass\0wd"}})

    assert ears.events[0].files[0].name == ".._.._etc_pass_wd"


async def test_file_is_fetched_by_its_code(bot, double):
    double.api.files["code1"] = bytes(range(256)) * 1000

    assert await content(bot) == double.api.files["code1"]
    (path, asked) = double.api.bodies[-1]
    recorded = RECORDED["message_file_download"]["request"]
    assert (path, asked.keys()) == ("/v1.0/robot/messageFiles/download", recorded["body"].keys())


async def test_download_over_the_limit_stops_early(bot, double):
    double.api.files["code1"] = b"x" * (8 << 20)
    got = 0

    with pytest.raises(UserError, match="超过 1 MB"):
        async for chunk in bot.fetch(REPORT, 1 << 20):
            got += len(chunk)
    assert got <= 1 << 20


async def test_code_that_ended_says_so(bot):
    with pytest.raises(Permanent, match="重新发一次"):
        await content(bot)


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/latest", "file:///etc/passwd", "https://evil.example/a", "", None, 5]
)
async def test_download_from_a_foreign_host_is_refused(url, bot, double):
    double.fail("download", Fault(200, {"downloadUrl": url}))

    with pytest.raises(UserError, match="下载地址不在允许的主机里"):
        await content(bot)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (RECORDED["message_file_download"]["response"]["body"]["downloadUrl"], True),
        ("http://example-bucket.oss-cn-example.aliyuncs.com/abc.file", False),
        ("https://aliyuncs.com.evil.example/abc.file", False),
        ("https://evilaliyuncs.com/abc.file", False),
        ("https://user@a.aliyuncs.com/abc.file", False),
        ("https://a.aliyuncs.com/abc file", False),
        ("https://a.aliyuncs.com/abc\r\nX: y", False),
        ("https://oapi.dingtalk.com/abc", True),
        ("http://oapi.dingtalk.com/abc", False),
    ],
)
def test_download_host_must_be_ours(url, allowed):
    assert Settings().download_allowed(url) is allowed


async def test_lost_download_is_tried_later(bot, double):
    double.api.files["code1"] = b"x"
    double.fail("download", Fault(200, {"downloadUrl": f"{double.base_url}/nowhere"}))

    with pytest.raises(RetryLater):
        await content(bot)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "stored"
    path.write_bytes(b"the report")
    return lambda name: Message("汇总", (Lines(("见附件",)),), files=(Enclosure(name, str(path)),))


@pytest.mark.parametrize("target", [PRIVATE, GROUP], ids=str)
async def test_file_follows_its_message(target, bot, double, report):
    first, second = routes(bot, report("10月汇总.xlsx"), target)
    await bot.send(first[0], "k#0")
    await bot.send(second[0], "k#1")

    ((media, (kind, name, stored)),) = double.api.media.items()
    assert (kind, name, stored) == ("file", "10月汇总.xlsx", b"the report")
    body = double.api.bodies[-1][1]
    assert body["msgKey"] == "sampleFile"
    assert json.loads(body["msgParam"]) == {"mediaId": media, "fileName": "10月汇总.xlsx", "fileType": "xlsx"}
    assert [shown.to for shown in double.messages][-1] == (MEMBER if target == PRIVATE else CONVERSATION)


async def test_picture_is_shown_as_one(bot, double, report):
    await bot.send(routes(bot, report("进度.png"), PRIVATE)[1][0], "k")

    ((media, (kind, _, _)),) = double.api.media.items()
    assert kind == "image"
    assert double.api.bodies[-1][1]["msgParam"] == json.dumps({"photoURL": media})


async def test_file_of_a_kind_dingtalk_refuses_is_left_out(bot, report):
    assert len(routes(bot, report("数据.csv"), PRIVATE)) == 1


async def test_webhook_only_group_gets_the_words(double, report):
    from bot.platforms.base import GroupConfig

    bot = adapter({"oapi_base": double.base_url}, [GroupConfig("villages", "群", {"webhook": "open"})])

    assert [[route.channel for route in part] for part in routes(bot, report("a.pdf"), GROUP)] == [["webhook"]]


async def test_file_that_is_gone_or_too_large_is_permanent(bot, tmp_path):
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate((20 << 20) + 1)
    for path in (tmp_path / "gone", large):
        message = Message("", (Lines(("见附件",)),), files=(Enclosure("a.pdf", str(path)),))
        with pytest.raises(Permanent):
            await bot.send(routes(bot, message, PRIVATE)[1][0], "k")


async def test_upload_with_a_stale_token_is_repeated_once(bot, double, report):
    await bot.send(routes(bot, report("a.pdf"), PRIVATE)[0][0], "k")
    double.expire()
    await bot.send(routes(bot, report("a.pdf"), PRIVATE)[1][0], "k")

    assert (double.calls["token"], double.calls["upload"], len(double.api.media)) == (2, 2, 1)


async def test_upload_that_fails_is_tried_later_and_tells_no_token(bot, double, report, capsys, caplog):
    double.fail("upload", Fault(500, {}), Fault(reset=True))
    for _ in range(2):
        with pytest.raises(SendError) as caught:
            await bot.send(routes(bot, report("a.pdf"), PRIVATE)[1][0], "k")
        assert isinstance(caught.value, RetryLater)
    (token,) = double.api.tokens

    assert token not in capsys.readouterr().out + caplog.text + repr(caught.value.__context__)

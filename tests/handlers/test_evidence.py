"""Evidence: kept once, with the check-in it belongs to, found again; never demanded."""

import re
from base64 import b64encode

import aiohttp
import pytest

from bot.platforms.sandbox.adapter import Sandbox
from bot.platforms.sandbox.saying import say_in_chat
from bot.storage import files
from tests.conftest import Open
from tests.core.houses import ask, begin, rows
from tests.theatre import Theatre

PUBLIC = "https://drumbeat.example.org"


async def send(house: Theatre, who: str, *sent: tuple[str, bytes], text: str = "", quoted: str = "") -> str:
    """Let a unit's contact (or somebody by account) send files in private; return the answer."""
    person = house.contact(who) if house.plan.find_unit(who) else who
    sandbox = house.bot.adapters["sandbox"]
    assert isinstance(sandbox, Sandbox)
    bodies = [{"name": name, "content": b64encode(content).decode()} for name, content in sent]
    body = {"chat": person, "sender": person, "text": text, "files": bodies, "quoted": quoted}
    await say_in_chat(sandbox, body)
    await house.bot.settle()
    return "\n".join(heard.text for heard in house.new() if heard.to == person)


async def test_a_file_goes_to_the_check_in_of_the_day_and_is_stored_once(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科", public_url=PUBLIC)
    await ask(house, "思政科", "第7项80%")
    answer = await send(house, "思政科", ("印发通知.pdf", b"%PDF same"))
    again = await send(house, "思政科", ("副本.pdf", b"%PDF same"))
    why = await ask(house, "office1", "依据 1")
    token = re.search(rf"{PUBLIC}/files/(\S+)", why)
    assert token is not None, why
    async with aiohttp.ClientSession() as session:
        found = await session.get(f"{house.address}/files/{token[1]}")
        content = await found.read()
        cut = await session.get(f"{house.address}/files/{token[1][:-2]}")

    assert "已收到印发通知.pdf，附在回执 1 号（7 加强中小学班主任队伍建设）后面。" in answer and "回执 1 号" in again
    assert "附件：" in why and "印发通知.pdf（1 KB）" in why
    assert (content, found.headers["Content-Disposition"]) == (
        b"%PDF same",
        "attachment; filename*=UTF-8''%E5%8D%B0%E5%8F%91%E9%80%9A%E7%9F%A5.pdf",
    )
    assert cut.status == 404
    assert len([path for path in (house.folder / "files").rglob("*") if path.is_file()]) == 1
    assert await rows(house.bot.db, "SELECT count(DISTINCT sha256), count(*), max(ref) FROM files") == [(1, 2, "{}")]


async def test_words_that_come_along_are_recorded_and_the_file_is_theirs(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    answer = await send(house, "思政科", ("现场.jpg", b"jpeg"), text="第7项85%")

    assert "回执 1 号（思政科）" in answer and "已收到现场.jpg，和这条放在一起。" in answer
    assert await rows(house.bot.db, "SELECT checkin_id, kind, state FROM files") == [(1, "image", "stored")]


async def test_a_quoted_receipt_says_what_a_file_belongs_to(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await ask(house, "思政科", "第7项80%")
    await ask(house, "思政科", "第7项85%")
    by_receipt = await send(house, "思政科", ("a.docx", b"a"), quoted="已登记，回执 1 号（思政科）\n· 7 …：80%")
    by_words = await send(house, "思政科", ("b.docx", b"b"), quoted="第7项80%")

    assert "附在回执 1 号" in by_receipt and "附在回执 1 号" in by_words


async def test_without_a_check_in_it_is_asked_once_what_a_file_belongs_to(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "组织科")
    asked = await send(house, "思政科", ("总结.docx", b"x"))
    foreign = await ask(house, "思政科", "9")
    answered = await ask(house, "思政科", "第7项")
    async with house.bot.db.read() as tx:
        of_item = await files.files_of(tx, house.plan.key, item="S07")
        of_unit = await files.files_of(tx, house.plan.key, unit="思政科")

    assert "已收到总结.docx。这个文件是哪一项的？" in asked
    assert "“9 党组织领导下的校长负责制”不是您单位牵头的，文件没有附上去" in foreign
    assert answered == "好的，附在“7 加强中小学班主任队伍建设”后面。"
    assert [row.name for row in of_item] == [row.name for row in of_unit] == ["总结.docx"]


async def test_an_answer_that_is_a_report_is_recorded_too(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    await send(house, "思政科", ("总结.docx", b"x"))

    assert "回执 1 号（思政科）" in await ask(house, "思政科", "第7项80%")
    assert await rows(house.bot.db, "SELECT item FROM files") == [("S07",)]


async def test_links_are_kept_and_do_not_disturb_the_report(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    report = await ask(house, "思政科", "第7项80%，见 https://news.example.org/2023/7.html?x=90%25")
    alone = await ask(house, "思政科", "附件：https://docs.example.org/a")
    why = await ask(house, "思政科", "依据 1")

    assert "80%" in report and "回执 1 号" in report
    assert "附在回执 1 号" in alone
    assert "https://news.example.org/2023/7.html?x=90%25" in why and "https://docs.example.org/a" in why


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("病毒.exe", b"MZ", "病毒.exe没有收：这种文件不收，可以发："),
        ("大.pdf", b"x" * (1024**2 + 1), "大.pdf没有收：文件太大，最多 1 MB"),
        ("../../etc/passwd.txt", b"x", "已收到passwd.txt"),
        ("空.txt\u202e", b"x", "已收到空.txt"),
    ],
)
async def test_types_sizes_and_names_are_checked(theatre: Open, name: str, content: bytes, told: str) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    house.bot.world.evidence = type(house.bot.world.evidence)(most=1024**2)

    assert told in await send(house, "思政科", (name, content))


async def test_a_file_that_cannot_be_fetched_is_told_and_nothing_else_is_lost(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    person = house.contact("思政科")
    sandbox = house.bot.adapters["sandbox"]
    assert isinstance(sandbox, Sandbox)
    broken = [{"name": "坏.pdf", "content": "not base64!"}]
    await say_in_chat(sandbox, {"chat": person, "sender": person, "text": "第7项60%", "files": broken})
    await house.bot.settle()
    heard = "\n".join(one.text for one in house.new() if one.to == person)

    assert "回执 1 号" in heard and "坏.pdf没有存下来" in heard and "不发也不影响登记" in heard
    assert await rows(house.bot.db, "SELECT state FROM files") == [("failed",)]


async def test_a_leader_s_file_is_not_kept(theatre: Open) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", leaders=["L3"])

    assert "只有联络员和办公室发的文件才存" in await send(house, "leader3", ("a.pdf", b"x"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("这是第7项的佐证材料，请查收", "附在“7 加强中小学班主任队伍建设”后面。"),
        ("请查收", "这个文件是哪一项的？"),
        ("第7项 90%，见附件", "回执 1 号（思政科）"),
    ],
)
async def test_words_that_only_hand_a_file_over_are_no_report(theatre: Open, words: str, told: str) -> None:
    house = await begin(theatre, "2023-04-24T10:00", "思政科", "督导科")
    answer = await send(house, "思政科", ("a.pdf", b"x"), text=words)

    assert told in answer and "没有登记为进展" not in answer and "百分之几" not in answer

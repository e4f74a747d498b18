"""Archives: everything of one moment, read back, put into either database; a broken one is refused."""

import asyncio
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import UserError
from bot.events import Event
from bot.storage import archive, checkins, inbox, schema
from bot.storage.checkins import Report, Said
from bot.storage.engine import Database, Tx
from bot.storage.tables import FileRow, Member
from bot.storage.vault import Vault
from tests.core.conftest import NOW
from tests.core.houses import rows
from tests.storage.conftest import PLAN


async def receipt(tx: Tx) -> int:
    said = (Said("S07", 30.0, sections={"progress": ["甲"]}),)
    return (await checkins.record(tx, Report(PLAN.key, "思政科", 1, None, NOW, "第7项30%", said, {}))).number


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "files")


async def restored(file: Path, tmp_path: Path) -> Database:
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'restored.db'}")
    await schema.migrate(other, archive.read(file).schema)
    assert await asyncio.to_thread(archive.put_back, other, Vault(tmp_path / "back"), file) == archive.read(file).rows
    return other


async def test_every_receipt_given_before_a_backup_is_in_it_while_writing_goes_on(
    db: Database, vault: Vault, tmp_path: Path
) -> None:
    given: list[int] = []
    stop = asyncio.Event()

    async def report() -> None:
        while not stop.is_set():
            given.append(await db.write(receipt))
            await asyncio.sleep(0.005)

    reporting = asyncio.create_task(report())
    while len(given) < 30:  # noqa: ASYNC110 - it is the writing that is waited for
        await asyncio.sleep(0.01)
    before = set(given)
    await asyncio.to_thread(archive.write, db, vault, tmp_path / "copy.zip", NOW)
    stop.set()
    await reporting
    other = await restored(tmp_path / "copy.zip", tmp_path)
    kept = {number for (number,) in await rows(other, "SELECT number FROM checkins")}
    last = await rows(other, f"SELECT last_receipt FROM plans WHERE key = '{PLAN.key}'")
    await other.close()

    assert before <= kept <= set(given)
    assert last == [(len(kept),)]


async def test_what_is_put_back_is_what_was_there(db: Database, vault: Vault, tmp_path: Path) -> None:
    await db.write(receipt)
    sha256 = vault.keep(b"evidence")
    async with db.begin() as tx:
        number = await inbox.put_new(tx, Event("p", "m", "c", "private", "s", "", NOW))
        file = {"plan": "p", "unit": "u", "member_id": 1, "inbox_id": number, "name": "a.txt", "kind": "file"}
        tx.add(FileRow(**file, size=8, sha256=sha256, state="stored", received_at=NOW))
    made = await asyncio.to_thread(archive.write, db, vault, tmp_path / "copy.zip", NOW)
    other = await restored(tmp_path / "copy.zip", tmp_path)
    again = await asyncio.to_thread(
        archive.write, other, Vault(tmp_path / "back"), tmp_path / "again.zip", NOW + timedelta(days=1)
    )
    await other.close()

    assert (made.absent, made.rows["checkins"], made.rows["members"]) == ((), 1, 4)
    assert Vault(tmp_path / "back").path(sha256).read_bytes() == b"evidence"
    assert again.rows == made.rows
    assert again.digests["tables/members.jsonl"] == made.digests["tables/members.jsonl"]
    assert again.digests["tables/checkins.jsonl"] == made.digests["tables/checkins.jsonl"]


async def test_numbers_go_on_after_what_was_put_back(db_url: str, backend: str, vault: Vault, tmp_path: Path) -> None:
    source = Database(db_url)
    async with source.begin() as tx:
        tx.add(Member(id=41, name="a", created_at=NOW))
    await asyncio.to_thread(archive.write, source, vault, tmp_path / "copy.zip", NOW)
    async with source.begin() as tx:
        await tx.execute(text("DELETE FROM members"))
    assert archive.is_empty(source)
    await asyncio.to_thread(archive.put_back, source, vault, tmp_path / "copy.zip")
    async with source.begin() as tx:
        tx.add(Member(name="b", created_at=NOW))
    found = await rows(source, "SELECT id FROM members ORDER BY id")
    await source.close()

    assert found == [(41,), (42,)]


async def test_a_damaged_archive_is_refused(db: Database, vault: Vault, tmp_path: Path) -> None:
    file, broken = tmp_path / "copy.zip", tmp_path / "broken.zip"
    await asyncio.to_thread(archive.write, db, vault, file, NOW)
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(broken, "w") as changed:
        for name in source.namelist():
            content = source.read(name)
            changed.writestr(name, content.replace(b"office", b"0ffice") if name == "tables/holders.jsonl" else content)
    (tmp_path / "no.zip").write_text("x")

    with pytest.raises(UserError, match=r"holders.jsonl 的内容和登记的不一样"):
        archive.read(broken)
    with pytest.raises(UserError, match="不是鼓点的备份"):
        archive.read(tmp_path / "no.zip")
    assert json.loads(zipfile.ZipFile(file).read("manifest.json"))["schema"] == schema.HEAD

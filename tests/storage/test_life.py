"""Decisions, absences, drafts, spent links and files, on SQLite and PostgreSQL."""

from dataclasses import replace
from datetime import date, timedelta

from bot.domain.members import Post
from bot.domain.policy import Policy
from bot.domain.rounds import rounds_of
from bot.domain.workdays import Workdays
from bot.storage import absences, checkins, decisions, files, forms, inbox, members, rounds
from bot.storage.engine import Database, Tx
from bot.storage.tables import Absence, Decision, FileRow
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN
from tests.storage.test_inbox import EVENT

DAY = date(2023, 4, 24)
KEY = (PLAN.key, "思政科", 1, "1,2")


async def received(tx: Tx, number: int = 1) -> int:
    found = await inbox.put_new(tx, replace(EVENT, message_id=f"m{number}"))
    assert found is not None
    return found


async def test_the_first_answer_to_a_decision_counts(db: Database) -> None:
    async with db.begin() as tx:
        asked = Decision(
            plan=PLAN.key, kind="probe", post="office", summary="x", payload={"a": 1}, asked_by=1, asked_at=NOW
        )
        number = await decisions.put(tx, asked)
    async with db.begin() as tx:
        found = await decisions.find(tx, PLAN.key, number)
        assert found is not None
        first = await decisions.settle(tx, found, "approved", "", 4, NOW)
        second = await decisions.settle(tx, found, "refused", "too late", 4, NOW)
    async with db.read() as tx:
        waiting = await decisions.waiting(tx, PLAN.key, [Post("office")])
        kept = await decisions.find(tx, PLAN.key, number)

    assert (first, second, list(waiting)) == (True, False, [])
    assert kept is not None and (kept.verdict, kept.payload) == ("approved", {"a": 1})


async def test_an_absence_holds_on_its_days_and_lets_the_deputy_in(db: Database) -> None:
    async with db.begin() as tx:
        until = DAY + timedelta(days=2)
        away = Absence(
            plan=PLAN.key, unit="思政科", member_id=1, deputy_id=4, from_on=DAY, until_on=until, noted_at=NOW
        )
        await absences.put(tx, away)
    async with db.read() as tx:
        held = [list(await absences.away_on(tx, PLAN.key, DAY + timedelta(days=n))) for n in (-1, 0, 2, 3)]
        units = [(await members.standpoint(tx, PLAN.key, 4, day)).units for day in (DAY, DAY + timedelta(days=3))]
    async with db.begin() as tx:
        ended = await absences.end(tx, PLAN.key, 1, DAY, NOW)
        after = await absences.away_on(tx, PLAN.key, DAY)

    assert held == [[], ["思政科"], ["思政科"], []]
    assert units == [("思政科",), ()] and list(ended) == ["思政科"] and after == {}


async def test_a_draft_is_replaced_and_a_link_is_spent_once(db: Database) -> None:
    async with db.begin() as tx:
        for text in ("first", "second"):
            await forms.save_draft(tx, KEY, {"w:1": text}, NOW)
        number = await received(tx)
        spent = [await forms.spend(tx, "mark", number, NOW) for _ in range(2)]
        await forms.note_receipt(tx, "mark", {"title": "x"})
    async with db.begin() as tx:
        kept, link = await forms.draft(tx, KEY), await forms.spent(tx, "mark")
        assert kept is not None and link is not None
        await forms.drop_draft(tx, KEY)

    assert (kept.data, spent, link.receipt) == ({"w:1": "second"}, [True, False], {"title": "x"})
    async with db.read() as tx:
        assert await forms.draft(tx, KEY) is None


async def test_files_are_found_by_item_unit_and_check_in(db: Database) -> None:
    async with db.begin() as tx:
        said, alone = await received(tx), await received(tx, 2)
        report = checkins.Report(PLAN.key, "思政科", 1, said, NOW, "第7项80%", (checkins.Said("S07", 80.0),), {})
        checkin = await checkins.record(tx, report)
        rows = [
            FileRow(plan=PLAN.key, unit="思政科", member_id=1, name=name, kind="file", received_at=NOW, **more)
            for name, more in (
                ("with", {"inbox_id": said}),
                ("after", {"inbox_id": alone, "checkin_id": checkin.id}),
                ("item", {"inbox_id": alone, "item": "S07"}),
                ("other", {"inbox_id": alone, "item": "S04"}),
            )
        ]
        ids = await files.put(tx, rows)
    async with db.begin() as tx:
        by_item = [row.name for row in await files.files_of(tx, PLAN.key, item="S07")]
        by_checkin = [row.name for row in await files.files_of(tx, PLAN.key, checkin_id=checkin.id)]
        claimed = await files.claim(tx, NOW)
        assert claimed is not None
        await files.stored(tx, claimed.id, "abc", 3)
        await files.failed(tx, ids[1], "gone")
        left = [row.name for row in await files.files_of(tx, PLAN.key, unit="思政科")]
        later = [await files.any_waiting(tx, NOW), await files.claim(tx, NOW)]

    assert (by_item, by_checkin) == (["with", "after", "item"], ["with", "after"])
    assert left == ["with", "item", "other"]
    assert later[0] and later[1] is not None and later[1].name == "item"


async def test_a_unit_is_excused_and_owes_again(db: Database) -> None:
    async with db.begin() as tx:
        round_ = next(r for r in rounds_of(PLAN, Workdays()) if r.duty.form == "progress")
        await rounds.open_round(tx, PLAN, round_, Policy(), NOW)
        row = await rounds.find(tx, PLAN.key, round_.duty.id, round_.period.key)
        assert row is not None
        done = [await rounds.excuse(tx, row.id, "思政科", at) for at in (NOW, None)]
        await rounds.hand_in(tx, row.id, "思政科", NOW)
        late = await rounds.excuse(tx, row.id, "思政科", NOW)

    assert (done, late) == ([True, True], False)

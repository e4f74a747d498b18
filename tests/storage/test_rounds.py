"""Rounds and asks: unique keys decide what happened already."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.domain.policy import Policy
from bot.domain.rounds import Round, rounds_of
from bot.domain.workdays import Workdays
from bot.storage import checkins, outbox, rounds, standings
from bot.storage.checkins import Report, Said
from bot.storage.engine import Database, Tx
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN

ALL = rounds_of(PLAN, Workdays())
DAY = timedelta(days=1)


def round_of(duty: str, period: str) -> Round:
    return next(found for found in ALL if (found.duty.id, found.period.key) == (duty, period))


async def opened(tx: Tx, duty: str = "monthly", period: str = "2023-04") -> int:
    await rounds.open_round(tx, PLAN, round_of(duty, period), Policy(), NOW)
    return (await rounds.find(tx, PLAN.key, duty, period)).id


async def units(tx: Tx, number: int) -> dict[str, tuple[bool, bool]]:
    """Return {unit: (handed in, excused)}."""
    found = (await rounds.units_of(tx, [number])).get(number, [])
    return {row.unit: (row.handed_in_at is not None, row.excused_at is not None) for row in found}


async def test_a_round_opens_once_with_every_unit_owing(db: Database) -> None:
    async with db.begin() as tx:
        april = round_of("monthly", "2023-04")
        tries = [await rounds.open_round(tx, PLAN, april, Policy(), NOW) for _ in range(2)]
        number = (await rounds.find(tx, PLAN.key, "monthly", "2023-04")).id

        assert tries == [True, False]
        assert await units(tx, number) == dict.fromkeys(PLAN.reporting_units, (False, False))
        assert await rounds.opened(tx, PLAN.key) == {("monthly", "2023-04")}


async def test_the_first_handing_in_counts_and_can_be_taken_back(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx)
        await rounds.hand_in(tx, number, "思政科", NOW)
        await rounds.hand_in(tx, number, "思政科", NOW + DAY)
        (row,) = [row for row in (await rounds.units_of(tx, [number]))[number] if row.unit == "思政科"]
        assert row.handed_in_at == NOW
        await rounds.take_back(tx, number, "思政科")
    async with db.read() as tx:
        assert (await units(tx, number))["思政科"] == (False, False)


async def test_finished_units_are_excused_when_a_round_opens(db: Database) -> None:
    async with db.begin() as tx:
        said = (Said("S07", 100, status="done"),)
        await checkins.record(tx, Report(PLAN.key, "思政科", 1, None, NOW, "", said, {}))
        number = await opened(tx)

        assert {unit for unit, (_, excused) in (await units(tx, number)).items() if excused} == {"思政科"}


async def test_each_unit_is_asked_once_a_step_and_not_when_it_has_reported(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx)
        await rounds.hand_in(tx, number, "思政科", NOW)
        await rounds.put_asks(tx, number, "prompt")
        await rounds.put_asks(tx, number, "prompt")

        assert sorted(await rounds.units_asked(tx, number, "prompt")) == ["督导科", "职成教科"]


async def addressed(tx: Tx, number: int, step: str, cap: int | None) -> Sequence[str]:
    """Ask, and let every ask travel in a message; return who was asked."""
    await outbox.put_many(tx, [{"key": step, "kind": "ask", "platform": "stub", "not_before": NOW}])
    await rounds.put_asks(tx, number, step, cap)
    asked = await rounds.units_asked(tx, number, step)
    carrier = (await outbox.open_ids(tx, [step]))[step]
    await rounds.address_asks(tx, number, step, dict.fromkeys(asked, carrier), {})
    return asked


async def test_a_cap_ends_the_asking(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx)
        asked = [len(await addressed(tx, number, step, 2)) for step in ("prompt", "reminder", "nudge")]

        assert asked == [3, 3, 0]


async def test_an_ask_without_a_message_keeps_its_reason_and_counts_for_no_cap(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx)
        await rounds.put_asks(tx, number, "prompt", 1)
        await rounds.address_asks(tx, number, "prompt", {}, dict.fromkeys(PLAN.reporting_units, "没有联络员"))

        assert len(await addressed(tx, number, "reminder", 1)) == 3


async def test_the_asks_of_a_message_come_with_what_is_owed(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx)
        await addressed(tx, number, "prompt", None)
        carrier = (await outbox.open_ids(tx, ["prompt"]))["prompt"]
        found = await rounds.asks_of(tx, carrier)
        await rounds.drop_asks(tx, [found[0][0].id], "已报送")

        assert {(ask.unit, row.duty, unit.unit) for ask, row, unit in found} == {
            (unit, "monthly", unit) for unit in PLAN.reporting_units
        }


async def test_an_occasion_is_dealt_with_once(db: Database) -> None:
    async with db.begin() as tx:
        tries = [await rounds.put_occasion(tx, PLAN.key, "2023-04-25/group", NOW, "asked") for _ in range(2)]
        await rounds.put_occasion(tx, PLAN.key, "2023-04-24/private", NOW - DAY, "missed")

        assert tries == [True, False]
        assert await rounds.occasions_done(tx, PLAN.key) == {"2023-04-25/group", "2023-04-24/private"}
        assert list(await rounds.occasions_with(tx, PLAN.key, "missed")) == ["2023-04-24/private"]


async def test_chosen_items_make_their_units_owe_the_dispatch(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx, "dispatch", "2023-Q1")
        await rounds.choose_items(tx, number, ["S04"])
        await rounds.choose_items(tx, number, ["S04", "S07"])

        assert await rounds.chosen_items(tx, number) == {"S04", "S07"}
        assert set(await units(tx, number)) == {"督导科", "职成教科", "思政科"}


async def test_a_units_rounds_of_a_stretch_are_found(db: Database) -> None:
    async with db.begin() as tx:
        await opened(tx, "tasks", "2023-03")
        await opened(tx, "tasks", "2023-05")
        await opened(tx, "monthly", "2023-04")
        own = await rounds.of_unit(tx, PLAN.key, "思政科", date(2023, 1, 1), date(2023, 4, 24))
        later = await rounds.of_unit(tx, PLAN.key, "思政科", date(2023, 4, 26), date(2023, 4, 30))

        assert [(row.duty, row.period) for row, _ in own] == [("monthly", "2023-04")]
        assert list(later) == []


async def test_standings_count_due_and_punctual_and_leave_out_the_excused(db: Database) -> None:
    async with db.begin() as tx:
        march, april = await opened(tx, "monthly", "2023-03"), await opened(tx)
        await rounds.hand_in(tx, march, "思政科", NOW)
        await rounds.hand_in(tx, april, "思政科", NOW)
        await rounds.hand_in(tx, april, "督导科", NOW)
        counts = await standings.on_time_counts(tx, PLAN.key, ["monthly"], date(2023, 4, 25))
        early = await standings.on_time_counts(tx, PLAN.key, ["monthly"], date(2023, 4, 24))

        assert counts == {"思政科": (2, 1), "督导科": (2, 1), "职成教科": (2, 0)}
        assert early["思政科"] == (1, 0)
        assert await standings.overdue_units(tx, april) == {"职成教科"}


async def test_figures_are_found_as_they_are_and_as_they_were(db: Database) -> None:
    async with db.begin() as tx:
        for percent, at in ((30, NOW), (50, NOW + DAY)):
            said = (Said("S07", percent),)
            await checkins.record(tx, Report(PLAN.key, "思政科", 1, None, at, "", said, {}))

        assert await standings.lowest_now(tx, PLAN.key) == {"S07": 50}
        assert await standings.lowest_at(tx, PLAN.key, NOW) == {"S07": 30}
        assert await standings.lowest_at(tx, PLAN.key, NOW - DAY) == {}


async def test_a_joint_item_stands_at_the_lower_figure_and_a_silent_partner_leaves_the_others(db: Database) -> None:
    async with db.begin() as tx:
        for unit, percent, at in (("督导科", 80, NOW), ("职成教科", None, NOW), ("职成教科", 40, NOW + DAY)):
            said = (Said("S04", percent, status="in_progress"),)
            await checkins.record(tx, Report(PLAN.key, unit, 1, None, at, "", said, {}))

        assert await standings.lowest_at(tx, PLAN.key, NOW) == {"S04": 80}
        assert await standings.lowest_at(tx, PLAN.key, NOW + DAY) == {"S04": 40}
        assert await standings.lowest_now(tx, PLAN.key) == {"S04": 40}


async def test_a_figure_taken_back_was_never_said(db: Database) -> None:
    async with db.begin() as tx:
        for percent, at in ((30, NOW), (50, NOW + DAY), (70, NOW + 2 * DAY)):
            said = (Said("S07", percent),)
            made = await checkins.record(tx, Report(PLAN.key, "思政科", 1, None, at, "", said, {}))
            if percent == 50:
                await checkins.retract(tx, made, 1, at)

        assert await standings.lowest_at(tx, PLAN.key, NOW + DAY) == {"S07": 30}


async def test_what_was_said_in_a_round_is_gathered_over_its_check_ins(db: Database) -> None:
    async with db.begin() as tx:
        number = await opened(tx, "special", "2023-03")
        for sections in ({"progress": ["甲"]}, {"problems": "none"}):
            report = Report(PLAN.key, "思政科", 1, None, NOW, "", (Said("S07"),), {number: sections})
            checkin = await checkins.record(tx, report)
        assert [row.id for row in await checkins.rounds_of(tx, checkin.id)] == [number]
        items = await checkins.items_said(tx, PLAN.key, "思政科", [number], ["S04", "S07"])
        sections = await checkins.sections_said(tx, [number], "思政科")

    assert items == {number: {"S07", ""}}
    assert sections == {number: {"progress": ["甲"], "problems": "none"}}

"""What a platform may ask of the running bot, against the real database."""

from bot.hosting import Hosting
from bot.messages.message import say
from bot.storage import members, outbox, usage
from tests.core.houses import begin


async def test_a_month_is_counted_by_feature(theatre):
    house = await begin(theatre, "2023-04-03T08:00", "思政科")
    hosting = Hosting(house.bot.db, house.bot.world, house.bot.clock.now, lambda: None)
    shown = [await hosting.spend("dingtalk", "calls", feature) for feature in ("private", "card", "private")]
    await hosting.spend("dingtalk", "messages", "webhook")

    assert [count for _, count in shown] == [1, 2, 3]
    async with house.bot.db.read() as tx:
        assert await usage.of_month(tx, shown[0][0]) == {
            ("dingtalk", "calls", "private"): 2,
            ("dingtalk", "calls", "card"): 1,
            ("dingtalk", "messages", "webhook"): 1,
        }


async def test_the_office_is_told_once(theatre):
    house = await begin(theatre, "2023-04-03T08:00", "思政科")
    woken = []
    hosting = Hosting(house.bot.db, house.bot.world, house.bot.clock.now, lambda: woken.append(1))
    for _ in range(2):
        await hosting.tell_office("budget:2026-12", say("额度快用完了"))
    await house.bot.settle()

    assert [heard.to for heard in house.new() if "额度快用完了" in heard.text] == ["office1"]
    assert woken == [1, 1]


async def test_only_who_is_unbound_is_bound_and_never_twice(theatre):
    house = await begin(theatre, "2023-04-03T08:00", "思政科")
    hosting = Hosting(house.bot.db, house.bot.world, house.bot.clock.now, lambda: None)
    unbound = {person.name: person for person in await hosting.unbound("dingtalk")}
    contact = next(person for person in unbound.values() if person.units == ("思政科",))
    office = next(person for name, person in unbound.items() if "office" in name)

    assert await hosting.bind("dingtalk", contact.member, "u1")
    assert not await hosting.bind("dingtalk", contact.member, "u2")
    assert not await hosting.bind("dingtalk", office.member, "u1")
    assert contact.name not in [person.name for person in await hosting.unbound("dingtalk")]
    assert await hosting.names("dingtalk", ["u1", "nobody"]) == [contact.name]
    async with house.bot.db.read() as tx:
        assert (await members.identities(tx, [contact.member]))[contact.member]["dingtalk"] == "u1"
        assert await outbox.next_due_at(tx) is None

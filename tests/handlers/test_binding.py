"""Coming in by a one-time code."""

from datetime import timedelta

from bot.domain.members import Post
from bot.storage import members
from bot.stories.roster import Enrolled, enrol, fresh_code
from tests.conftest import Open
from tests.core.houses import ask, begin, converse, rows, say_in_group
from tests.theatre import Theatre

WRONG = "这个绑定码不对，或者已经用过、过期了（14 天有效）。请核对，或向办公室要一个新的。"


async def opened(theatre: Open) -> tuple[Theatre, str]:
    """Open a house in whose roster somebody without an account stands; return it with his code."""
    house = await begin(theatre, "2023-04-24T10:00", "思政科")
    now = house.bot.clock.now()
    async with house.bot.db.begin() as tx:
        newcomer, _ = await enrol(tx, house.plan, Enrolled("钱伟", "局办公室", Post("office")), now)
        return house, await fresh_code(tx, newcomer, now)


async def test_a_good_code_works_once(theatre: Open) -> None:
    house, code = await opened(theatre)
    await converse(
        house,
        [
            ("new1", "/help", "您还没有登记"),
            ("new1", "绑定", "请把办公室给的数字码一起发来，例如：绑定 12345678"),
            ("new1", f"绑定 {code}", "钱伟，您好，登记成功。", "深学争优、敢为争先、实干争效行动：办公室"),
            ("new1", "未报", "【未报名单】"),
            ("new2", f"/bind {code}", WRONG),
        ],
    )


async def test_an_expired_code_is_refused(theatre: Open) -> None:
    house, code = await opened(theatre)
    house.bot.clock.set(house.bot.clock.now() + timedelta(days=14))

    assert await ask(house, "new1", f"绑定 {code}") == WRONG


async def test_five_wrong_codes_block_even_the_right_one_for_an_hour(theatre: Open) -> None:
    house, code = await opened(theatre)
    await converse(house, [("new1", f"绑定 {n}", WRONG) for n in range(10_000_000, 10_000_005)])
    await converse(house, [("new1", f"绑定 {code}", "一小时内输错次数太多，请过一小时再试，或联系办公室。")])
    house.bot.clock.set(house.bot.clock.now() + timedelta(minutes=61))

    assert "登记成功" in await ask(house, "new1", f"绑定 {code}")


async def test_a_code_in_a_group_is_refused_and_stays_good(theatre: Open) -> None:
    house, code = await opened(theatre)
    member = await say_in_group(house, "思政科", f"绑定 {code}")
    stranger = await say_in_group(house, "new1", f"绑定 {code}")

    assert member == "绑定码请私聊发给我，不要发在群里。"
    assert stranger == "您还没有登记。请向局办公室要绑定码，然后私聊我：绑定 12345678"
    assert await rows(house.bot.db, "SELECT count(*) FROM bind_codes WHERE used_at IS NULL") == [(1,)]


async def test_a_member_without_a_post_is_told_so(theatre: Open) -> None:
    house, _ = await opened(theatre)
    async with house.bot.db.begin() as tx:
        idle, _ = await members.put(tx, "赵闲", "", None, house.bot.clock.now())
        await members.identify(tx, idle.id, "sandbox", "idle")

    assert "在这个计划里还没有岗位" in await ask(house, "idle", "第7项50%")

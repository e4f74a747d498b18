"""The roster: one person once, accounts, posts and codes."""

from datetime import timedelta

from bot.domain.members import Post
from bot.events import Event
from bot.storage import inbox, members, questions
from bot.storage.engine import Database
from bot.storage.tables import Question
from tests.core.conftest import NOW
from tests.storage.conftest import PLAN

DAY = timedelta(days=1)


async def test_a_person_is_known_by_mobile_else_by_name_and_department(db: Database) -> None:
    async with db.begin() as tx:
        first, new = await members.put(tx, "张敏", "组织科", "13800000001", NOW)
        moved, again = await members.put(tx, "张敏", "财务科", "13800000001", NOW)
        namesake, other = await members.put(tx, "张敏", "财务科", "13900000002", NOW)
        plain, _ = await members.put(tx, "吴平", "组织科", None, NOW)
        completed, known = await members.put(tx, "吴平", "组织科", "13700000003", NOW)

    assert (first.id, new, again, other) == (moved.id, True, False, True)
    assert namesake.id != first.id
    assert (plain.id, completed.mobile, known) == (completed.id, "13700000003", False)


async def test_an_account_belongs_to_one_person_and_a_person_has_one_on_a_platform(db: Database) -> None:
    async with db.begin() as tx:
        await members.identify(tx, 1, "stub", "account")
        await members.identify(tx, 2, "stub", "account")
        ids = await members.identities(tx, [1, 2])
        found = await members.find_by_identity(tx, "stub", "account")

    assert (ids, found.id) == ({2: {"stub": "account"}}, 2)


async def test_a_successor_takes_a_post_over_and_the_old_holder_keeps_his_history(db: Database) -> None:
    post = Post("contact", "思政科")
    async with db.begin() as tx:
        before = (await members.holders(tx, PLAN.key))[post]
        await members.give_post(tx, PLAN.key, post, 4, NOW + DAY)
        await members.give_post(tx, PLAN.key, post, 4, NOW + DAY)
        after = (await members.holders(tx, PLAN.key))[post]
        standpoint = await members.standpoint(tx, PLAN.key, 4)
        left = await members.plans_of(tx, before[0].id)

    assert ([member.id for member in after], left) == ([4], [])
    assert set(standpoint.posts) == {Post("office"), post}


async def test_a_code_works_once_and_a_newer_one_replaces_it(db: Database) -> None:
    async with db.begin() as tx:
        await members.put_bind_code(tx, 4, "11111111", NOW)
        await members.put_bind_code(tx, 4, "22222222", NOW)
        tries = [await members.use_bind_code(tx, code, NOW + DAY) for code in ("11111111", "22222222", "22222222")]

    assert [member.id if member else None for member in tries] == [None, 4, None]


async def test_a_code_dies_after_fourteen_days(db: Database) -> None:
    async with db.begin() as tx:
        await members.put_bind_code(tx, 4, "11111111", NOW)

        assert await members.use_bind_code(tx, "11111111", NOW + members.CODE_LIFE) is None


async def test_wrong_codes_are_counted_by_sender_since_a_moment(db: Database) -> None:
    async with db.begin() as tx:
        for number, (sender, at) in enumerate([("a", NOW), ("a", NOW - DAY), ("b", NOW)]):
            event = Event("stub", str(number), sender, "private", sender, "绑定 1", at)
            await inbox.settle(tx, await inbox.put_new(tx, event), "bind_refused")

        assert await members.failed_binds(tx, "stub", "a", NOW - timedelta(hours=1)) == 1


async def test_who_has_no_account_is_listed_and_gets_one_in_the_sandbox(db: Database) -> None:
    async with db.begin() as tx:
        unbound = [member.name for member in await members.unbound(tx)]
        await members.give_sandbox_ids(tx)
        await tx.flush()
        left = await members.unbound(tx)

    assert (unbound, left) == (["经办"], [])


async def test_a_chosen_plan_is_remembered(db: Database) -> None:
    async with db.begin() as tx:
        await members.choose_plan(tx, 1, PLAN.key)
    async with db.read() as tx:
        assert (await members.get(tx, 1)).current_plan == PLAN.key


async def test_a_newer_question_replaces_the_older_and_dies_with_time(db: Database) -> None:
    def question(about: str) -> Question:
        return Question(plan=PLAN.key, member_id=1, platform="stub", chat="a", payload={"about": about}, asked_at=NOW)

    async with db.begin() as tx:
        await questions.ask(tx, question("item"))
        await tx.flush()
        await questions.ask(tx, question("percent"))
        await tx.flush()

        assert await questions.find_open(tx, 1, "stub", "a", NOW + DAY) == {"about": "percent"}
        assert await questions.find_open(tx, 1, "stub", "a", NOW + questions.LIFE) is None
        assert await questions.find_open(tx, 1, "stub", "elsewhere", NOW) is None
        await questions.settle(tx, 1, "stub", "a", NOW)
        assert await questions.find_open(tx, 1, "stub", "a", NOW) is None

"""Being away: a contact asks for leave or names who reports in his place; who is unknown waits for the office."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.members import Post
from bot.domain.plans import Plan
from bot.domain.world import World
from bot.messages import absences as wording
from bot.messages.message import Message
from bot.storage import absences, members
from bot.storage.engine import Tx
from bot.storage.tables import Absence, Member
from bot.stories.decisions import Question, ask_for_decision
from bot.stories.recipients import contacts_on, notice, tell_member, tell_office

STAND_IN = "stand-in"


@dataclass(frozen=True)
class Away:
    """Which contact of which unit is away, from when until when."""

    plan: Plan
    unit: str
    member: Member
    from_on: date
    until_on: date

    async def note(self, tx: Tx, deputy: Member | None, now: datetime) -> None:
        """Keep it; `deputy` is asked meanwhile, without one the deputy of the roster."""
        await absences.put(
            tx,
            Absence(
                plan=self.plan.key,
                unit=self.unit,
                member_id=self.member.id,
                deputy_id=deputy.id if deputy else None,
                from_on=self.from_on,
                until_on=self.until_on,
                noted_at=now,
            ),
        )


async def take_leave(tx: Tx, world: World, away: Away, deputy_name: str, now: datetime) -> Message:
    """Note a leave; the deputy is told that he is asked now, the office that nobody is."""
    deputy = await known_deputy(tx, away, deputy_name) if deputy_name else None
    await away.note(tx, deputy, now)
    if deputy_name and deputy is None:
        await ask_office_for(tx, world, away, deputy_name, now)
        return wording.on_leave(away.unit, away.until_on, "", asked=(deputy_name, away.plan.receiver))
    asked = (await contacts_on(tx, away.plan, away.from_on)).by_unit.get(away.unit)
    if asked is None:
        note = wording.nobody_instead(away.unit, away.member.name, away.from_on, away.until_on)
        await tell_office(tx, world, away.plan, f"away:{away.unit}:{away.member.id}:{now:%Y%m%d%H%M%S}", now, note)
        return wording.on_leave(away.unit, away.until_on, "", told=away.plan.receiver)
    await tell_deputy(tx, world, away, asked, now)
    return wording.on_leave(away.unit, away.until_on, asked.name)


async def delegate(tx: Tx, world: World, away: Away, name: str, now: datetime) -> Message:
    """Let a colleague of the unit report in the contact's place; somebody else needs the office's consent."""
    deputy = await known_deputy(tx, away, name)
    if deputy is None:
        await ask_office_for(tx, world, away, name, now)
        return wording.delegation_asked(name, away.plan.receiver)
    await away.note(tx, deputy, now)
    await tell_deputy(tx, world, away, deputy, now)
    return wording.delegated(away.unit, deputy.name, away.until_on)


async def known_deputy(tx: Tx, away: Away, name: str) -> Member | None:
    """Return the one colleague of that name: somebody of the unit's department, or who holds one of its posts."""
    held = await members.holders(tx, away.plan.key)
    of_unit = {
        member.id for role in ("contact", "deputy") for member in held.get(Post.parse(f"{role}:{away.unit}"), [])
    }
    found = [
        member
        for member in await members.find_named(tx, name)
        if member.id != away.member.id and (member.department == away.unit or member.id in of_unit)
    ]
    return found[0] if len(found) == 1 else None


async def ask_office_for(tx: Tx, world: World, away: Away, name: str, now: datetime) -> None:
    """Let the office decide whether somebody it does not know as the unit's reports in the contact's place."""
    summary = wording.stand_in_wanted(away.unit, away.member.name, name, away.from_on, away.until_on)
    payload = {
        "unit": away.unit,
        "name": name,
        "from": away.from_on.isoformat(),
        "until": away.until_on.isoformat(),
    }
    question = Question(STAND_IN, summary, wording.UNKNOWN_THERE, payload, asked_by=away.member.id)
    await ask_for_decision(tx, world, away.plan, question, now)


async def tell_deputy(tx: Tx, world: World, away: Away, deputy: Member, now: datetime) -> None:
    """Tell who stands in, where he can be reached."""
    if deputy.id in await members.identities(tx, [deputy.id]):
        text = wording.stands_in(away.unit, away.member.name, away.from_on, away.until_on)
        key = f"stands-in:{away.unit}:{deputy.id}:{away.until_on}:{now:%Y%m%d%H%M%S}"
        await tell_member(tx, world, away.plan, deputy.id, key, notice(away.plan, now, text))

"""Who has not handed in a round: the group's reminder, the office's escalation and /missing ask here."""

from datetime import date

from bot.domain.plans import Plan
from bot.domain.rounds import Round
from bot.messages import words
from bot.messages.message import Mention
from bot.messages.reminders import Missing
from bot.storage import members, rounds
from bot.storage.engine import Tx
from bot.stories.recipients import contacts_by_unit, contacts_on, unit_names


async def missing_in(tx: Tx, plan: Plan, round_: Round, round_id: int, today: date) -> Missing:
    """Return the units that still owe a round, of how many, with those to ring for them today."""
    rows = (await rounds.units_of(tx, [round_id])).get(round_id, [])
    counted = [row for row in rows if row.excused_at is None]
    units = unit_names((row.unit for row in counted if row.handed_in_at is None), plan)
    contacts = (await contacts_on(tx, plan, today)).by_unit
    mentions = tuple(Mention(contacts[unit].id, contacts[unit].name) for unit in units if unit in contacts)
    name = f"{words.period(round_.period.key)}{round_.duty.name}"
    return Missing(name, round_.due_on, units, len(counted), mentions)


async def contact_words(tx: Tx, plan: Plan) -> dict[str, str]:
    """Return each unit's contact in words: name and mobile, for the office only."""
    contacts = contacts_by_unit(plan, await members.holders(tx, plan.key))
    return {unit: " ".join(filter(None, (member.name, member.mobile))) for unit, member in contacts.items()}

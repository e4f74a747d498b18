"""The tables. Plans are data, so rows name units, items and duties by the plan's own keys.

Unique constraints decide what happened already: `inbox` for what came in, `occasions` and `asks` for what the clock
did, `outbox.key` for what goes out.
"""

from bot.storage.tables.absences import Absence
from bot.storage.tables.base import Base, UtcDateTime
from bot.storage.tables.changes import ChangeRow
from bot.storage.tables.checkins import Checkin, CheckinRound, Entry, Figure, Progress
from bot.storage.tables.decisions import Decision
from bot.storage.tables.files import FileRow
from bot.storage.tables.forms import Draft, SpentLink
from bot.storage.tables.members import BindCode, Holder, Identity, Member
from bot.storage.tables.messages import Attempt, Inbox, Outgoing, Question
from bot.storage.tables.notes import Note
from bot.storage.tables.plans import Owner, PlanRow
from bot.storage.tables.registers import Ballot, DrawRow, EntryState, RegisterEntry
from bot.storage.tables.rounds import Ask, Choice, OccasionRow, RoundRow, RoundUnit
from bot.storage.tables.running import Audit, Bucket, Lease, Slot
from bot.storage.tables.usage import Usage

__all__ = [
    "Absence",
    "Ask",
    "Attempt",
    "Audit",
    "Ballot",
    "Base",
    "BindCode",
    "Bucket",
    "ChangeRow",
    "Checkin",
    "CheckinRound",
    "Choice",
    "Decision",
    "Draft",
    "DrawRow",
    "Entry",
    "EntryState",
    "Figure",
    "FileRow",
    "Holder",
    "Identity",
    "Inbox",
    "Lease",
    "Member",
    "Note",
    "OccasionRow",
    "Outgoing",
    "Owner",
    "PlanRow",
    "Progress",
    "Question",
    "RegisterEntry",
    "RoundRow",
    "RoundUnit",
    "Slot",
    "SpentLink",
    "Usage",
    "UtcDateTime",
]

"""The burden rules (减负) of an office: when the bot may speak, and how often."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.workdays import Workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Policy:
    """Times are local to `timezone`; the defaults are the product's."""

    timezone: ZoneInfo = SHANGHAI
    mode: Literal["live", "trial"] = "live"
    first_post: Literal["send", "ask"] = "send"
    remind_at: time = time(9, 0)
    digest_at: time = time(8, 30)
    work_from: time = time(8, 30)
    work_to: time = time(17, 30)
    catch_up_hours: int = 72
    spread_s: int = 90
    asks_per_round: int = 3
    messages_per_month: int = 4

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.timezone)

    def today(self, now: datetime) -> date:
        return self.local(now).date()

    def month(self, moment: datetime) -> str:
        """Return the month a moment falls into, as YYYY-MM."""
        return f"{self.local(moment):%Y-%m}"

    def end_of(self, day: date) -> datetime:
        """Return the last moment that still counts as that day: what comes then is on time."""
        return datetime.combine(day, time.max, tzinfo=self.timezone)

    def start_of(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.timezone)

    def next_sending(self, now: datetime, workdays: Workdays) -> datetime:
        """Return the next working moment that is not before the day's time of reminding (aware, local)."""
        moment = self.next_working_moment(now, workdays)
        return max(moment, datetime.combine(moment.date(), self.remind_at, tzinfo=self.timezone))

    def next_reminding(self, now: datetime, workdays: Workdays) -> datetime:
        """Return the next time of reminding on a working day that is after now (aware, local)."""
        local = self.local(now)
        day = local.date()
        if not workdays.is_workday(day) or local.time() >= self.remind_at:
            day = workdays.after(day)
        return datetime.combine(day, self.remind_at, tzinfo=self.timezone)

    def next_working_moment(self, now: datetime, workdays: Workdays) -> datetime:
        """Return `now`, or the start of the next working hours when it lies outside them (aware, local)."""
        local = self.local(now)
        day = local.date()
        if workdays.is_workday(day) and self.work_from <= local.time() <= self.work_to:
            return local
        if not workdays.is_workday(day) or local.time() > self.work_to:
            day = workdays.after(day)
        return datetime.combine(day, self.work_from, tzinfo=self.timezone)

"""WeCom's address book, as far as the app's visible range shows it (docs 90208, 90200, 95402)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.platforms import directory
from bot.platforms.base import Host, Permanent
from bot.platforms.directory import Colleague
from bot.platforms.wecom.application import Application

NOBODY = frozenset({"46004", "60103", "60111"})  # nobody has the number, or it is none
# Too many numbers that nobody has, more than a fifth of the headcount, block the call for a day (doc 95402).
MISSES = 10


class Directory(directory.Directory):
    """The people the app may see, department by department."""

    platform = "wecom"
    shown = "企业微信"

    def __init__(self, application: Application, host: Host) -> None:
        super().__init__(host)
        self._application = application
        self._missed: set[str] = set()

    async def by_mobile(self, mobile: str) -> str:
        """Return the account of a mobile number, '' when nobody has it; a number is missed once."""
        if mobile in self._missed or len(self._missed) >= MISSES:
            return ""
        try:
            answer = await self._application.post("user/getuserid", {"mobile": mobile})
        except Permanent as error:
            if error.code not in NOBODY:
                raise
            self._missed.add(mobile)
            return ""
        return str(answer.get("userid", "")).casefold()

    async def colleagues(self) -> AsyncIterator[Colleague]:
        """Yield everybody in sight, with the department he was found in."""
        departments = await self._application.get("department/list")
        for department in _rows(departments.get("department")):
            people = await self._application.get("user/simplelist", department_id=str(department.get("id", "")))
            for person in _rows(people.get("userlist")):
                userid, name = str(person.get("userid", "")).casefold(), str(person.get("name", ""))
                if userid:
                    yield Colleague(userid, name, str(department.get("name", "")))


def _rows(given: Any) -> list[Mapping[str, Any]]:
    return [row for row in given if isinstance(row, dict)] if isinstance(given, list) else []

"""DingTalk's address book. Its calls are not in the quota (dossier 4.9)."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from bot.platforms import directory
from bot.platforms.base import Host, SendError
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.inbound import NAME
from bot.platforms.directory import Colleague

ROOT = 1
PAGE = 100
MOST_DEPARTMENTS = 2000
PACE_S = 0.06  # the free edition allows 20 calls a second


class Directory(directory.Directory):
    """The people of the organisation, department by department."""

    platform = NAME
    shown = "钉钉"

    def __init__(self, api: Api, host: Host) -> None:
        super().__init__(host)
        self._api = api

    async def by_mobile(self, mobile: str) -> str:
        """Return the account of a mobile number, '' when nobody has it."""
        try:
            result = await self._ask("/topapi/v2/user/getbymobile", {"mobile": mobile})
        except SendError as error:
            if error.code in ("60121", "40104"):  # nobody has it, or it is none
                return ""
            raise
        return "".join(_text(row, "userid") for row in _rows(result)[:1])

    async def colleagues(self) -> AsyncIterator[Colleague]:
        """Yield everybody, with the department he was found in."""
        for department, name in await self._departments():
            cursor: Any = 0
            while cursor is not None:
                asked = {"dept_id": department, "cursor": cursor, "size": PAGE, "contain_access_limit": False}
                page = next(iter(_rows(await self._ask("/topapi/v2/user/list", asked))), {})
                for row in _rows(page.get("list")):
                    if _text(row, "userid"):
                        yield Colleague(_text(row, "userid"), _text(row, "name"), name)
                cursor = page.get("next_cursor") if str(page.get("has_more")).lower() == "true" else None

    async def _departments(self) -> list[tuple[int, str]]:
        """Return all departments level by level: a call lists one level (dossier 4.9)."""
        found = [(ROOT, "")]
        for parent, _ in found:
            if len(found) > MOST_DEPARTMENTS:
                break
            for row in _rows(await self._ask("/topapi/v2/department/listsub", {"dept_id": parent})):
                number = str(row.get("dept_id", ""))
                if number.isdigit():
                    found.append((int(number), _text(row, "name")))
        return found

    async def _ask(self, path: str, body: Mapping[str, Any]) -> Any:
        await asyncio.sleep(PACE_S)
        return (await self._api.old(path, body)).get("result")


def _rows(given: Any) -> list[Mapping[str, Any]]:
    """Return a list of objects; the published samples show a single object instead (dossier 4.9)."""
    listed = given if isinstance(given, list) else [given]
    return [row for row in listed if isinstance(row, dict)]


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""

"""The address book: finds the accounts of people the roster names and nobody has bound yet.

A person is taken for found only by the mobile, or by a name that is the only one in a department of the same name: a
namesake would be asked for another's work. Calls of the address book are not in the quota (dossier 4.9).
"""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from bot.messages import platforms
from bot.platforms.base import Host, SendError, Unbound
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.inbound import NAME

log = structlog.get_logger()

ROOT = 1
PAGE = 100
MOST_DEPARTMENTS = 2000
DAY_S = 86_400.0
SETTLE_S = 60.0  # events come in bursts
PACE_S = 0.06  # the free edition allows 20 calls a second


@dataclass(frozen=True)
class Colleague:
    """Somebody in the address book, with the department he was found in."""

    user: str
    name: str
    department: str


class Directory:
    """Looks into the address book once a day while somebody is unbound, and soon after people came."""

    def __init__(self, api: Api, host: Host) -> None:
        self._api, self._host = api, host
        self._poked = asyncio.Event()
        self.settle_s = SETTLE_S

    def poke(self) -> None:
        """Look again soon."""
        self._poked.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.look()
            except SendError as error:
                log.warning("no look at the address book", action="dingtalk.directory.failed", code=error.code)
            try:
                await asyncio.wait_for(self._poked.wait(), DAY_S * random.uniform(0.9, 1))  # noqa: S311
                await asyncio.sleep(self.settle_s)
            except TimeoutError:
                pass
            self._poked.clear()

    async def look(self) -> int:
        """Bind whom the address book knows; return how many. Raises a `SendError`."""
        unbound = await self._host.roster.unbound(NAME)
        if not unbound:
            return 0
        found = [(person, user) for person in unbound if person.mobile and (user := await self._by_mobile(person))]
        rest = [person for person in unbound if not person.mobile]
        if rest:
            colleagues = [colleague async for colleague in self._colleagues()]
            found += [(person, user) for person in rest if (user := matching(person, colleagues))]
        bound = [person for person, user in found if await self._host.roster.bind(NAME, person.member, user)]
        log.info(
            "looked at the address book", action="dingtalk.directory.looked", unbound=len(unbound), bound=len(bound)
        )
        if bound:
            known = hashlib.sha256(repr(sorted(person.member for person in bound)).encode()).hexdigest()[:16]
            told = [f"{person.name}（{person.department}）" if person.department else person.name for person in bound]
            await self._host.tell_office(f"dingtalk:recognised:{known}", platforms.recognised("钉钉", told))
        return len(bound)

    async def _by_mobile(self, person: Unbound) -> str:
        try:
            result = await self._ask("/topapi/v2/user/getbymobile", {"mobile": person.mobile})
        except SendError as error:
            if error.code in ("60121", "40104"):  # nobody has it, or it is none
                return ""
            raise
        return "".join(_text(row, "userid") for row in _rows(result)[:1])

    async def _colleagues(self) -> AsyncIterator[Colleague]:
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


def matching(person: Unbound, colleagues: Sequence[Colleague]) -> str:
    """Return the account of the only namesake whose department is the person's, '' where that is not plain."""
    namesakes = [colleague for colleague in colleagues if colleague.name == person.name]
    wanted = {name for name in (person.department, *person.units) if name}
    same = {colleague.user for colleague in namesakes if _same(colleague.department, wanted)}
    return same.pop() if len(same) == 1 else ""


def _same(department: str, wanted: set[str]) -> bool:
    return bool(department) and any(department == name or department in name or name in department for name in wanted)


def _rows(given: Any) -> list[Mapping[str, Any]]:
    """Return a list of objects; the published samples show a single object instead (dossier 4.9)."""
    listed = given if isinstance(given, list) else [given]
    return [row for row in listed if isinstance(row, dict)]


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""

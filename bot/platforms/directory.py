"""A platform's address book: finds the accounts of people the roster names and nobody has bound yet.

A person is taken for found only by the mobile, or by a name that is the only one in a department of the same name: a
namesake would be asked for another's work.
"""

import asyncio
import hashlib
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import structlog

from bot.messages import platforms
from bot.platforms.base import Host, SendError, Unbound

log = structlog.get_logger()

DAY_S = 86_400.0
SETTLE_S = 60.0  # events come in bursts


@dataclass(frozen=True)
class Colleague:
    """Somebody in the address book, with the department he was found in."""

    user: str
    name: str
    department: str


class Directory:
    """Looks into the address book once a day while somebody is unbound, and soon after people came.

    A platform says its name, how it is shown, and how people are found: by mobile, and all of them.
    """

    platform: str
    shown: str
    settle_s = SETTLE_S

    def __init__(self, host: Host) -> None:
        self._host = host
        self._poked = asyncio.Event()

    async def by_mobile(self, mobile: str) -> str:
        """Return the account of a mobile number, '' when nobody has it. Raises a `SendError`."""
        raise NotImplementedError

    def colleagues(self) -> AsyncIterator[Colleague]:
        """Yield everybody the platform shows us. Raises a `SendError`."""
        raise NotImplementedError

    def poke(self) -> None:
        """Look again soon."""
        self._poked.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.look()
            except SendError as error:
                log.warning(
                    "no look at the address book", action="directory.failed", platform=self.platform, code=error.code
                )
            try:
                await asyncio.wait_for(self._poked.wait(), DAY_S * random.uniform(0.9, 1))  # noqa: S311
                await asyncio.sleep(self.settle_s)
            except TimeoutError:
                pass
            self._poked.clear()

    async def look(self) -> int:
        """Bind whom the address book knows; return how many. Raises a `SendError`."""
        unbound = await self._host.roster.unbound(self.platform)
        if not unbound:
            return 0
        found = [
            (person, user) for person in unbound if person.mobile and (user := await self.by_mobile(person.mobile))
        ]
        rest = [person for person in unbound if not person.mobile]
        if rest:
            colleagues = [colleague async for colleague in self.colleagues()]
            found += [(person, user) for person in rest if (user := matching(person, colleagues))]
        bound = [person for person, user in found if await self._host.roster.bind(self.platform, person.member, user)]
        log.info(
            "looked at the address book",
            action="directory.looked",
            platform=self.platform,
            unbound=len(unbound),
            bound=len(bound),
        )
        if bound:
            known = hashlib.sha256(repr(sorted(person.member for person in bound)).encode()).hexdigest()[:16]
            told = [f"{person.name}（{person.department}）" if person.department else person.name for person in bound]
            await self._host.tell_office(f"{self.platform}:recognised:{known}", platforms.recognised(self.shown, told))
        return len(bound)


def matching(person: Unbound, colleagues: Sequence[Colleague]) -> str:
    """Return the account of the only namesake whose department is the person's, '' where that is not plain."""
    namesakes = [colleague for colleague in colleagues if colleague.name == person.name]
    wanted = {name for name in (person.department, *person.units) if name}
    same = {colleague.user for colleague in namesakes if _same(colleague.department, wanted)}
    return same.pop() if len(same) == 1 else ""


def _same(department: str, wanted: set[str]) -> bool:
    return bool(department) and any(department == name or department in name or name in department for name in wanted)

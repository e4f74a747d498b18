"""What the bot does for its platforms while it runs: telling the office, counting, the roster's accounts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import wall_now
from bot.domain.world import World
from bot.messages.message import Message
from bot.platforms.base import Unbound
from bot.storage import members, usage
from bot.storage.engine import Database
from bot.stories.recipients import tell_office


@dataclass(frozen=True)
class Hosting:
    """The database behind `Host`; each call is a transaction of its own."""

    db: Database
    world: World
    now: Callable[[], datetime]
    woken: Callable[[], None]

    async def tell_office(self, key: str, message: Message) -> None:
        """Write to the office of every plan, once for a key."""
        async with self.db.begin() as tx:
            for plan in self.world.plans:
                await tell_office(tx, self.world, plan, f"{key}:{plan.key}", self.now(), message)
        self.woken()

    async def spend(self, platform: str, meter: str, feature: str) -> tuple[str, int]:
        """Count one; return the month by the office's calendar and what the meter shows in it."""
        month = self.world.policy.month(wall_now())
        return month, await self.db.write(usage.spend, platform, month, meter, feature)

    async def spent(self, platform: str) -> Mapping[str, int]:
        """Return what a platform's meters show this month."""
        shown: Counter[str] = Counter()
        async with self.db.read() as tx:
            for (name, meter, _), count in (await usage.of_month(tx, self.world.policy.month(wall_now()))).items():
                if name == platform:
                    shown[meter] += count
        return shown

    async def unbound(self, platform: str) -> Sequence[Unbound]:
        """Return who holds a post and has no account on a platform."""
        found: dict[int, Unbound] = {}
        async with self.db.read() as tx:
            for plan in self.world.plans:
                names = {unit.name for unit in plan.units}
                for post, held in (await members.holders(tx, plan.key)).items():
                    ids = await members.identities(tx, [member.id for member in held])
                    for member in held if post.role != "staff" else ():
                        if platform not in ids.get(member.id, {}):
                            units = (post.scope,) if post.scope in names else ()
                            found[member.id] = Unbound(
                                member.id, member.name, member.department, units, member.mobile or ""
                            )
        return list(found.values())

    async def bind(self, platform: str, member: int, account: str) -> bool:
        """Bind an account that was found, unless one of the two is bound already."""
        async with self.db.begin() as tx:
            bound = platform in (await members.identities(tx, [member])).get(member, {})
            if bound or await members.find_by_identity(tx, platform, account) is not None:
                return False
            await members.identify(tx, member, platform, account)
            return True

    async def names(self, platform: str, accounts: Sequence[str]) -> Sequence[str]:
        """Return the names of those accounts that belong to the roster."""
        async with self.db.read() as tx:
            found = [await members.find_by_identity(tx, platform, account) for account in accounts]
        return [member.name for member in found if member is not None]

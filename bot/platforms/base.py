"""What the bot asks of a platform, and what a platform may raise. A platform module exposes `adapter(...)`.

A platform turns a message into parts (pure), sends one route of one part (I/O), and feeds events to `Host.receive`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from bot.domain.workdays import Workdays
from bot.errors import UserError
from bot.events import File, Receive
from bot.messages.message import Message


@dataclass(frozen=True)
class Limit:
    """At most `count` accepted sends in any `seconds`, counted from the platform's answer."""

    count: int
    seconds: float


@dataclass(frozen=True)
class Target:
    """Where a message goes: a configured group by its id, or a person by the platform's person id."""

    kind: str
    id: str


@dataclass(frozen=True)
class Parcel:
    """One message on its way: `key` is the outbox key, the same for every retry. `route` answers an event."""

    key: str
    target: Target
    message: Message
    route: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """One way to send one part: the channel's name, its pacing bucket and limit, and the body, all JSON."""

    channel: str
    bucket: str
    limit: Limit
    body: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One platform message; its routes are tried in order, the next only when a channel is gone."""

    routes: tuple[Route, ...]


class SendError(Exception):
    """A send that did not succeed: `code` is the platform's, `text` says it for the log (no secret, no address)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class RetryLater(SendError):
    """Busy, throttled or unreachable; try again after `after_s` seconds (None: by back-off).

    `whole_bucket` says that the limit is the bucket's: nothing else may be sent through it until then.
    """

    def __init__(self, code: str, text: str, after_s: float | None = None, *, whole_bucket: bool = False) -> None:
        super().__init__(code, text)
        self.after_s = after_s
        self.whole_bucket = whole_bucket


class ChannelGone(SendError):
    """This channel will not take it (session expired, robot removed); another route may."""


class Permanent(SendError):
    """Will never succeed: content refused, person unknown. The office is told `advice`, in Chinese."""

    def __init__(self, code: str, text: str, advice: str = "") -> None:
        super().__init__(code, text)
        self.advice = advice or text


class NoRoute(UserError):
    """The configuration offers no channel for this target; the text says which setting is missing."""


@dataclass(frozen=True)
class Person:
    """Somebody the sandbox can play: platform id, shown name, role."""

    id: str
    name: str
    role: str


@dataclass(frozen=True)
class Finding:
    """What a probe of `doctor` saw, in Chinese: `name` of what was looked at, and for a fault what to click where."""

    name: str
    ok: bool
    said: str
    fix: str = ""


@dataclass(frozen=True)
class Connection:
    """A connection that is held open: `run` works until it is cancelled. `name` is its lease: one process holds it."""

    name: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Sent:
    """A part that went out: its route, and the platform's id of it."""

    route: Route
    platform_id: str


async def _nobody_told(key: str, message: Message) -> None:
    """Stand in where there is no office."""


@dataclass(frozen=True)
class Unbound:
    """Somebody of the roster without an account on a platform, and by what one could be found."""

    member: int
    name: str
    department: str = ""
    units: tuple[str, ...] = ()
    mobile: str = ""


class Roster(Protocol):
    """What a platform may learn of the roster, and tell it."""

    async def unbound(self, platform: str) -> Sequence[Unbound]:
        """Return who has no account on a platform."""
        ...

    async def bind(self, platform: str, member: int, account: str) -> bool:
        """Bind an account that was found; False when one of the two is bound already: what a person did counts more."""
        ...

    async def names(self, platform: str, accounts: Sequence[str]) -> Sequence[str]:
        """Return the names of those accounts that belong to the roster."""
        ...


class NoRoster:
    """An empty roster."""

    async def unbound(self, platform: str) -> Sequence[Unbound]:
        """Return nobody."""
        return ()

    async def bind(self, platform: str, member: int, account: str) -> bool:
        """Bind nothing."""
        return False

    async def names(self, platform: str, accounts: Sequence[str]) -> Sequence[str]:
        """Return nobody."""
        return ()


async def _uncounted(platform: str, meter: str, feature: str) -> tuple[str, int]:
    """Stand in where nothing is counted."""
    return "", 0


async def _nothing_spent(platform: str) -> Mapping[str, int]:
    """Stand in where nothing is counted."""
    return {}


class Notes(Protocol):
    """What a platform keeps between runs: small JSON by names of its own, shared by all processes."""

    async def load(self) -> Mapping[str, dict[str, Any]]:
        """Return everything noted."""
        ...

    async def put(self, name: str, value: Mapping[str, Any]) -> None:
        """Note something, in the place of what stood there."""
        ...


class MemoryNotes:
    """Notes that last as long as the program."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, Any]] = {}

    async def load(self) -> Mapping[str, dict[str, Any]]:
        """Return everything noted."""
        return dict(self._values)

    async def put(self, name: str, value: Mapping[str, Any]) -> None:
        """Note something."""
        self._values[name] = dict(value)


@dataclass(frozen=True)
class Host:
    """What a platform may ask of the bot while it runs.

    `spend(platform, meter, feature)` counts one and returns the month (YYYY-MM) and what the meter shows in it.
    `spent(platform)` returns what its meters show this month.
    `lease(name)` waits until this process may hold a connection, and holds it while the body runs: the body is
    cancelled when the lease is lost. `tell_office(key, message)` writes to the office of every plan, once for a key.
    """

    receive: Receive
    now: Callable[[], datetime]
    advance: Callable[[datetime], Awaitable[None]]
    set_speed: Callable[[float], None]
    people: Callable[[], Awaitable[Sequence[Person]]]
    speed: Callable[[], float] = lambda: 1.0
    workdays: Workdays = field(default_factory=Workdays)
    lease: Callable[[str], AbstractAsyncContextManager[None]] = lambda name: nullcontext()
    tell_office: Callable[[str, Message], Awaitable[None]] = _nobody_told
    roster: Roster = field(default_factory=NoRoster)
    spend: Callable[[str, str, str], Awaitable[tuple[str, int]]] = _uncounted
    spent: Callable[[str], Awaitable[Mapping[str, int]]] = _nothing_spent
    notes: Notes = field(default_factory=MemoryNotes)


@dataclass(frozen=True)
class GroupConfig:
    """One `[[groups]]` table of a platform: our id, the shown name, and the platform's own keys as written."""

    id: str
    name: str
    keys: Mapping[str, Any]


class Adapter(Protocol):
    """One configured platform. `hosts` are those it may call; `requires_loopback`: it must not be public.

    What has a body here is optional: a platform that cannot do it inherits that.
    """

    name: str

    @property
    def hosts(self) -> frozenset[str]: ...

    @property
    def requires_loopback(self) -> bool: ...

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message as platform messages, split to the platform's limits; pure.

        Raises `NoRoute` when the configuration has no channel for the target.
        """
        ...

    async def send(self, route: Route, key: str) -> str:
        """Send one route once and return the platform's message id, or ''.

        `key` is stable over retries, for platforms that know an idempotency key. Raises a `SendError`.
        """
        ...

    def group_of_chat(self, chat: str) -> str | None:
        """Return our group id for the platform's conversation id, or None."""
        ...

    def mount(self, app: web.Application, host: Host) -> None:
        """Add the platform's HTTP addresses to the application and keep `host` for inbound events."""
        ...

    async def close(self) -> None:
        """Release connections."""
        ...

    def connections(self) -> Sequence[Connection]:
        """Return the connections to be held open from the start of the program to its end."""
        return ()

    def fetch(self, file: File, most: int) -> AsyncIterator[bytes]:
        """Yield the content of a file somebody sent.

        Raises `UserError` when it has more than `most` bytes (and reads no further) or comes from a host that is not
        configured, else a `SendError`.
        """
        raise UserError("这个平台上的文件还取不下来，请把内容写成文字发给我")

    async def recall(self, sent: Sequence[Sent]) -> int:
        """Take back what was sent by mistake; return how many parts are gone. Raises a `SendError`."""
        return 0

    async def probes(self) -> Sequence[Finding]:
        """Look at everything an operator can have set wrong; never raises for what it finds."""
        return ()

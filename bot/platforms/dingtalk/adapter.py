"""DingTalk as a platform: its parts put together."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from aiohttp import web
from yarl import URL

from bot.clock import monotonic
from bot.events import File
from bot.platforms.base import Adapter, ChannelGone, Connection, Finding, Host, Parcel, Part, Route, Sent
from bot.platforms.dingtalk.api import Api
from bot.platforms.dingtalk.budget import Budget
from bot.platforms.dingtalk.callbacks import PATH, Callbacks
from bot.platforms.dingtalk.channels import Channels
from bot.platforms.dingtalk.directory import Directory
from bot.platforms.dingtalk.files import fetch
from bot.platforms.dingtalk.gone import Gone
from bot.platforms.dingtalk.happenings import Happenings
from bot.platforms.dingtalk.hearing import Hearing
from bot.platforms.dingtalk.inbound import NAME
from bot.platforms.dingtalk.listening import Listening
from bot.platforms.dingtalk.probes import Probes
from bot.platforms.dingtalk.sending import Sender
from bot.platforms.dingtalk.settings import Group, Settings
from bot.platforms.dingtalk.stream import Stream
from bot.platforms.dingtalk.tokens import Credentials, TokenKeeper
from bot.platforms.dingtalk.wire import Wire


class DingTalk(Adapter):
    """The adapter."""

    name = NAME
    requires_loopback = False

    def __init__(self, settings: Settings, groups: Sequence[Group]) -> None:
        self._settings = settings
        self._groups = {group.id: group for group in groups}
        self._by_chat = {group.conversation_id: group for group in groups if group.conversation_id}
        self._wire, self._budget, self._credentials = Wire(settings), Budget(settings), Credentials(monotonic)
        tokens = TokenKeeper(self._wire, settings, self._credentials, monotonic)
        self._api = Api(settings, self._wire, tokens, self._budget)
        self._channels = Channels(settings, self._groups, self._budget)
        self._sender = Sender(settings, self._groups, self._wire, self._api, self._budget)
        self._gone = Gone(self._name_of)
        self._hearing: Hearing | None = None
        self._connections: tuple[Connection, ...] = ()

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts this configuration may call; a rehearsal allows loopback only."""
        webhooks = (group.webhook.address for group in self._groups.values() if group.webhook)
        bases = (self._settings.oapi_base, self._settings.api_base, *webhooks)
        extra = (URL(f"http://{host}").host or host for host in self._settings.session_hosts)
        return frozenset((*(URL(base).host or "" for base in bases), *extra))

    def parts(self, parcel: Parcel, now: datetime) -> tuple[Part, ...]:
        """Draw a message; raises `NoRoute` when the configuration has no channel for the target."""
        return self._channels.parts(parcel, now)

    async def send(self, route: Route, key: str) -> str:
        """Send one route once; return the message's id where the platform gives one. Raises a `SendError`."""
        self._gone.check(route)
        try:
            return await self._sender.send(route, key)
        except ChannelGone as error:
            await self._gone.note(route, error)
            raise

    async def recall(self, sent: Sequence[Sent]) -> int:
        """Take back what the server API sent in the last 24 hours; return how many. Raises a `SendError`."""
        return await self._sender.recall(sent)

    def fetch(self, file: File, most: int) -> AsyncIterator[bytes]:
        """Yield a file's content; raises `UserError` for a foreign host and beyond `most` bytes, else a `SendError`."""
        return fetch(self._settings, self._api, self._wire, file, most)

    def group_of_chat(self, chat: str) -> str | None:
        """Return our group id for a conversation id, or None."""
        group = self._by_chat.get(chat)
        return group.id if group else None

    def mount(self, app: web.Application, host: Host) -> None:
        """Add the callback address, and prepare what is held open."""
        self._budget.host = self._gone.host = host
        directory = Directory(self._api, host)
        happenings = Happenings(host, self._name_of, directory.poke)
        self._hearing = Hearing(self._settings, host, happenings, self._sender.redraw)
        app.router.add_post(PATH, Callbacks(self._settings, self._hearing).take)
        self._connections = tuple(self._held(directory, Listening(self._hearing, self._budget)))

    def connections(self) -> Sequence[Connection]:
        """Return Stream and the look into the address book, where the app's key allows them."""
        return self._connections

    async def probes(self) -> Sequence[Finding]:
        """Look at everything an operator can have set wrong."""
        probes = Probes(self._settings, self._groups, self._wire, self._api, self._budget)
        return [finding async for finding in probes.all()]

    async def close(self) -> None:
        """Close the connections."""
        if self._hearing is not None:
            await self._hearing.close()
        await self._budget.settled()
        await self._wire.close()

    def _held(self, directory: Directory, listening: Listening) -> list[Connection]:
        held = []
        if self._settings.streams:
            stream = Stream(self._wire, self._settings, self._credentials, listening.take)
            held.append(Connection("dingtalk:stream", stream.run))
        if self._settings.can_write_privately:
            held.append(Connection("dingtalk:directory", directory.run))
        return held

    def _name_of(self, place: str) -> str:
        """Return the name of a configured group by its id or conversation id, else ''."""
        group = self._groups.get(place) or self._by_chat.get(place)
        return group.name if group else ""

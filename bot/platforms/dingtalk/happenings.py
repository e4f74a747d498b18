"""Events of the organisation: who came, who left, which group is no more (slug configure-stream-push)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.messages import platforms
from bot.platforms.base import Host
from bot.platforms.dingtalk.inbound import NAME

SHOWN = "钉钉"
# Somebody new may be a contact whose account was not known yet.
CAME = frozenset({"chat_add_member", "user_add_org", "user_modify_org", "user_active_org", "org_dept_create"})
GROUP_GONE = "chat_disband"
LEFT = "user_leave_org"


@dataclass(frozen=True)
class Happening:
    """One event: its type, its id ('' where DingTalk gave none), and its fields."""

    kind: str
    event_id: str
    data: Mapping[str, Any]

    def users(self) -> tuple[str, ...]:
        """Return the userids it is about; HTTP events write UserId, Stream events userId."""
        listed = self.data.get("userId", self.data.get("UserId"))
        found = listed if isinstance(listed, list) else [listed]
        return tuple(user for user in found if isinstance(user, str) and user)

    @property
    def conversation(self) -> str:
        """The group it is about, or ''."""
        given = self.data.get("openConversationId", self.data.get("OpenConversationId"))
        return given if isinstance(given, str) else ""


class Happenings:
    """What the bot does about events; everything it does not know is left alone."""

    def __init__(self, host: Host, group_name: Callable[[str], str], people_came: Callable[[], None]) -> None:
        """`group_name` names a configured group by its conversation id; `people_came` asks for a look at the
        address book."""
        self._host, self._group_name, self._people_came = host, group_name, people_came

    async def take(self, happening: Happening) -> None:
        """Take in one event; the same one twice does nothing more."""
        if happening.kind in CAME:
            self._people_came()
        elif happening.kind == LEFT:
            await self._left(happening)
        elif happening.kind == GROUP_GONE and (name := self._group_name(happening.conversation)):
            known = f"dingtalk:disbanded:{happening.conversation}"
            await self._host.tell_office(known, platforms.disbanded(name))

    async def _left(self, happening: Happening) -> None:
        names = await self._host.roster.names(NAME, happening.users())
        if names:
            known = f"dingtalk:left:{happening.event_id or '-'.join(happening.users())}"
            await self._host.tell_office(known[:200], platforms.left(SHOWN, names))


def read_event(plain: Mapping[str, Any]) -> Happening:
    """Read the plain text of an HTTP event, whose fields mix two ways of writing."""
    kind, event_id = plain.get("EventType", ""), plain.get("eventId", plain.get("BizId", ""))
    return Happening(kind if isinstance(kind, str) else "", event_id if isinstance(event_id, str) else "", plain)

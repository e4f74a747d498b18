"""The whole bot behind WeCom's smart bot, for plays and soaks."""

from collections.abc import Sequence
from typing import Any

from bot.app import Bot
from bot.platforms.wecom import WeCom
from tests.doubles.wecom_bot import SmartBotDouble
from tests.platforms.wecom.listening import CHAT, bot_settings
from tests.theatre import GROUP, Heard


class SmartBotStage:
    """The smart bot's double: the long connection for group and private talk."""

    platform = "wecom"

    def __init__(self, **options: Any) -> None:
        self._options = options

    async def open(self, cast: Sequence[str]) -> None:
        self.double = SmartBotDouble(members=tuple(cast), **self._options)
        await self.double.start()

    async def close(self) -> None:
        await self.double.stop()

    def settings(self) -> dict[str, Any]:
        return bot_settings(self.double)

    def group(self) -> dict[str, Any]:
        return {"bot_chatid": CHAT}

    def heard(self) -> list[Heard]:
        return [Heard(GROUP if one.chat == CHAT else one.chat, one.text) for one in self.double.arrived]

    async def say(self, bot: Bot, address: str, person: str, text: str) -> None:
        await self.double.connected()
        await self.double.speak("", person, text)


def connection_of(bot: Bot) -> Any:
    """Return the long connection of a running bot."""
    wecom = bot.adapters["wecom"]
    assert isinstance(wecom, WeCom)
    return wecom._connection

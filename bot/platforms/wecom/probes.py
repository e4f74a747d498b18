"""What `doctor` looks at for WeCom, without posting anything anywhere."""

from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from typing import Any

from bot.platforms.base import Finding, Permanent, SendError
from bot.platforms.wecom.api import Api
from bot.platforms.wecom.application import Application, accepted
from bot.platforms.wecom.chats import Chats
from bot.platforms.wecom.errors import APP_PAGE
from bot.platforms.wecom.ladder import Channels, Ladder
from bot.platforms.wecom.settings import Settings

PROBE_FILE = "连通测试.txt".encode()


class Probes:
    """The probes of one configuration."""

    def __init__(
        self,
        api: Api,
        settings: Settings,
        groups: Mapping[str, Channels],
        chats: Chats,
        ladder: Ladder,
        application: Application | None,
    ) -> None:
        self._api, self._settings, self._groups = api, settings, groups
        self._chats, self._ladder, self._application = chats, ladder, application

    async def all(self) -> Sequence[Finding]:
        """Run every probe that the configuration has something for."""
        found = [finding async for finding in self._app()]
        found += [finding async for finding in self._bot()]
        for group, channels in self._groups.items():
            found += [finding async for finding in self._group(group, channels)]
        if not self._settings.app and not self._settings.bot and not self._groups:
            found.append(Finding("企业微信", False, "一个通道也没有", "请在 [[groups]] 里写一个群和它的 webhook"))
        return found

    async def _app(self) -> AsyncIterator[Finding]:
        app, application = self._settings.app, self._application
        if app is None or application is None:
            return
        token = await _tried("自建应用的 Secret", "企业ID 和 Secret 对", application.tokens.get())
        yield token
        if not token.ok:
            return
        address = await _tried("企业可信IP", "本机的 IP 可以调用", application.get("getcallbackip"))
        yield address
        if address.ok:
            yield await self._agent(application, app.agent_id)
        if not app.receives:
            yield Finding(
                "自建应用收消息",
                False,
                "没有填 token 和 aes_key：能私聊提醒，收不到回答，也不能用带按钮的卡片",
                f"请到{APP_PAGE} → 接收消息 → 设置API接收，把两样填入 platforms.wecom.app",
            )

    async def _agent(self, application: Application, agent_id: int) -> Finding:
        name = "自建应用的 AgentId"
        try:
            answer = await application.get("agent/get", agentid=str(agent_id))
        except SendError as error:
            return _failed(name, error)
        if answer.get("close"):
            return Finding("自建应用", False, "应用停用了", f"请到{APP_PAGE}重新启用")
        return Finding(name, True, f"应用“{answer.get('name', '')}”可以用")

    async def _bot(self) -> AsyncIterator[Finding]:
        bot = self._settings.bot
        if bot is None:
            return
        if not bot.connects and not bot.receives:
            yield Finding(
                "智能机器人",
                False,
                "只写了 id，收不到也发不出",
                "请打开 工作台 → 智能机器人 → 该机器人 → API 模式，选长连接，把 Secret 填入 platforms.wecom.bot.secret",
            )
        if bot.connects:
            yield await self._socket()

    async def _socket(self) -> Finding:
        # It is not subscribed: that would take the bot away from the program that is running.
        name = "智能机器人的长连接"
        try:
            socket = await self._api.connect(self._settings.ws_url)
        except SendError as error:
            fix = "请让防火墙放行本机访问 platforms.wecom.ws_url（443 端口），或填写 proxy"
            return Finding(name, False, f"连不上（{error.code}）", fix)
        await socket.close()
        return Finding(name, True, "连得上；Bot ID 和 Secret 在鼓点运行时验证，不对会告诉办公室")

    async def _group(self, group: str, channels: Channels) -> AsyncIterator[Finding]:
        shown = f"群“{channels.name}”"
        if channels.webhook_key:
            yield await _tried(f"{shown}的消息推送", "Webhook 可用", self._upload(channels.webhook_key))
        bot = self._settings.bot
        if bot and (bot.connects or bot.receives) and not self._chats.chat_of(group):
            said = "智能机器人还不知道这是哪个群"
            code = self._chats.code_of(group)
            yield Finding(f"{shown}的配对", False, said, f"请在这个群里 @ 机器人，发：配对 {code}")
        if not channels.webhook_key and not channels.appchat and not self._chats.chat_of(group):
            fix = f"请在 [[groups]] {group} 里填写 webhook（群设置 → 消息推送 → 添加）"
            yield Finding(shown, False, "没有发送通道", fix)
            return
        ways = self._ladder.shown(group)
        yield Finding(f"{shown}怎么发", True, "；".join(f"{kind}：{way}" for kind, way in ways.items()))

    async def _upload(self, key: str) -> None:
        """Give the robot a file that nobody is shown: the key is judged, the group is not disturbed."""
        query = {"key": key, "type": "file"}
        accepted(await self._api.upload("/cgi-bin/webhook/upload_media", query, "drumbeat.txt", PROBE_FILE))


async def _tried(name: str, good: str, call: Awaitable[Any]) -> Finding:
    try:
        await call
    except SendError as error:
        return _failed(name, error)
    return Finding(name, True, good)


def _failed(name: str, error: SendError) -> Finding:
    advice = error.advice if isinstance(error, Permanent) else "请检查网络、防火墙和 platforms.wecom.proxy，稍后再试"
    head, _, tail = error.text.partition("：")
    return Finding(
        name, False, f"{head}（{error.code}）", tail if tail and not isinstance(error, Permanent) else advice
    )

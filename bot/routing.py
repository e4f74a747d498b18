"""What the stories of `handlers/` register: commands, sentences, files, forms, decisions; and the table of them all."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from bot.domain.members import ROLE_WORDS, Role, Standpoint
from bot.domain.plans import Plan
from bot.domain.world import Group, World
from bot.events import Event
from bot.messages.message import Message
from bot.storage.engine import Tx
from bot.storage.tables import Decision, Member, Question


@dataclass(frozen=True)
class Call:
    """What a handler is given: the event, who speaks, in which plan, and the words after the command."""

    event: Event
    inbox_id: int
    now: datetime
    world: World
    plan: Plan
    member: Member
    standpoint: Standpoint
    args: str = ""
    slash: bool = True
    group: Group | None = None
    commands: tuple["Command", ...] = ()
    deciders: Mapping[str, "Decider"] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.world.policy.today(self.now)

    def question(self, payload: dict[str, Any]) -> Question:
        """Return a question to the speaker, to be answered in this chat."""
        return Question(
            plan=self.plan.key,
            member_id=self.member.id,
            platform=self.event.platform,
            chat=self.event.chat,
            payload=payload,
            asked_at=self.now,
        )


Handler = Callable[[Call, Tx], Awaitable[Message | None]]
Decider = Callable[[Call, Tx, Decision], Awaitable[Message]]


@dataclass(frozen=True)
class Command:
    """A word people type. `roles` may use it; `usage` and `help` are its line in /help, without `help` it has none.

    `says` finds whole sentences that mean the command too, their `args` group being its arguments:
    退回 12 数字不对，请核. Such words are everyday ones: said by somebody else they are no attempt at a command.
    """

    words: tuple[str, ...]
    handler: Handler
    roles: frozenset[Role]
    usage: str
    help: str
    says: re.Pattern[str] | None = None
    topic: str = "其他"


class PassOn(Exception):
    """Raised by a command: it was not meant as one, and the words are read as a reply, or the `text` given instead."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.text = text


class Router:
    """What one module of `handlers/` answers to; `topic` is the heading its commands stand under in /help."""

    def __init__(self, name: str, topic: str = "其他") -> None:
        self.name, self.topic = name, topic
        self.commands: list[Command] = []
        self.reply: Handler | None = None
        self.listeners: list[Handler] = []
        self.deciders: dict[str, Decider] = {}
        self.takers: dict[str, Handler] = {}
        self.stranger: dict[str, Callable[[Event, Tx, str, World, datetime], Awaitable[tuple[Message, str]]]] = {}

    def command(
        self, *words: str, usage: str, help: str, roles: Sequence[Role] = (), says: str = ""
    ) -> Callable[[Handler], Handler]:
        """Register a handler for words; without roles every member may use it."""

        def register(handler: Handler) -> Handler:
            allowed = frozenset(roles or ROLE_WORDS)
            sentences = re.compile(says, re.DOTALL) if says else None
            self.commands.append(Command(words, handler, allowed, usage, help, sentences, self.topic))
            return handler

        return register

    def decides(self, kind: str) -> Callable[[Decider], Decider]:
        """Register what happens when a decision of a kind is answered; it returns what the decider hears.

        The decision it is given holds the verdict and the reason already.
        """

        def register(decider: Decider) -> Decider:
            self.deciders[kind] = decider
            return decider

        return register

    def hears(self) -> Callable[[Handler], Handler]:
        """Register a handler that is offered every word that is no command, before it is read as a reply.

        It raises `PassOn` for what is not for it.
        """

        def register(handler: Handler) -> Handler:
            self.listeners.append(handler)
            return handler

        return register

    def takes(self, brought: Literal["form", "files"]) -> Callable[[Handler], Handler]:
        """Register the handler of what comes with a form or with files, whatever its words are."""

        def register(handler: Handler) -> Handler:
            self.takers[brought] = handler
            return handler

        return register

    def replies(self) -> Callable[[Handler], Handler]:
        """Register the handler of everything that is no command."""

        def register(handler: Handler) -> Handler:
            self.reply = handler
            return handler

        return register

    def strangers(self, *words: str) -> Callable[[Any], Any]:
        """Register a command that somebody unknown may use; it returns the answer and the outcome."""

        def register(handler: Any) -> Any:
            self.stranger.update(dict.fromkeys(words, handler))
            return handler

        return register


@dataclass
class Table:
    """All routers as one table of words."""

    by_word: dict[str, Command] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    stranger: dict[str, Any] = field(default_factory=dict)
    deciders: dict[str, Decider] = field(default_factory=dict)
    listeners: list[Handler] = field(default_factory=list)
    takers: dict[str, Handler] = field(default_factory=dict)
    reply: Handler | None = None

    def add(self, router: Router) -> None:
        for command in router.commands:
            for word in command.words:
                if word in self.by_word:
                    raise RuntimeError(f"command {word!r} is claimed twice, the second time by {router.name}")
                self.by_word[word] = command
            self.commands.append(command)
        self.stranger.update(router.stranger)
        self.listeners += router.listeners
        self.deciders.update(router.deciders)
        self.takers.update(router.takers)
        if router.reply is not None:
            if self.reply is not None:
                raise RuntimeError(f"replies are claimed twice, the second time by {router.name}")
            self.reply = router.reply

    def find(self, text: str, words: dict[str, Any]) -> tuple[Any, str, bool] | None:
        """Return (what the word stands for, arguments, whether said with a slash)."""
        slash = re.match(r"[/／]\s*([A-Za-z]+|[一-鿿]+?)(?=\s|$|\d)\s*(.*)", text, re.DOTALL)
        if slash:
            name = slash[1].lower()
            return (words[name], slash[2].strip(), True) if name in words else None
        # Without a slash only the bare word, or the word and a few short arguments that are no report, is a command.
        plain = re.fullmatch(r"([一-鿿]{2,4})(?:\s+([^%％成:：，。,\n]{1,24}))?", text)
        if plain is None or plain[1] not in words:
            return None
        found, args = words[plain[1]], plain[2] or ""
        takes_args = not isinstance(found, Command) or " " in found.usage
        return (found, args, False) if takes_args or not args else None

    def find_said(self, text: str) -> tuple[Command, str, bool] | None:
        """Return the command a whole sentence means, as `find` does."""
        for command in self.commands:
            said = command.says.fullmatch(text) if command.says else None
            if said is not None:
                return command, said["args"].strip(), False
        return None

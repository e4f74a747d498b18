"""What is said to somebody before a story is told: unknown, unentitled, misunderstood commands."""

from collections.abc import Iterable

from bot.domain.members import ROLE_WORDS, Role
from bot.messages.message import Message, say


def unknown(receiver: str, private: bool) -> Message:
    """Tell somebody unknown how to come in."""
    if private:
        return say(f"您还没有登记，我暂时不能为您办理。请向{receiver}要一个绑定码，再发给我：绑定 12345678")
    return say(f"您还没有登记。请向{receiver}要绑定码，然后私聊我：绑定 12345678")


def no_post(name: str, receiver: str) -> str:
    return f"{name}，您已登记，但在这个计划里还没有岗位（联络员、办公室或领导）。请联系{receiver}。"


def which_plan(names: list[str]) -> str:
    lines = "\n".join(f"{n}. {name}" for n, name in enumerate(names, 1))
    return f"您参加了几个计划，请先选一个，例如回复：计划 1\n{lines}"


def not_entitled(word: str, roles: Iterable[Role], receiver: str) -> Message:
    """Tell somebody politely that a command is not theirs, and whose it is."""
    allowed = "、".join(ROLE_WORDS[role] for role in ROLE_WORDS if role in set(roles))
    return say(f"“{word}”只有{allowed}可以用。您能用的命令请发：帮助。需要权限请联系{receiver}。")


def no_such_command(word: str) -> Message:
    return say(f"没有“{word}”这个命令。看看能用哪些，请发：帮助")


def too_long(length: int, longest: int) -> Message:
    return say(
        f"这条消息有 {length} 个字，太长了，我没有记录。每条请不超过 {longest} 个字：可以按项目分几条发，或只发要点。"
    )


def failed(number: int) -> Message:
    """Apologise for a fault of the program; the words are kept."""
    return say(
        f"抱歉，程序出了故障，这条没有办成，但原话已保存（编号 {number}）。请稍后再发一次；若仍不行，请告诉办公室。"
    )

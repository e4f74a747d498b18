"""What is said about files, pictures and links that people send along."""

from collections.abc import Iterable, Sequence

from bot.messages.message import Message, joined, say


def kept(names: Sequence[str], what: str) -> Message:
    """Confirm what was received, and to what it belongs."""
    return say(f"已收到{joined(names, 5)}，附在{what}后面。")


def kept_with_words(names: Sequence[str]) -> Message:
    return say(f"已收到{joined(names, 5)}，和这条放在一起。")


def which_item(names: Sequence[str]) -> Message:
    """Ask once to what a file belongs."""
    return say(f"已收到{joined(names, 5)}。这个文件是哪一项的？请回项目编号或名称；不是证明材料就不用管。")


def belongs(label: str) -> Message:
    return say(f"好的，附在“{label}”后面。")


def not_yours(label: str) -> str:
    return f"“{label}”不是您单位牵头的，文件没有附上去。请回您单位的项目编号。"


def refused(name: str, why: str) -> str:
    return f"{name}没有收：{why}"


def wrong_type(types: Iterable[str]) -> str:
    return f"这种文件不收，可以发：{joined(types, 12)}"


def too_big(most: int) -> str:
    return f"文件太大，最多 {most // 1024**2} MB。请压缩，或把要点写成文字"


def too_many(most: int) -> str:
    return f"一次最多 {most} 个文件，请分几次发。"


def empty() -> str:
    return "文件是空的"


def no_platform() -> str:
    return "原来的平台已经不用了"


def not_fetched() -> str:
    return "平台一直取不下来，可能已经过期"


def not_for_you() -> Message:
    return say("文件没有存：只有联络员和办公室发的文件才存作证明材料。")


def lost(name: str, reason: str) -> Message:
    """Tell who sent a file that it could not be kept."""
    return say(f"{name}没有存下来：{reason}。需要的话请再发一次；不发也不影响登记。", title="文件没有存下来")


def listed(name: str, size: int, url: str) -> str:
    """总结.docx（12 KB） https://…"""
    told = f"（{_size(size)}）" if size else ""
    return f"{name}{told} {url}".rstrip()


def _size(size: int) -> str:
    return f"{size / 1024**2:.1f} MB" if size >= 1024**2 else f"{max(1, size // 1024)} KB"

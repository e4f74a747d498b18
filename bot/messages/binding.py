"""What is said while somebody comes in."""

from collections.abc import Sequence

from bot.domain.members import POST_WORDS, Standpoint
from bot.messages.message import Message, joined, say


def bound(name: str, posts: Sequence[tuple[str, Standpoint]]) -> Message:
    """Greet a new member with what is expected of him."""
    lines = []
    for plan, standpoint in posts:
        roles = joined(POST_WORDS[post.role] + (f"·{post.scope}" if post.scope else "") for post in standpoint.posts)
        lines.append(f"{plan}：{roles}")
    return say(f"{name}，您好，登记成功。", *lines, "报进展直接说就行；看用法请发：帮助。")


def wrong_code(given: bool) -> Message:
    if not given:
        return say("请把办公室给的数字码一起发来，例如：绑定 12345678")
    return say("这个绑定码不对，或者已经用过、过期了（14 天有效）。请核对，或向办公室要一个新的。")


def too_many_failures() -> Message:
    return say("一小时内输错次数太多，请过一小时再试，或联系办公室。")

"""What the office hears after a post changed hands."""

from bot.domain.members import POST_WORDS, Post
from bot.messages.message import Message, say, stacked


def handed_over(post: Post, name: str, before: str, code: str) -> Message:
    """Confirm a hand-over; somebody without an account gets a code to come in with."""
    who = f"{post.scope}{POST_WORDS[post.role]}"
    since = f"（原为{before}）" if before else ""
    done = say(f"{who}已换成{name}{since}。项目、历史和没报的都不变，以后提醒发给{name}。")
    return stacked(done, come_in(name, code)) if code else done


def come_in(name: str, code: str) -> Message:
    """Say how somebody without an account comes in."""
    return say(f"{name}还没有绑定账号，请把绑定码告诉本人，私聊我发：绑定 {code}（14 天有效）")

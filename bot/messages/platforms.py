"""What the office is told about a chat platform: its quotas, its groups, the people on it."""

from collections.abc import Sequence

from bot.messages.message import Bullets, Lines, Message, joined, say


def deaf(platform: str) -> Message:
    """Say that what people write no longer arrives."""
    return say(
        f"本月{platform}的消息额度用完了：大家发来的话，我收不到内容。",
        "请管理员在开发者后台的“资源用量”购买，或等下月。这几天请电话收报送，再发“代报 单位 内容”给我补记。",
        title="收不到消息了",
    )


def budget(platform: str, what: str, spent: int, limit: int, forecast: int) -> Message:
    """Say how much of a month's quota is spent, and what it comes to by the end of the month."""
    share = spent * 100 // limit
    tight = "接下来我会改走还有余量的通道，能合并的合并。" if share >= 90 else "现在不用做什么。"
    return say(
        f"本月{platform}的{what}已用 {spent}，额度 {limit}（{share}%）；照这样到月底约 {forecast}。",
        f"{tight}额度是全组织共用的，别的应用也在用；要多一些，请管理员在开发者后台的“资源用量”购买。",
        title=f"{platform}额度已用 {share}%",
    )


def left(platform: str, names: Sequence[str]) -> Message:
    """Say who of the roster has left the organisation on a platform."""
    return say(
        f"{joined(names)}已不在{platform}的组织里，提醒发不到了。",
        "换了人请发：移交 单位 新联络员姓名；只是换了账号，请发给本人一个绑定码：drumbeat invite 姓名。",
        title="联络员离开了",
    )


def disbanded(group: str) -> Message:
    """Say that a configured group is no more."""
    return say(
        f"群“{group}”被解散了，群里的提醒发不出去了。",
        "请建好新群、加上机器人，把新的 webhook 填进 config.toml 的这个群，再重启。",
        title="群没有了",
    )


def channel_gone(platform: str, group: str, reason: str) -> Message:
    """Say that one way to send is gone; what had another way went there."""
    where = f"往群“{group}”" if group else ""
    return say(
        f"{where}发消息的一个通道不能用了：{reason}。",
        "有别的通道的消息已改走别的通道；没有的会另外告诉您。弄好以后一小时内自动恢复，或重启立即恢复。",
        title=f"{platform}的一个通道坏了",
    )


def recognised(platform: str, found: Sequence[str]) -> Message:
    """Say whose accounts were found in the platform's address book, so that a namesake is noticed."""
    lines = Lines((f"下面的人在{platform}通讯录里找到了账号，已经绑定，可以提醒：",))
    wrong = Lines(("认错了人，请发给本人一个绑定码：drumbeat invite 姓名，绑定后以本人的为准。",))
    return Message(f"认出了 {len(found)} 个人", (lines, Bullets(tuple(found)), wrong))

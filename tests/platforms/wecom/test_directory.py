"""The app's address book finds accounts of people the roster names, and asks for few numbers in vain."""

from typing import Any

import pytest

from bot.messages.message import Message
from bot.platforms.base import SendError, Unbound
from bot.platforms.wecom import WeCom
from bot.platforms.wecom.directory import MISSES, Directory
from tests.doubles.wecom import WeComDouble
from tests.platforms.rosters import Names
from tests.platforms.wecom.conftest import quiet_host


class Looking:
    """A directory and what came of it."""

    def __init__(self, wecom: WeCom) -> None:
        self.told: list[str] = []
        self.wecom = wecom
        self.roster: Any = Names()

    def over(self, *unbound: Unbound) -> Directory:
        async def tell(key: str, message: Message) -> None:
            self.told.append(message.as_text())

        self.roster = Names(*unbound)
        application = self.wecom._application
        assert application is not None
        return Directory(application, quiet_host(roster=self.roster, tell_office=tell))


@pytest.fixture
def looking(wecom: WeCom) -> Looking:
    return Looking(wecom)


async def test_person_is_found_by_mobile_and_the_office_sees_it(looking: Looking) -> None:
    assert await looking.over(Unbound(1, "陈某", mobile="13800001111")).look() == 1

    assert looking.roster.bound == {1: "chenjing"}
    assert "陈某" in looking.told[0]
    assert "企业微信" in looking.told[0]


async def test_person_is_found_by_name_and_department(looking: Looking) -> None:
    found = await looking.over(
        Unbound(1, "王波", "生产二部"), Unbound(2, "王波", "设备科"), Unbound(3, "李雪", "二部")
    ).look()

    assert (found, looking.roster.bound) == (2, {1: "wangbo", 3: "lixue"})


async def test_numbers_that_nobody_has_are_asked_for_once_and_few(looking: Looking, double: WeComDouble) -> None:
    directory = looking.over(*(Unbound(n, f"人{n}", mobile=f"1390000{n:04}") for n in range(50)))
    for _ in range(3):
        assert await directory.look() == 0

    assert len([1 for channel, _ in double.requests if channel == "user/getuserid"]) == MISSES


async def test_missing_right_is_named(looking: Looking, double: WeComDouble) -> None:
    double.fail_next(channel="user/getuserid", errcode=48002)

    with pytest.raises(SendError, match="48002"):
        await looking.over(Unbound(1, "陈静", mobile="13800001111")).look()


async def test_nothing_is_asked_while_everybody_is_bound(looking: Looking, double: WeComDouble) -> None:
    assert await looking.over().look() == 0
    assert double.requests == []

"""Which entries of a register are the same one."""

from datetime import date

from bot.domain.entries import once_key
from tests.domain.packs import pack

DAY = date(2021, 10, 20)


def key(code: str, register: str, unit: str, **values: object) -> str | None:
    found = pack(code).find_register(register)
    assert found is not None
    return once_key(found, unit, values, DAY)


def test_a_second_reading_day_of_a_week_replaces_the_first() -> None:
    assert key("HN", "reading_day", "教师处", topic="一") == key("HN", "reading_day", "教师处", topic="二")
    assert key("HN", "reading_day", "教师处") != key("HN", "reading_day", "基教处")


def test_two_trainings_of_a_person_are_two_while_no_course_is_named() -> None:
    assert key("HU", "training", "甲", person="张三", hours=40) is None


def test_the_same_segment_of_a_course_is_a_correction() -> None:
    first = key("HU", "training", "甲", person="张三", course="中青班", segment=1, hours=40)
    assert first == key("HU", "training", "甲", person="张三", course="中青班", segment=1, hours=48)
    assert first != key("HU", "training", "甲", person="张三", course="中青班", segment=2, hours=40)

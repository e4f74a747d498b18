"""What a unit still owes a round after what it has said."""

from dataclasses import replace

import pytest

from bot.documents.planfiles import load_plan
from bot.domain.checkins import Owed, Spoken, items_owed_by, judge
from bot.domain.rounds import Round, rounds_of
from bot.domain.workdays import Workdays

PLAN = load_plan("quanzhou-2023")
NOTHING = Spoken()


def round_of(duty: str, period: str) -> Round:
    return next(found for found in rounds_of(PLAN, Workdays()) if (found.duty.id, found.period.key) == (duty, period))


def owed(duty: str, unit: str, spoken: Spoken = NOTHING, done: tuple[str, ...] = (), period: str = "2023-03") -> Owed:
    found = round_of(duty, period)
    return judge(found.duty, items_owed_by(PLAN, found.duty, found.period, unit), done, spoken)


def ids(found: Owed) -> list[str]:
    return [item.id for item in found.items]


def test_a_unit_owes_a_word_on_each_of_its_items() -> None:
    assert ids(owed("monthly", "中教科")) == ["S18", "S19", "S20"]


@pytest.mark.parametrize("unit", ["督导科", "职成教科"])
def test_each_division_of_a_joint_item_owes_it(unit: str) -> None:
    assert "S04" in ids(owed("monthly", unit))


def test_items_spoken_of_or_done_are_not_asked_again() -> None:
    assert ids(owed("monthly", "中教科", Spoken(items={"S18"}), done=("S20",))) == ["S19"]


def test_a_unit_without_items_owes_any_word() -> None:
    assert owed("monthly", "规划建设科").word
    assert owed("monthly", "规划建设科", Spoken(any_word=True)).nothing


def test_a_special_report_names_the_missing_section() -> None:
    found = owed("special", "督导科", Spoken(sections={"progress": "…", "next": "…"}))
    assert (found.sections, found.section_names) == (("problems",), ("存在问题",))


def test_a_percentage_alone_is_no_special_report() -> None:
    spoken = Spoken(items={"S18", "S19", "S20"}, any_word=True)
    assert owed("monthly", "中教科", spoken).nothing
    assert len(owed("special", "中教科", spoken).sections) == 3


def test_three_sections_are_a_special_report() -> None:
    sections = {"progress": "…", "problems": "无", "next": "…"}
    assert owed("special", "督导科", Spoken(sections=sections)).nothing


def test_a_summary_is_owed_as_text() -> None:
    assert owed("half_year", "督导科", Spoken(any_word=True), period="2023-H1").word
    assert owed("half_year", "督导科", Spoken(summary=True), period="2023-H1").nothing


def test_month_tasks_are_owed_by_their_owner_until_done() -> None:
    found = round_of("tasks", "2023-03")
    own = tuple(replace(PLAN.item(item), units=("督导科",)) for item in ("M03-01", "M03-02"))
    assert ids(judge(found.duty, own, ("M03-01",), Spoken(items={"M03-02"}))) == ["M03-02"]


def test_tasks_without_an_owner_are_owed_by_nobody() -> None:
    assert owed("tasks", "督导科").nothing

"""simulate: a stretch played by synthetic contacts, the same each time."""

import pytest

from bot.cli.scaling import scaled
from bot.documents.planfiles import load_plan
from tests.cli.conftest import Shell

APRIL = ("simulate", "quanzhou-2023", "--from", "2023-04-20", "--to", "2023-04-28", "--units", "10")


def test_a_month_counts_who_was_on_time_late_and_silent(shell: Shell) -> None:
    found = shell.data(*APRIL)

    assert (found["units"], found["said"], found["recorded"]) == (10, 9, 9)
    # One of ten is late, a second answers late, the tenth never: the pattern is fixed.
    assert found["duties"] == {"on_time": 7, "late": 2, "missed": 1, "excused": 0}
    assert found["sent"]["reply"] == 9
    assert found["burden"]["per_contact_month"]["max"] >= 1
    assert found["burden"]["per_group_month"]["main"]["2023-04"] == found["sent"]["group"]
    assert found["calls"]["2023-04"]["total"] >= sum(found["sent"].values())


def test_people_read_it_in_words_and_the_real_database_is_not_touched(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRUMBEAT_DATABASE__URL", "sqlite+aiosqlite:///real.db")
    result = shell.run(*APRIL[:-2], "--units", "2")

    assert result.exit_code == 0
    assert "每位联络员每月平均" in result.stdout and "2 个报送单位" in result.stdout
    assert list(shell.folder.iterdir()) == []


def test_days_in_the_wrong_order_are_refused(shell: Shell) -> None:
    result = shell.run("simulate", "quanzhou-2023", "--from", "2023-05-01", "--to", "2023-04-01")

    assert result.exit_code == 1
    assert "应把早的写在前面" in result.output


def test_a_plan_is_made_larger_or_smaller() -> None:
    plan = load_plan("quanzhou-2023")
    large, small = scaled(plan, 60, 200), scaled(plan, 3, 5)

    assert (len(large.reporting_units), len(large.items)) == (60, 200)
    assert len({item.id for item in large.items}) == 200
    assert (len(small.reporting_units), len(small.items)) == (3, 5)
    assert all(small.find_unit(unit) for item in small.items for unit in item.units)

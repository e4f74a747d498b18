"""Finding and reading plan files."""

from pathlib import Path

import pytest

from bot.documents import planfiles
from bot.documents.planfiles import demo_pack, find_plan, load_plan, pack_names
from bot.domain.planfile import PlanFaults
from bot.errors import ConfigError

SMALL = '[plan]\nkey = "small"\nname = "{year}年小计划"\nyear = 2023\n'


def plan_file(folder: Path, text: str = SMALL) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "plan.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    monkeypatch.setattr(planfiles, "PACK_FOLDERS", (folder, tmp_path / "plans"))
    return folder


def test_a_plan_is_found_by_file_folder_or_name(packs: Path) -> None:
    path = plan_file(packs / "one")
    assert [find_plan(name) for name in (str(path), str(packs / "one"), "one")] == [path] * 3


def test_the_checkout_carries_the_quanzhou_pack() -> None:
    assert "quanzhou-2023" in pack_names()
    assert load_plan("quanzhou-2023").name == "深学争优、敢为争先、实干争效行动"


@pytest.mark.parametrize("name", ["three", "", ".", "../one", "one/plan", "absent.toml"])
def test_an_unknown_name_lists_the_packs(packs: Path, name: str) -> None:
    plan_file(packs / "one")
    plan_file(packs / "two")
    with pytest.raises(ConfigError, match=r"找不到计划.*：one、two$"):
        find_plan(name)


def test_packs_beside_the_package_serve_a_checkout(packs: Path) -> None:
    packs.rmdir()
    plan_file(packs.parent / "plans" / "one")
    assert pack_names() == ["one"]


def test_the_wheel_without_packs_says_so(packs: Path) -> None:
    with pytest.raises(ConfigError, match="（没有）"):
        find_plan("one")


def test_a_plan_rolls_to_another_year(tmp_path: Path) -> None:
    plan = load_plan(str(plan_file(tmp_path)), 2026)
    assert (plan.key, plan.name, plan.year) == ("small@2026", "2026年小计划", 2026)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load_plan(str(plan_file(tmp_path, "\ufeff" + SMALL))).key == "small"


@pytest.mark.parametrize(
    ("text", "place"),
    [("[plan]\nkey = \n", r"plan\.toml 第 2 行第 7 列"), ("[plan]\nkey = [1,", r"plan\.toml (末尾|第 2 行)")],
)
def test_a_slip_in_the_toml_names_file_and_line(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        load_plan(str(plan_file(tmp_path, text)))


def test_a_file_in_another_encoding_names_its_line(tmp_path: Path) -> None:
    path = plan_file(tmp_path)
    path.write_bytes("[plan]\nname = '计划'".encode("gb18030"))
    with pytest.raises(ConfigError, match=r"第 2 行不是 UTF-8"):
        load_plan(str(path))


def test_faults_of_the_plan_name_the_file(tmp_path: Path) -> None:
    with pytest.raises(PlanFaults, match=r"plan\.toml 有 1 处问题"):
        load_plan(str(plan_file(tmp_path, SMALL + "colour = 1")))


def test_the_demo_opens_on_the_pack_that_says_so(packs: Path) -> None:
    plan_file(packs / "one")
    plan_file(packs / "two", SMALL + "demo = true\n")
    assert demo_pack() == "two"


def test_no_demo_pack_says_how_to_name_one(packs: Path) -> None:
    plan_file(packs / "one")
    with pytest.raises(ConfigError, match="demo = true"):
        demo_pack()

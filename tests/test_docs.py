"""What the documents say is true, and what the tree promises of itself holds."""

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

from bot import app
from bot.cli import commands as program
from bot.discovery import collect
from bot.dispatch import Command
from bot.documents.planfiles import load_plan
from bot.domain.cadences import read_cadence
from bot.domain.ladders import LADDERS
from bot.domain.planfile import PlanFaults, parse_plan
from bot.domain.rounds import occasions
from bot.domain.unset import unset
from bot.domain.workdays import Workdays
from bot.platforms import dingtalk, sandbox, wecom
from bot.platforms.dingtalk.settings import GroupKeys as DingTalkGroup
from bot.platforms.wecom.settings import GroupKeys as WeComGroup
from bot.settings import Section, Settings
from bot.worlds import policy_of

ROOT = Path(__file__).resolve().parents[1]
CODE = ("bot", "handlers", "schedules")
EXAMPLE = ROOT / "config.example.toml"
SKIPPED = {"__pycache__", "data", "var", "dist", "holidays", "node_modules"}
OPTIONAL = re.compile(r"# (?=\[|[a-z_]+ = )")
LONGEST_FUNCTION, USUAL_FUNCTION, LONGEST_FILE = 50, 30, 350


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def sources(*folders: str) -> list[Path]:
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if "migrations" not in path.parts]


def repo_files() -> Iterator[tuple[str, str]]:
    """List the text files that belong to the repository; caches, environments and data do not."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") for part in parts[:-1]) and parts[0] != ".ci"
        if hidden or SKIPPED & set(parts) or not path.is_file() or path.name in ("uv.lock", "config.toml"):
            continue
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


# The configuration


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("DRUMBEAT_")]:
        monkeypatch.delenv(name)


def with_options() -> dict[str, Any]:
    """Return the example with everything optional switched on."""
    return tomllib.loads("\n".join(OPTIONAL.sub("", line) for line in EXAMPLE.read_text(encoding="utf-8").splitlines()))


def keys_of(model: type[BaseModel], table: str) -> Iterator[tuple[str, str]]:
    """List (table, key) of a settings model, with the tables inside it."""
    for name, field in model.model_fields.items():
        inner = next((k for k in _types(field.annotation) if issubclass(k, BaseModel)), None)
        if inner is None:
            yield table, name
        else:
            yield from keys_of(inner, f"{table}.{name}")


def _types(annotation: Any) -> list[type]:
    parts = getattr(annotation, "__args__", None) or (annotation,)
    return [part for part in parts if isinstance(part, type)]


def test_the_example_is_the_defaults(plain_environment: None) -> None:
    """config.example.toml loads as it stands, and says nothing but the defaults."""
    assert Settings(**tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))) == Settings()


def test_the_example_loads_with_every_option_switched_on(plain_environment: None) -> None:
    """What stands behind a # can be used as it is written."""
    settings = Settings(**with_options())

    assert set(app.adapters_of(settings)) == {"dingtalk", "wecom", "sandbox"}


def test_the_example_names_every_key_of_the_core_sections() -> None:
    """A setting that is not in the example is not found by anybody."""
    written = with_options()
    sections = {name: field.annotation for name, field in Settings.model_fields.items()}
    wanted = {
        f"{name}.{key}"
        for name, kind in sections.items()
        if isinstance(kind, type) and issubclass(kind, Section)
        for key in kind.model_fields
    }

    assert (
        wanted - {f"{name}.{key}" for name, keys in written.items() for key in keys if isinstance(keys, dict)} == set()
    )


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("platforms.dingtalk", dingtalk.Settings),
        ("platforms.wecom", wecom.Settings),
        ("platforms.sandbox", sandbox.Settings),
    ],
)
def test_the_example_names_every_key_of_a_platform(table: str, model: type[BaseModel]) -> None:
    """Each platform's keys stand in the example, those of its inner tables too."""
    missing = []
    for path, key in keys_of(model, table):
        inner: Any = with_options()
        for step in path.split("."):
            inner = inner.get(step, {})
        if key not in inner:
            missing.append(f"{path}.{key}")

    assert missing == []


def test_the_example_names_every_key_of_a_group() -> None:
    """Each platform's group keys stand in a [[groups]] table of that platform."""
    written: dict[str, set[str]] = {}
    for group in with_options()["groups"]:
        written.setdefault(group["platform"], set()).update(group)

    assert {"id", "name", *DingTalkGroup.model_fields} - written["dingtalk"] == set()
    assert {"id", "name", *WeComGroup.model_fields} - written["wecom"] == set()


# The manual


def command_words() -> dict[str, Command]:
    return {
        word: command
        for router in collect("handlers", "router")
        for command in router.commands
        for word in command.words
    }


def test_every_word_in_chat_is_documented() -> None:
    """commands.md has a row for each command, by its English and its Chinese word."""
    rows = {row for row in doc("commands.md").splitlines() if row.startswith("|")}
    missing = [
        command.usage
        for command in command_words().values()
        if not any(f"`/{command.words[0]}`" in row and row.startswith(f"| {command.words[1]} |") for row in rows)
    ]

    assert missing == []


def test_no_word_in_chat_is_documented_that_is_gone() -> None:
    """A row of commands.md stands for a command that exists."""
    assert set(re.findall(r"^\| \S+ \| `/(\w+)`", doc("commands.md"), re.MULTILINE)) - set(command_words()) == set()


def cli_commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    group.list_commands(click.Context(group))
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from cli_commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_command_of_the_command_line_is_documented() -> None:
    """cli.md has a section for each command that shows it and names its options."""
    text = doc("cli.md")
    missing = []
    for name, command in cli_commands(program):
        section = re.search(rf"^## {name}：.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        options = [param.opts[0] for param in command.params if isinstance(param, click.Option)]
        if section is None or f"drumbeat {name}" not in section[0]:
            missing.append(name)
            continue
        missing += [f"{name} {option}" for option in options if option not in section[0] and option != "--json"]
        if "--json" in options and "```json" not in section[0]:
            missing.append(f"{name} --json")

    assert missing == []


def test_every_log_action_is_documented() -> None:
    """operations.md lists what the program logs, and nothing else."""
    used = {action for path in sources(*CODE) for action in re.findall(r'action="([^"]+)"', path.read_text("utf-8"))}
    listed = set(re.findall(r"^\| `([a-z_.]+)` \| [a-z]", doc("operations.md"), re.MULTILINE))

    assert listed == used


def test_every_ladder_is_documented() -> None:
    """plans.md tells what each ladder does."""
    assert [name for name in LADDERS if f"| `{name}` |" not in doc("plans.md")] == []


def test_the_words_for_time_in_the_manual_are_understood() -> None:
    """Each example of plans.md's table of times is read."""
    table = doc("plans.md").partition("## 时间怎么写")[2].partition("\n\n几个时间")[0]
    words = [
        word
        for row in table.splitlines()
        for word in re.findall(r"`([^`]+)`", row.split("|")[1:2][0] if "|" in row else "")
    ]

    assert len(words) > 20
    assert all(read_cadence(word) for word in words)


def keys_of_a_plan_file() -> Iterator[tuple[str, set[str]]]:
    """List each table of a plan file with the keys it takes, as the fault of an unknown key tells them."""
    named = (
        "units",
        "unit_groups",
        "leaders",
        "sections",
        "lists",
        "items",
        "duties",
        "registers",
        "figures",
        "quotas",
    )
    odd = {"odd": 1}
    field = {"fields": [odd], "spans": [odd], **odd}
    tables: dict[str, Any] = {name: [field if name == "registers" else odd] for name in named}
    with pytest.raises(PlanFaults) as caught:
        parse_plan({"plan": odd, **tables}, "p.toml")
    for fault in caught.value.faults:
        if fault.where.endswith(" odd"):
            yield fault.where.removesuffix(" odd"), set(fault.right.removeprefix("可用的是：").split("、"))


def test_every_key_of_a_plan_file_is_documented() -> None:
    """plans.md has a row for each key of each table, in a table of its own."""
    rows = re.findall(r"^\| ((?:`\w+`、?)+) \|", doc("plans.md"), re.MULTILINE)
    rows += re.findall(r"^`\[\[\w+\]\]`.*", doc("plans.md"), re.MULTILINE)
    written = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    tables = dict(keys_of_a_plan_file())

    assert len(tables) == 13
    # The keys of a span stand in the example of `spans`.
    assert {name: keys - written for name, keys in tables.items() if "spans" not in name and keys - written} == {}


def test_the_example_plan_loads() -> None:
    """The small plan of the manual is complete, asks for something, and can be rolled."""
    plan = load_plan(str(ROOT / "docs" / "example-plan.toml"))

    assert len(doc("example-plan.toml").splitlines()) < 80
    assert plan.registers
    assert plan.figures
    assert plan.quotas
    assert unset(plan) == ()
    assert occasions(plan, Workdays(), policy_of(Settings()))
    assert load_plan(str(ROOT / "docs" / "example-plan.toml"), 2027).name.startswith("2027年")


def test_every_dependency_has_its_reason() -> None:
    """reasons.md gives a line for each package that pyproject.toml names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(need for extra in project["optional-dependencies"].values() for need in extra),
    ]
    names = {re.match(r"[A-Za-z0-9_-]+", need)[0] for need in wanted}  # type: ignore[index]
    given = set(re.findall(r"^\| ([\w-]+) \|", doc("reasons.md"), re.MULTILINE)) - {"package"}

    assert given == names


def test_links_between_documents_lead_somewhere() -> None:
    """A relative link names a file that is there."""
    broken = []
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append(f"{path.name}: {target}")

    assert broken == []


# The tree


def test_no_file_names_a_package_index() -> None:
    """Packages come from whatever index the machine uses, which may be one inside an office."""
    hosts = re.compile(
        "|".join(
            (r"py" r"pi\.org", r"python" r"hosted\.", r"registry\." r"npmjs", r"docker\." r"io/", r"mirrors?\.\w+\.\w+")
        )
    )

    assert [name for name, text in repo_files() if hosts.search(text)] == []


def test_no_file_points_outside_the_repository() -> None:
    """What was read while building is not part of the project."""
    outside = re.compile(r"/work/" r"shared|\.\./" r"shared")

    assert [name for name, text in repo_files() if outside.search(text)] == []


def test_code_names_no_organisation() -> None:
    """Plans are data: the code knows nothing of those that come with it."""
    places = "quanzhou|hainan|mongolia|gansu|hunan|泉州|海南|内蒙古|甘肃|湖南"
    found = [path.name for path in sources(*CODE) if re.search(places, path.read_text("utf-8"), re.IGNORECASE)]

    assert found == []


def test_functions_and_files_stay_small() -> None:
    """What fits on a screen is read; what does not is skipped."""
    lengths, long_files = {}, []
    for path in sources(*CODE):
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > LONGEST_FILE:
            long_files.append(path.name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths[f"{path.name}:{node.name}:{node.lineno}"] = (node.end_lineno or node.lineno) - node.lineno + 1

    assert long_files == []
    assert [name for name, length in lengths.items() if length > LONGEST_FUNCTION] == []
    assert sorted(lengths.values())[int(len(lengths) * 0.95)] <= USUAL_FUNCTION


def test_doubles_are_used_and_not_mocks() -> None:
    """Fewer than five mocks in a hundred tests: the doubles speak the real protocol."""
    texts = [path.read_text("utf-8") for path in sources("tests") if path != Path(__file__).resolve()]
    tests = sum(len(re.findall(r"^\s*(?:async )?def test_", text, re.MULTILINE)) for text in texts)
    mocks = sum(len(re.findall(r"\bmock\b|\b(?:Magic|Async)?Mock\(", text)) for text in texts)

    assert mocks < tests * 0.05

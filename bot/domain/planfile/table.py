"""The tables of a plan file: their keys are handed out and remembered, and every fault is collected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a plan: where it stands, what is wrong, what would be right."""

    where: str
    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.where}：{self.wrong}。{self.right}"


class PlanFaults(ConfigError):
    """A plan that cannot be used, with every fault found."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        self.faults = faults
        lines = "\n".join(f"  {n}. {fault}" for n, fault in enumerate(faults, 1))
        super().__init__(f"计划 {name} 有 {len(faults)} 处问题：\n{lines}")


class Table:
    """One table of the file: hands out its keys, remembers which were asked for, collects faults."""

    def __init__(self, data: Mapping[str, Any], where: str, faults: list[Fault]) -> None:
        self.data = data if isinstance(data, Mapping) else {}
        self.where = where
        self.faults = faults
        self.asked: set[str] = set()
        if not isinstance(data, Mapping):
            self.fault("", "应是一张表", "请用 [表名] 或 [[表名]] 写")

    def fault(self, key: str, wrong: str, right: str) -> None:
        self.faults.append(Fault(f"{self.where} {key}".strip(), wrong, right))

    def take(self, key: str, kind: type, default: Any = None, *, needed: bool = False) -> Any:
        self.asked.add(key)
        value = self.data.get(key)
        if value is None:
            if needed:
                self.fault(key, "没有写", f"请补上 {key} = …")
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            names = {str: "文字（加引号）", int: "整数", bool: "true 或 false", list: "清单 [ ]", dict: "一张表"}
            self.fault(key, f"“{value}”的类型不对", f"应是{names.get(kind, kind.__name__)}")
            return default
        return value

    def text(self, key: str, default: str = "", *, needed: bool = False) -> str:
        value = str(self.take(key, str, default, needed=needed)).strip()
        if needed and not value and isinstance(self.data.get(key), str):
            self.fault(key, "是空的", f"请补上 {key} = …")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in self.take(key, list, []))

    def texts_or_text(self, key: str) -> tuple[str, ...]:
        """Return a list of texts that may be written as one text."""
        value = self.take(key, object, [])
        return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)

    def choice(self, key: str, options: tuple[str, ...], default: str) -> Any:
        value = self.text(key, default)
        if value not in options:
            self.fault(key, f"“{value}”不是可选的值", f"可选：{'、'.join(options)}")
            return default
        return value

    def close(self) -> None:
        for key in self.data.keys() - self.asked:
            self.fault(key, "没有这个设置", f"可用的是：{'、'.join(sorted(self.asked))}")


def tables(top: Table, name: str, key: str) -> list[Table]:
    tables = [
        Table(data, f"[[{name}]] {data.get(key, f'第{n}个') if isinstance(data, Mapping) else n}", top.faults)
        for n, data in enumerate(top.take(name, list, []), 1)
    ]
    seen: set[str] = set()
    for table in tables:
        value = str(table.data.get(key, ""))
        if value and value in seen:
            table.fault(key, f"“{value}”写了两次", "每个只能出现一次")
        seen.add(value)
    return tables


def closing(read: Callable[..., T]) -> Callable[..., T]:
    """Report the unknown keys of a table once it has been read."""

    def reader(table: Table, *rest: Any) -> T:
        value = read(table, *rest)
        table.close()
        return value

    return reader

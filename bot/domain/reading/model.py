"""What goes into the reader and what comes out: the shapes of design.md section 7, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Role = Literal["contact", "office", "leader", "member_not_contact", "outsider"]
Sections = dict[str, list[str] | str]


@dataclass(frozen=True)
class Context:
    """Where a reply was said: by whom, when, in answer to what.

    `pending` names the duties asked for (`monthly:2023-04`, several joined by "+"), an item id, ids joined by a comma,
    `item:<id>` or a register. `prev` holds the last percent by `item` or `item@unit`. `last` is the sender's last
    recorded reply with what it stored: `60% (stored S17=60)`.
    """

    seed: str = ""
    unit: str = ""
    role: str = "contact"
    today: date = date(2000, 1, 1)
    pending: str | None = None
    channel: str = "dm"
    prev: Mapping[str, float] = field(default_factory=dict)
    last: str | None = None
    pending_question: Mapping[str, Any] | None = None
    msgtype: str = "text"
    prompt: str | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Context":
        """Build a context from its JSON object; keys it does not know are left aside."""
        return cls(
            seed=str(data.get("seed") or ""),
            unit=str(data.get("unit") or ""),
            role=str(data.get("role") or "contact"),
            today=date.fromisoformat(str(data.get("today") or "2000-01-01")[:10]),
            pending=data.get("pending") or None,
            channel=str(data.get("channel") or "dm"),
            prev=dict(data.get("prev") or {}),
            last=data.get("last") or None,
            pending_question=data.get("pending_question") or None,
            msgtype=str(data.get("msgtype") or "text"),
            prompt=data.get("prompt") or None,
        )


@dataclass(frozen=True)
class Metric:
    """A figure that is not progress: 86 场, 48.6 %. `mode` is cumulative, increment or "" when not said;
    `because` the words that gave it."""

    name: str
    value: float
    unit: str
    approx: bool = False
    mode: str = ""
    because: str = ""

    def to_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"name": self.name, "value": plain(self.value), "unit": self.unit}
        if self.approx:
            shape["approx"] = True
        if self.mode:
            shape["mode"] = self.mode
        if self.because:
            shape["because"] = self.because
        return shape


@dataclass(frozen=True)
class Entry:
    """What was said of one item (None: of the unit as a whole); `percent` 0-100, `because` the words that gave it."""

    item: str | None
    percent: float | None = None
    status: str | None = None
    percent_range: tuple[int, int] | None = None
    approx: bool = False
    sections: Sections = field(default_factory=dict)
    metrics: tuple[Metric, ...] = ()
    expected_date: date | None = None
    because: str = ""

    def to_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"item": self.item, "percent": plain(self.percent), "status": self.status}
        if self.percent_range:
            shape["percent_range"] = list(self.percent_range)
        if self.approx:
            shape["approx"] = True
        if self.sections:
            shape["sections"] = self.sections
        if self.metrics:
            shape["metrics"] = [metric.to_json() for metric in self.metrics]
        if self.expected_date:
            shape["expected_date"] = self.expected_date.isoformat()
        if self.because:
            shape["because"] = self.because
        return shape


@dataclass(frozen=True)
class Ask:
    """A question back: `about` what, with the ids or section keys to choose from and the value waiting for its item."""

    about: str
    options: tuple[str, ...] = ()
    item: str | None = None
    percent: float | None = None
    status: str | None = None

    def to_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = {"about": self.about}
        if self.options:
            shape["options"] = list(self.options)
        for key, value in (("item", self.item), ("percent", plain(self.percent)), ("status", self.status)):
            if value is not None:
                shape[key] = value
        return shape


@dataclass(frozen=True)
class Reading:
    """The reading of one reply. `others` holds what occurs now and then: fulfils, extension, command, reverts …"""

    intents: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    ask: Ask | None = None
    others: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return exactly the JSON object of design.md section 7."""
        return {
            "intents": list(self.intents),
            "entries": [entry.to_json() for entry in self.entries],
            "ask": self.ask.to_json() if self.ask else None,
            **self.others,
        }


def plain(value: float | None) -> float | int | None:
    """Write 80.0 as 80."""
    return int(value) if value is not None and value == int(value) else value

"""Who somebody is in a plan: posts, and what they entitle to."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["contact", "office", "leader", "staff"]
ROLE_WORDS: dict[Role, str] = {"contact": "联络员", "office": "办公室", "leader": "领导", "staff": "干部"}
# A deputy contact may report at any time, and is asked while the contact is away.
PostRole = Literal["contact", "deputy", "office", "leader", "staff"]
POST_WORDS: dict[PostRole, str] = {
    "contact": "联络员",
    "deputy": "副联络员",
    "office": "办公室",
    "leader": "领导",
    "staff": "干部",
}


@dataclass(frozen=True)
class Post:
    """A post of a plan: the office, the contact of a unit or his deputy, a leader's key, or a place on a unit's staff.

    Duties hang on posts, not on persons. Staff need no account: they are who registers and quotas speak of.
    """

    role: PostRole
    scope: str = ""

    @classmethod
    def parse(cls, text: str) -> "Post":
        """Read office, contact:<unit>, deputy:<unit>, leader:<key> or staff:<unit>; raises ValueError."""
        role, _, scope = text.partition(":")
        if role not in POST_WORDS:
            raise ValueError(text)
        return cls(role, scope)

    @property
    def reports(self) -> bool:
        """Tell whether the holder reports for a unit."""
        return self.role in ("contact", "deputy")

    def __str__(self) -> str:
        return f"{self.role}:{self.scope}" if self.scope else self.role


@dataclass(frozen=True)
class Standpoint:
    """All posts one member holds in one plan."""

    posts: tuple[Post, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(post.scope for post in self.posts if post.reports))

    @property
    def leader_keys(self) -> tuple[str, ...]:
        return tuple(post.scope for post in self.posts if post.role == "leader")

    @property
    def is_office(self) -> bool:
        return any(post.role == "office" for post in self.posts)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset("contact" if post.role == "deputy" else post.role for post in self.posts)

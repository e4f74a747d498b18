"""Signed links: what a link leads to and until when stands in it, so that nothing is stored and nothing can be forged.

A token is the JSON list of its fields and its expiry, and a signature over these and the kind of page.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

SIGNATURE_BYTES = 16
CODE_DIGITS = 6


class BadLink(Exception):
    """The link is not one of ours, or was cut when it was copied."""


class ExpiredLink(Exception):
    """The link was good once."""


@dataclass(frozen=True)
class Links:
    """Makes and reads links under `base`, the public address without a slash at its end."""

    base: str
    key: bytes

    def url(self, kind: str, fields: Sequence[str | int], until: datetime) -> str:
        """Return the address of a page: `kind` is form, round, files …"""
        path = "form" if kind == "round" else kind
        return f"{self.base}/{path}/{self.token(kind, fields, until)}"

    def token(self, kind: str, fields: Sequence[str | int], until: datetime) -> str:
        """Sign fields; they can be read by everybody, so they hold no secret."""
        body = _packed(json.dumps([kind, *fields, int(until.timestamp())], ensure_ascii=False, separators=(",", ":")))
        return f"{body}.{self._signature(body)}"

    def read(self, token: str, now: datetime) -> tuple[str, list[str | int]]:
        """Return the kind and fields of a token; raises `BadLink` or `ExpiredLink`."""
        body, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            raise BadLink
        kind, *fields, until = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        if datetime.fromtimestamp(until, UTC) < now:
            raise ExpiredLink
        return kind, fields

    def code(self, member_id: int) -> str:
        """Return a person's code for links that are open to a whole group; it stays the same while the key does."""
        digest = hmac.new(self.key, f"code:{member_id}".encode(), hashlib.sha256).digest()
        return str(int.from_bytes(digest[:8]) % 10**CODE_DIGITS).zfill(CODE_DIGITS)

    def _signature(self, body: str) -> str:
        return _packed(hmac.new(self.key, f"link:{body}".encode(), hashlib.sha256).digest()[:SIGNATURE_BYTES])


def mark_of(token: str) -> str:
    """Return what tells one token from all others: its signature."""
    return token.partition(".")[2]


def _packed(content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return urlsafe_b64encode(raw).decode().rstrip("=")

"""The chain of custody: every original, copy, look, export and erasure as an entry, each link bound to the one before. Pure.

``content`` of an entry is plain JSON; its hash is taken over one spelling of it. A link's digest covers its number, the digest
before and the hash of the content, so a chain can be followed even where contents of other cases are left out. The seal needs
a key of this installation: whoever may write to the database alone cannot make the chain fit again.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

FIRST = "0" * 64
PURPOSE = b"viahe custody\x00"


class CustodyKind(StrEnum):
    """What happened to evidence."""

    ORIGINAL = "original"
    COPY = "copy"
    LOOK = "look"
    EXPORT = "export"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: its number from 1, the digest before it, the hash of its content, its own digest, its seal."""

    number: int
    previous: str
    content_sha256: str
    digest: str
    seal: str = ""


def hash_content(content: Mapping[str, object]) -> str:
    """The hash of an entry, over JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def make_link(number: int, previous: str, content_sha256: str, key: str) -> Link:
    """The link that follows ``previous``."""
    digest = digest_of(number, previous, content_sha256)
    return Link(number, previous, content_sha256, digest, seal_of(digest, key))


def digest_of(number: int, previous: str, content_sha256: str) -> str:
    """A link's own digest."""
    return sha256(f"{number}:{previous}:{content_sha256}".encode()).hexdigest()


def seal_of(digest: str, key: str) -> str:
    """What only this installation can write."""
    return hmac.new(key.encode(), PURPOSE + digest.encode(), sha256).hexdigest()


def find_breaks(links: Iterable[Link], key: str) -> list[int]:
    """Numbers of links that do not follow, do not hash, or bear no true seal; none for a whole chain."""
    broken, previous, number = [], FIRST, 0
    for link in links:
        number += 1
        follows = link.number == number and link.previous == previous
        true = digest_of(link.number, link.previous, link.content_sha256) == link.digest
        if not (follows and true and hmac.compare_digest(seal_of(link.digest, key), link.seal)):
            broken.append(link.number)
        previous, number = link.digest, link.number
    return broken

"""The secrets of one running copy: made at random at its first start and kept in VAR_DIR, readable by the owner only.

Values in the environment win, so that a real deployment brings its own.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ops.words import Stop


@dataclass(frozen=True, slots=True)
class Keys:
    """Passwords and keys; none of them shows in a repr or a log."""

    secret_key: str = field(repr=False)
    vault_key: str = field(repr=False)
    database_password: str = field(repr=False)
    broker_password: str = field(repr=False)


def make_keys() -> Keys:
    """Fresh random keys. ``vault_key`` is 32 bytes in URL-safe base64, as Fernet wants it."""
    return Keys(
        secret_key=secrets.token_urlsafe(50),
        vault_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        database_password=secrets.token_hex(16),
        broker_password=secrets.token_hex(16),
    )


def load_keys(path: Path) -> Keys:
    """The copy's keys, made when ``path`` does not exist. The cluster knows its password only from this file."""
    if path.exists():
        try:
            return Keys(**json.loads(path.read_text()))
        except (ValueError, TypeError) as error:
            raise Stop(f"{path} is damaged. Put it back from a copy, or start afresh with: make clean") from error
    keys = make_keys()
    write_private(path, json.dumps(asdict(keys)))
    return keys


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)

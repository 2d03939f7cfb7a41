"""The environment of the copy that runs from VAR_DIR, for commands typed beside it (``manage.py``, notebooks)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from ops.folders import ROOT, Folders


def find_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What is missing in ``environment`` to reach the running copy; empty when none runs, or nothing is missing."""
    if environment.get("DATABASE_URL") and environment.get("REDIS_URL"):
        return {}
    folders = Folders((ROOT / (environment.get("VAR_DIR") or "var")).resolve())
    try:
        demo = json.loads(folders.demo_file.read_text())
        keys = json.loads(folders.keys_file.read_text())
        found = {
            "DATABASE_URL": demo["database_url"],
            "REDIS_URL": demo["redis_url"],
            "SECRET_KEY": keys["secret_key"],
            "VAULT_KEY": keys["vault_key"],
            "VAR_DIR": str(folders.var),
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: str(value) for name, value in found.items() if not environment.get(name)}

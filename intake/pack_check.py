#!/usr/bin/env python3
"""Checks an evidence pack offline, with nothing but Python 3.9 or newer: python3 check.py PACK.zip

Every file in the pack is hashed again and compared with the manifest and with the chain of custody; the chain is followed from
link to link. Exit code 0: nothing was altered. Exit code 1: the names of what was. Exit code 2: this is no evidence pack.
Stands alone on purpose: it travels inside every pack as check.py. Pure.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

MANIFEST, CHAIN = "manifest.json", "chain.json"
UNBOUND = frozenset({MANIFEST, CHAIN, "check.py", "README.txt"})


def check_pack(path: str | Path) -> list[str]:
    """Names of everything in the pack that is not what the chain says; none when all is whole.

    ValueError when the file is no evidence pack.
    """
    try:
        with zipfile.ZipFile(path) as pack:
            manifest, chain = json.loads(pack.read(MANIFEST)), json.loads(pack.read(CHAIN))
            return [*_check_files(pack, manifest), *_check_chain(chain), *_check_bond(manifest, chain)]
    except (zipfile.BadZipFile, KeyError, OSError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise ValueError(f"This is no evidence pack: {error}") from error


def hash_json(content: Mapping[str, Any]) -> str:
    """The hash of an entry, over JSON with sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def _check_files(pack: zipfile.ZipFile, manifest: Mapping[str, Any]) -> list[str]:
    """Files that hash to something else, are missing, or are in no list."""
    listed = {str(file["name"]): str(file["sha256"]) for file in manifest["files"]}
    inside = set(pack.namelist())
    wrong = [f"{name}: missing" for name in sorted(set(listed) - inside)]
    wrong += [f"{name}: in no list" for name in sorted(inside - set(listed) - UNBOUND)]
    for name in sorted(inside & set(listed)):
        try:
            found = sha256(pack.read(name)).hexdigest()
        except zipfile.BadZipFile:
            found = "unreadable"
        if found != listed[name]:
            wrong.append(f"{name}: altered")
    return wrong


def _check_chain(chain: Mapping[str, Any]) -> list[str]:
    """Links that do not follow or do not hash."""
    wrong: list[str] = []
    previous, number = None, 0
    for link in chain["links"]:
        text = f"{link['number']}:{link['previous']}:{link['content_sha256']}"
        follows = previous is None or (link["previous"] == previous and link["number"] == number + 1)
        if not follows or sha256(text.encode()).hexdigest() != link["digest"]:
            wrong.append(f"chain link {link['number']}: altered")
        if "content" in link and hash_json(link["content"]) != link["content_sha256"]:
            wrong.append(f"chain entry {link['number']}: altered")
        previous, number = link["digest"], link["number"]
    if chain["links"] and chain["head"] != previous:
        wrong.append("chain head: altered")
    return wrong


def _check_bond(manifest: Mapping[str, Any], chain: Mapping[str, Any]) -> list[str]:
    """Evidence files whose hash no entry of the chain holds, and a manifest that the export did not bind."""
    contents = [link["content"] for link in chain["links"] if "content" in link]
    held = {content["sha256"] for content in contents if content["kind"] in ("original", "copy")}
    wrong = [
        f"{file['name']}: in no chain"
        for file in manifest["files"]
        if file["role"] in ("original", "copy") and file["sha256"] not in held
    ]
    bound = {content["detail"] for content in contents if content["kind"] == "export"}
    if hash_json(manifest) not in bound:
        wrong.append("manifest.json: not the one that was exported")
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Check the pack named on the command line and say what was found."""
    if len(arguments) != 1:
        sys.stderr.write("python3 check.py PACK.zip\n")
        return 2
    try:
        wrong = check_pack(arguments[0])
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name in wrong:
        sys.stdout.write(f"ALTERED  {name}\n")
    sys.stdout.write("Something was altered.\n" if wrong else "Nothing was altered.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

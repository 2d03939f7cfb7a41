"""One case's evidence as a ZIP that a third party checks offline: originals, copies, metadata, chain, a page to read, a checker.

Called by the interface, the pages and the command. The pack names no sender: it holds a case, never who spoke up.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from cases.actions.exporting import bind_export, require_export
from cases.evidence_pdf import print_evidence
from cases.queries.evidence import CaseEvidence, EvidenceFile, read_case_evidence
from cases.queries.evidence_sheet import get_evidence_sheet
from errors import Conflict, NotFound
from intake import pack_check
from intake.actions.custody import read_verified
from intake.custody import hash_content
from intake.kinds import Derivation

_EXTENSION = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "image/heif": "heif",
    "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
}  # fmt: skip
_SHOWN = (Derivation.REDACTED, Derivation.STILL)
_PRINTED = frozenset({"image/jpeg", "image/png", "image/webp"})
_STAMP = (2026, 1, 1, 0, 0, 0)  # of files in the ZIP: their own moments are in the metadata


def build_pack(case_id: UUID, *, by: AbstractBaseUser, reason: str) -> bytes:
    """The ZIP. NotAllowed, InputError without a reason, Conflict when a file was altered: then nothing leaves."""
    why = require_export(case_id, by=by, reason=reason)
    evidence, now = read_case_evidence(case_id), timezone.now()
    contents, erased = _read_files(evidence)
    contents["metadata.json"] = _json({**asdict(evidence), "erased": erased})
    contents["report.pdf"] = print_report(case_id, evidence, contents, now)
    manifest = _manifest(evidence, contents, by=by.get_username(), reason=why, now=now)
    ids = [file.id for file in evidence.files]
    chain = bind_export(case_id, ids, manifest_sha256=hash_content(manifest), reason=why, by=by)
    contents |= {
        pack_check.MANIFEST: _json(manifest), pack_check.CHAIN: _json(chain),
        "check.py": Path(pack_check.__file__).read_bytes(), "README.txt": _read_me(evidence).encode(),
    }  # fmt: skip
    return _zip(contents)


def _read_files(evidence: CaseEvidence) -> tuple[dict[str, bytes], list[str]]:
    """The bytes of every file, each found to be what was received; names of those whose time was over."""
    found, erased = {}, []
    for file in evidence.files:
        try:
            found[name_file(file)] = read_verified(file.id)
        except NotFound:
            erased.append(str(file.id))
        except Conflict as error:
            raise Conflict(error.message, field="media", value=file.id, cure=error.cure) from error
    return found, erased


def name_file(file: EvidenceFile) -> str:
    """Where a file lies in the pack."""
    folder = "originals" if file.role == "original" else "derived"
    made = f"-{file.derivation}" if file.derivation else ""
    return f"{folder}/{file.id}{made}.{_EXTENSION.get(file.content_type, 'bin')}"


def _manifest(
    evidence: CaseEvidence, contents: dict[str, bytes], *, by: str, reason: str, now: datetime
) -> dict[str, Any]:
    roles = {name_file(file): file.role for file in evidence.files}
    files = [
        {"name": name, "sha256": sha256(data).hexdigest(), "bytes": len(data), "role": roles.get(name, "document")}
        for name, data in sorted(contents.items())
    ]
    return {
        "format": "viahe-evidence-1", "case": evidence.case["code"], "exported_by": by, "reason": reason,
        "exported_at": now.isoformat(timespec="seconds"), "files": files,
    }  # fmt: skip


def print_report(case_id: UUID, evidence: CaseEvidence, contents: dict[str, bytes], now: datetime) -> bytes:
    """The page to read: the case, pictures without faces and plates, findings, visits, files with their hashes, history."""
    names = {file.id: name_file(file) for file in evidence.files}
    pictures = {
        file.id: contents[names[file.id]]
        for file in evidence.files
        if file.derivation in _SHOWN and file.content_type in _PRINTED and names[file.id] in contents
    }
    return print_evidence(get_evidence_sheet(case_id, evidence, now=now), pictures, names)


def _read_me(evidence: CaseEvidence) -> str:
    return (
        f"{evidence.case['code']}\n\n"
        "Kiem tra ngoai tuyen / To check offline, with Python 3.9 or newer and nothing else:\n\n"
        "    python3 check.py PACK.zip\n\n"
        "originals/  as received, unaltered          derived/  copies with faces and plates unreadable\n"
        "metadata.json, report.pdf  what is known    manifest.json, chain.json  hashes, chain of custody\n"
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str, sort_keys=True).encode()


def _zip(contents: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in sorted(contents.items()):
            pack.writestr(zipfile.ZipInfo(name, _STAMP), data, zipfile.ZIP_DEFLATED)
    return target.getvalue()

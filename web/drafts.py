"""Files of a report between "choose" and "send": kept for two hours so that a phone sends its photo once.

A draft is a folder below ``VAR_DIR/drafts``; its signed token in the address of step 2 is the only way to it. It holds
bytes and what the sender typed of the matter, never how to reach the sender.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from errors import NotFound
from intake.gpx_track import GpxTrack, read_gpx
from pipeline.suggest import NOTE, ask_for_suggestion

LIFETIME_S = 2 * 3600
TRACK = "track.gpx"
_SIGNER = signing.TimestampSigner(salt="web.draft", sep=".")
_FOLDER = re.compile(r"^[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class DraftFile:
    """One chosen file: its own name (for the reading of chat copies only), kind by its first bytes, place on disk."""

    name: str
    kind: str
    content_type: str
    path: Path
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class DraftSuggestion:
    """What the machine saw in the first photo: a kind of report (empty: nothing that speaks for one) and the labels."""

    category: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Chosen files and what was typed with them."""

    token: str
    files: tuple[DraftFile, ...]
    category: str
    description: str
    suggestion: DraftSuggestion | None = None
    track: GpxTrack | None = None


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """An uploaded file that was opened and found usable."""

    file: UploadedFile[bytes]
    kind: str
    content_type: str
    duration_s: float | None = None


def keep_draft(uploads: Sequence[CheckedUpload], *, category: str, description: str) -> Draft:
    """Write a new draft; drafts past their time go first."""
    _sweep()
    folder = _root() / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    for number, upload in enumerate(uploads):
        with (folder / str(number)).open("wb") as target:
            for chunk in upload.file.chunks():
                target.write(chunk)
    note = {
        "files": [
            {"name": u.file.name or "", "kind": u.kind, "content_type": u.content_type, "duration_s": u.duration_s}
            for u in uploads
        ],
        "category": category,
        "description": description,
    }
    (folder / "note.json").write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
    photo = next((number for number, upload in enumerate(uploads) if upload.kind == "photo"), None)
    if photo is not None:
        ask_for_suggestion(folder / str(photo))
    return find_draft(_SIGNER.sign(folder.name))


def find_draft(token: str) -> Draft:
    """The draft of a token; NotFound when it is forged, too old or already sent."""
    folder = _folder_of(token)
    try:
        note = json.loads((folder / "note.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _gone() from error
    files = tuple(
        DraftFile(entry["name"], entry["kind"], entry["content_type"], folder / str(number), entry["duration_s"])
        for number, entry in enumerate(note["files"])
    )
    return Draft(token, files, note["category"], note["description"], _read_suggestion(folder), _read_track(folder))


def keep_track(draft: Draft, file: UploadedFile[bytes]) -> Draft:
    """The draft with a recorded track that was found usable, in place of an earlier one."""
    with (_folder_of(draft.token) / TRACK).open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return find_draft(draft.token)


def _read_track(folder: Path) -> GpxTrack | None:
    try:
        return read_gpx((folder / TRACK).read_bytes())
    except FileNotFoundError:
        return None


def _read_suggestion(folder: Path) -> DraftSuggestion | None:
    """None until a worker has looked."""
    try:
        note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return DraftSuggestion(str(note["category"]), tuple(map(str, note["labels"])))
    except (OSError, ValueError, KeyError):
        return None


def drop_draft(token: str) -> None:
    """Forget a draft that was sent."""
    shutil.rmtree(_folder_of(token), ignore_errors=True)


def _folder_of(token: str) -> Path:
    try:
        name = _SIGNER.unsign(token, max_age=LIFETIME_S)
    except signing.BadSignature as error:
        raise _gone() from error
    if not _FOLDER.match(name):
        raise _gone()
    return _root() / name


def _gone() -> NotFound:
    return NotFound("This draft is no longer here.", field="draft", cure="Choose the photo again.")


def _root() -> Path:
    root: Path = settings.ENV.storage.var_dir / "drafts"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root


def _sweep() -> None:
    for folder in _expired(_root().iterdir()):
        shutil.rmtree(folder, ignore_errors=True)


def _expired(folders: Iterable[Path]) -> Iterable[Path]:
    limit = time.time() - LIFETIME_S
    for folder in folders:
        try:
            if folder.stat().st_mtime < limit:
                yield folder
        except FileNotFoundError:
            continue

"""Writes the chain of custody, finds altered files, erases bytes whose time is over.

Entries are written with what they speak of; links follow at once after commit, one writer at a time, so that nobody waits for
the chain while receiving. Whoever verifies or exports links first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from errors import Conflict, NotFound, TemporaryError
from intake import storage
from intake.custody import FIRST, CustodyKind, Link, find_breaks, hash_content, make_link
from intake.models import CustodyEntry, CustodyLink, EvidenceFault, MediaErasure, MediaFile

log = structlog.get_logger("intake")
_LOCK = 7_220_145_318_442_001
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what was found. ``altered``: names of files and links that are not what they were."""

    files: int
    links: int
    erased: int
    altered: tuple[str, ...]
    head: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing was altered."""
        return not self.altered


def enter_receipt(media: MediaFile) -> None:
    """The entry of a new original or copy; inside the transaction that makes its row."""
    CustodyEntry.objects.get_or_create(media=media, kind=_receipt_kind(media), defaults={"content": _receipt(media)})
    link_after_commit()


def enter_act(media: MediaFile, kind: CustodyKind, *, actor: str, reason: str, detail: str = "") -> CustodyEntry:
    """The entry of a look, an export or an erasure, inside the caller's transaction."""
    content = {
        "kind": kind.value, "media": str(media.pk), "sha256": media.sha256, "actor": actor, "reason": reason,
        "detail": detail, "at": timezone.now().astimezone(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    entry = CustodyEntry.objects.create(media=media, kind=kind.value, content=content)
    link_after_commit()
    return entry


def _receipt_kind(media: MediaFile) -> str:
    return (CustodyKind.COPY if media.parent_id else CustodyKind.ORIGINAL).value


def _receipt(media: MediaFile) -> dict[str, object]:
    """What is bound for ever of a file: of its arrival the day only, since it may be a sender's."""
    return {
        "kind": _receipt_kind(media), "media": str(media.pk), "sha256": media.sha256, "bytes": media.byte_size,
        "content_type": media.content_type, "parent_sha256": media.parent.sha256 if media.parent else "",
        "derivation": media.derivation, "on": media.received_at.astimezone(UTC).date().isoformat(),
    }  # fmt: skip


def link_after_commit() -> None:
    """Link what waits once this transaction stands; a crash in between is made good by the next writer or sweep."""
    transaction.on_commit(lambda: link_entries(wait=False), robust=True)


def link_entries(*, wait: bool = True) -> int:
    """Give every entry its place in the chain, in the order in which they were written; how many got one.

    Without ``wait`` nothing is done while another process links: it takes these along, or the sweep does.
    """
    key, linked = settings.ENV.security.secret_key, 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            if wait:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            else:
                cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
                if not cursor.fetchone()[0]:
                    return 0
        last = CustodyLink.objects.order_by("-number").first()
        number, previous = (last.number, last.digest) if last else (0, FIRST)
        rows = []
        for entry in CustodyEntry.objects.filter(link=None).order_by("id").iterator(chunk_size=BATCH):
            link = make_link(number + 1, previous, hash_content(entry.content), key)
            rows.append(CustodyLink(
                number=link.number, entry=entry, previous=link.previous, content_sha256=link.content_sha256,
                digest=link.digest, seal=link.seal,
            ))  # fmt: skip
            number, previous, linked = link.number, link.digest, linked + 1
        CustodyLink.objects.bulk_create(rows, batch_size=BATCH)
    return linked


def enter_missing_receipts() -> int:
    """Entries for files that were kept before the chain began; how many."""
    missing = MediaFile.objects.select_related("parent").exclude(custody__kind__in=["original", "copy"])
    rows = [
        CustodyEntry(media=media, kind=_receipt_kind(media), content=_receipt(media))
        for media in missing.order_by("received_at", "id").iterator(chunk_size=BATCH)
    ]
    CustodyEntry.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len(rows)


def verify_all(*, ids: Sequence[UUID] | None = None) -> Verification:
    """Read every stored file and every link again. What is not what it was is named, and kept as a fault."""
    enter_missing_receipts()
    link_entries()
    altered = [f"link {number}" for number in find_breaks(_links(), settings.ENV.security.secret_key)]
    altered += _check_contents()
    files = MediaFile.objects.filter(erasure=None)
    files = files if ids is None else files.filter(pk__in=ids)
    checked = 0
    for media in files.order_by("id").iterator(chunk_size=BATCH):
        checked += 1
        fault = check_file(media)
        if fault is not None:
            altered.append(f"{media.storage_name} ({fault.kind})")
    head = CustodyLink.objects.order_by("-number").values_list("digest", flat=True).first() or FIRST
    return Verification(checked, CustodyLink.objects.count(), MediaErasure.objects.count(), tuple(altered), head)


def _links() -> Iterator[Link]:
    rows = CustodyLink.objects.order_by("number").values_list("number", "previous", "content_sha256", "digest", "seal")
    for row in rows.iterator(chunk_size=BATCH):
        yield Link(*row)


def _check_contents() -> list[str]:
    """Entries whose content is not what was linked, or whose file's row says another hash."""
    wrong = []
    rows = CustodyEntry.objects.select_related("link", "media").order_by("id")
    for entry in rows.iterator(chunk_size=BATCH):
        if hash_content(entry.content) != entry.link.content_sha256:
            wrong.append(f"entry {entry.link.number}")
        if entry.content.get("sha256") != entry.media.sha256:
            wrong.append(f"{entry.media.storage_name} (record)")
    return wrong


def check_file(media: MediaFile) -> EvidenceFault | None:
    """The fault of a stored file, kept on record; None when its bytes are what was received."""
    try:
        found = digest_of_stored(media)
    except TemporaryError:
        found = ""
    if found == media.sha256:
        return None
    kind = "altered" if found else "missing"
    fault, is_new = EvidenceFault.objects.get_or_create(
        media=media, kind=kind, found_sha256=found, defaults={"found_at": timezone.now()}
    )
    if is_new:
        log.error("evidence_fault", media_id=str(media.pk), kind=kind)
    return fault


def digest_of_stored(media: MediaFile) -> str:
    """The hash of the bytes as they lie there now. TemporaryError when nothing can be read."""
    seen = sha256()
    with storage.local_copy(media.storage_name) as path, path.open("rb") as file:
        for block in iter(lambda: file.read(storage.BLOCK_BYTES), b""):
            seen.update(block)
    return seen.hexdigest()


def read_verified(media_id: UUID) -> bytes:
    """The bytes of a stored file, after they were found to be what was received.

    NotFound for a file that was erased or never was; Conflict for an altered one, which is never handed out.
    """
    media = MediaFile.objects.filter(pk=media_id).first()
    if media is None:
        raise NotFound("There is no such file.", field="media", value=media_id)
    erasure = MediaErasure.objects.filter(media=media).first()
    if erasure is not None:
        raise NotFound("This file was erased when its time was over.", field="media", value=media_id,
                       cure=f"By the rule '{erasure.retention_class}'. Its hash and custody stay.")  # fmt: skip
    data = storage.read(media.storage_name)
    if sha256(data).hexdigest() != media.sha256:
        check_file(media)
        raise Conflict(
            "This file was altered on the disk. It is no longer what was received.", field="media", value=media_id,
            cure="Tell the operator: bring it back from a backup. Nothing of it may be used.",
        )  # fmt: skip
    return data


def erase_media(media_id: UUID, *, retention_class: str, by: str) -> bool:
    """Remove the bytes of an original and of its copies; rows, hashes and custody stay. False when it was done before."""
    with transaction.atomic():
        files = list(
            MediaFile.objects.select_for_update(of=("self",)).filter(
                Q(pk=media_id) | Q(parent_id=media_id), erasure=None
            )
        )
        now = timezone.now()
        for media in files:
            MediaErasure.objects.create(media=media, retention_class=retention_class, at=now, by=by)
            enter_act(media, CustodyKind.ERASURE, actor=by, reason=retention_class)
        names = [media.storage_name for media in files]
        transaction.on_commit(lambda: _remove(names), robust=True)
    return bool(files)


def _remove(names: Sequence[str]) -> None:
    for name in names:
        storage.remove(name)

"""Checks the evidence of one matter at once: its stored files and the links of the chain that speak of them.

The whole chain is read by ``verify_all``; here each link is proved by itself (content, digest, seal), which is enough to tell
whether anything that this matter rests on was altered.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from intake.actions.custody import check_file, enter_missing_receipts, link_entries
from intake.custody import digest_of, hash_content, seal_of
from intake.models import CustodyEntry, MediaErasure, MediaFile


@dataclass(frozen=True, slots=True)
class FileStanding:
    """One stored file: ``whole``, ``altered``, ``missing`` or ``erased`` (its time was over). ``derivation`` empty: original."""

    media_id: UUID
    sha256: str
    derivation: str
    byte_size: int
    standing: str


@dataclass(frozen=True, slots=True)
class MatterCheck:
    """The files, how many links speak of them, and the numbers of those that are not what was written."""

    files: tuple[FileStanding, ...]
    links: int
    broken_links: tuple[int, ...]

    @property
    def faults(self) -> int:
        """Files and links that are not what they were."""
        return sum(file.standing in ("altered", "missing") for file in self.files) + len(self.broken_links)


def check_matter(original_ids: Sequence[UUID]) -> MatterCheck:
    """Read these originals and their copies again, and every link about them. Faults of files are kept on record."""
    enter_missing_receipts()
    link_entries()
    originals = MediaFile.objects.filter(pk__in=original_ids)
    files = list(originals.order_by("sha256")) + list(MediaFile.objects.filter(parent__in=originals).order_by("sha256"))
    erased = set(MediaErasure.objects.filter(media__in=files).values_list("media_id", flat=True))
    entries = CustodyEntry.objects.filter(media__in=files).select_related("link", "media").order_by("link__number")
    broken = [entry.link.number for entry in entries if not _is_true(entry)]
    return MatterCheck(tuple(_stand(file, is_erased=file.pk in erased) for file in files), len(entries), tuple(broken))


def _stand(media: MediaFile, *, is_erased: bool) -> FileStanding:
    fault = None if is_erased else check_file(media)
    standing = "erased" if is_erased else fault.kind if fault else "whole"
    return FileStanding(media.pk, media.sha256, media.derivation, media.byte_size, standing)


def _is_true(entry: CustodyEntry) -> bool:
    """The content is what was linked, the link hashes, its seal is ours, and the file's row says the same hash."""
    link, key = entry.link, settings.ENV.security.secret_key
    says_so = entry.content.get("sha256") == entry.media.sha256
    hashes = digest_of(link.number, link.previous, link.content_sha256) == link.digest
    is_sealed = hmac.compare_digest(seal_of(link.digest, key), link.seal)
    return says_so and hashes and is_sealed and hash_content(entry.content) == link.content_sha256

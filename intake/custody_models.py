"""Records of custody: entries with their links, erasures and what verification found. Part of ``intake.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models

from intake.custody import CustodyKind

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class CustodyEntry(models.Model):
    """Something that happened to evidence. Append-only. ``content`` is what the chain hashes; of what came from a sender it
    tells the day alone."""

    media = models.ForeignKey("intake.MediaFile", on_delete=models.PROTECT, related_name="custody")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in CustodyKind])
    content = models.JSONField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["media"], condition=models.Q(kind__in=["original", "copy"]), name="one_receipt_per_file"
            )
        ]
        triggers = [pgtrigger.Protect(name="custody_append_only", operation=_APPEND_ONLY)]


class CustodyLink(models.Model):
    """The place of an entry in the one chain of this installation. Append-only."""

    number = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(CustodyEntry, on_delete=models.PROTECT, related_name="link")
    previous = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    seal = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        triggers = [pgtrigger.Protect(name="custody_link_append_only", operation=_APPEND_ONLY)]


class MediaErasure(models.Model):
    """The bytes of a file are gone by a rule of retention; its row, hash and custody stay. Append-only."""

    media = models.OneToOneField("intake.MediaFile", on_delete=models.PROTECT, related_name="erasure")
    retention_class = models.CharField(max_length=40)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        triggers = [pgtrigger.Protect(name="erasure_append_only", operation=_APPEND_ONLY)]


class EvidenceFault(models.Model):
    """A stored file that is not what was received: altered or missing. Append-only: a repaired file keeps its mark."""

    media = models.ForeignKey("intake.MediaFile", on_delete=models.PROTECT, related_name="faults")
    kind = models.CharField(max_length=8, help_text="altered, missing")
    found_sha256 = models.CharField(max_length=64, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["media", "kind", "found_sha256"], name="one_fault_per_finding")]
        triggers = [pgtrigger.Protect(name="fault_append_only", operation=_APPEND_ONLY)]

"""What protects a sender: openings of the vault by two persons, and the relay in which neither side sees the other.

Part of ``intake.models``. Everything here is append-only: what was asked, allowed, opened and said stays.
"""

from __future__ import annotations

import secrets
import uuid

import pgtrigger
from django.db import models

from intake.kinds import OpeningStep, RelaySide

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


def make_handle() -> str:
    """A name for a request that says nothing of its sender, its code or its turn."""
    return f"v{secrets.token_hex(6)}"


class ContactOpening(models.Model):
    """One person's wish to open a sender's contact, with the reason. Append-only; what became of it is in its steps."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service_request = models.ForeignKey("intake.ServiceRequest", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["asked_at", "id"]
        triggers = [pgtrigger.Protect(name="opening_append_only", operation=_APPEND_ONLY)]


class ContactOpeningStep(models.Model):
    """Allowed, refused or opened: by whom and when. Append-only."""

    opening = models.ForeignKey(ContactOpening, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=8, choices=[(s.value, s.value) for s in OpeningStep])
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="opening_step_append_only", operation=_APPEND_ONLY)]


class RelayMessage(models.Model):
    """A question to a sender or the answer. Append-only. ``by`` is the officer; empty for the sender."""

    service_request = models.ForeignKey("intake.ServiceRequest", on_delete=models.PROTECT, related_name="relay")
    side = models.CharField(max_length=8, choices=[(s.value, s.value) for s in RelaySide])
    text = models.TextField()
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        triggers = [pgtrigger.Protect(name="relay_append_only", operation=_APPEND_ONLY)]


class RequestRating(models.Model):
    """What a sender thinks of the answer: 3 settled, 2 so-so, 1 not settled. Append-only; the newest counts."""

    service_request = models.ForeignKey("intake.ServiceRequest", on_delete=models.PROTECT, related_name="ratings")
    score = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=3), name="rating_1_to_3")]
        triggers = [pgtrigger.Protect(name="rating_append_only", operation=_APPEND_ONLY)]

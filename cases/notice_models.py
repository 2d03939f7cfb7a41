"""The outbox: what is to be told, to whom, by which channel, and every try. Part of ``cases.models``.

A row tells the kind and its figures (codes, dates), never an address of a sender: that stays in the vault of ``intake`` and is
opened by the delivery alone, at the moment of sending.
"""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from cases.notices.kinds import Channel, NoticeKind, NoticeState

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class Notice(models.Model):
    """One message by one channel, sent at least once; ``id`` goes along, so that the other side can drop a second one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=120, unique=True, help_text="what it tells, to whom, by what: never queued twice")
    kind = models.CharField(max_length=24, choices=[(k.value, k.value) for k in NoticeKind])
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in Channel])
    request = models.ForeignKey(
        "intake.ServiceRequest", null=True, on_delete=models.PROTECT, related_name="+", help_text="told to its sender"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", help_text="told to staff"
    )
    alert = models.ForeignKey(
        "intake.AreaAlert", null=True, on_delete=models.PROTECT, related_name="+", help_text="told to who asked for it"
    )
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=5, default="vi")
    values = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in NoticeState], default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(help_text="also the end of the lease while it is being sent")
    gives_up_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=120, blank=True)
    last_error = models.CharField(max_length=200, blank=True, help_text="code and cure, never an address")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(request=None, user__isnull=False, alert=None)
                | Q(request__isnull=False, user=None, alert=None)
                | Q(request=None, user=None, alert__isnull=False),
                name="notice_has_one_reader",
            )
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state__in=["queued", "sending"]), name="notices_due"),
            models.Index(fields=["channel", "state"]),
            models.Index(fields=["-created_at"]),
        ]
        triggers = [pgtrigger.Protect(name="notice_no_delete", operation=pgtrigger.Delete)]


class NoticeAttempt(models.Model):
    """One try and what came of it. Append-only."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12, help_text="sent, again, failed")
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="notice_attempt_append_only", operation=_APPEND_ONLY)]


class StaffAddress(models.Model):
    """Where a member of staff wants to be told. ``address``: e-mail, telephone, user id, or a push subscription as JSON."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_addresses")
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in Channel])
    address = models.TextField()
    language = models.CharField(max_length=5, default="vi")
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "channel", "address"], name="one_row_per_staff_address")]


class ChannelToken(models.Model):
    """A channel's current tokens, encrypted; a refresh token that was used once is worth nothing, so the newest is kept."""

    channel = models.CharField(max_length=12, unique=True, choices=[(c.value, c.value) for c in Channel])
    ciphertext = models.BinaryField()
    expires_at = models.DateTimeField()
    refreshed_at = models.DateTimeField()

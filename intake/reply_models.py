"""The first reply that says honestly that nobody has replied yet. Part of ``intake.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models

_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete


class InterimReply(models.Model):
    """What a sender was told before anybody had replied: where the report stood then. One per report, append-only."""

    service_request = models.OneToOneField(
        "intake.ServiceRequest", on_delete=models.PROTECT, related_name="interim_reply"
    )
    at = models.DateTimeField()
    standing = models.CharField(max_length=12, help_text="cases.interim.Standing")

    class Meta:
        triggers = [pgtrigger.Protect(name="interim_reply_append_only", operation=_APPEND_ONLY)]

"""Where a sender's browser can be told by its push service: sealed like the contact. Part of ``intake.models``."""

from __future__ import annotations

from django.db import models


class ReporterPush(models.Model):
    """A push subscription of a sender's browser for one report, encrypted. No officer-facing query joins it."""

    service_request = models.ForeignKey("intake.ServiceRequest", on_delete=models.CASCADE, related_name="+")
    ciphertext = models.BinaryField()
    created_at = models.DateTimeField()
    is_gone = models.BooleanField(default=False)

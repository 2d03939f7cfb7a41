"""Holds on evidence. Part of ``cases.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models


class RetentionHold(models.Model):
    """Nothing of this case is erased while a hold stands (a complaint, a suit). Only its release may be set, and once."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    released_by = models.CharField(max_length=150, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="hold_no_delete", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="hold_frozen", exclude=["released_by", "released_at"]),
        ]

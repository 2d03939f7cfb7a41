"""Second opinions on flags. Part of ``cases.models``."""

from __future__ import annotations

import pgtrigger
from django.db import models


class FlagOpinion(models.Model):
    """What another reviewer thinks of a decided flag. Append-only; it changes nothing but shows that people disagree."""

    flag = models.ForeignKey("rules.Flag", on_delete=models.PROTECT, related_name="opinions")
    says = models.CharField(max_length=10, help_text="accepted or dismissed")
    label = models.CharField(max_length=24, blank=True, help_text="one of cases.lifecycle.DismissReason")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="opinion_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

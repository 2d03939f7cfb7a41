"""What may leave the house: one row per published case, read only through the publication gate's views."""

from __future__ import annotations

from django.db import models


class Publication(models.Model):
    """A case's public page: which derived copies, since when, approved by whom."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="publication")
    before = models.ForeignKey("intake.MediaFile", null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("intake.MediaFile", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.CharField(max_length=150)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

"""What may leave the house: one row per published case, read only through the publication gate's views."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Publication(models.Model):
    """A case's public page: which derived copies, since when, approved by whom."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="publication")
    before = models.ForeignKey("intake.MediaFile", null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("intake.MediaFile", null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.CharField(max_length=150)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A planner's question kept under a name. ``code`` stands in its link; the question itself never does.

    Whoever is signed in and has the link may open it; only its owner may change or remove it.
    """

    code = models.CharField(max_length=32, unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    city = models.ForeignKey("geo.City", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    question = models.JSONField(help_text="as POST /api/v1/query takes it, without format")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_view_per_name")]

    def __str__(self) -> str:
        return self.name

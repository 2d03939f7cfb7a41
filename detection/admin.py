"""What an operator may look at in Django's admin: weights on record, runs and sightings. Nothing is changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from detection.models import DetectionRun, Sighting, Weights


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are read only: they come in through the actions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was seen stays as it was seen."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was seen stays on record."""
        return False


@admin.register(Weights)
class WeightsAdmin(RecordAdmin):
    """Which detectors may be named, with their licence and hash."""

    list_display = ("name", "runtime", "licence", "sha256", "registered_at")


@admin.register(DetectionRun)
class DetectionRunAdmin(RecordAdmin):
    """The raw answer about one observation."""

    list_display = ("observation", "runtime", "frames", "duration_ms", "finished_at")
    list_select_related = ("observation",)
    date_hierarchy = "finished_at"


@admin.register(Sighting)
class SightingAdmin(RecordAdmin):
    """Where a detected thing stands, or why that is not known."""

    list_display = ("observation", "subject", "label", "score", "method", "accuracy_m", "no_position_reason")
    list_filter = ("label", "method")
    list_select_related = ("observation",)

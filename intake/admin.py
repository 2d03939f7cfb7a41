"""What an operator may look at in Django's admin: evidence is shown and never changed there; contacts are not shown.

Cameras alone are edited here; their calibrations are added, never changed.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from intake.models import Camera, CameraCalibration, MediaFile, Observation, ServiceRequest


class EvidenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are read only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Evidence comes in through the actions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Evidence is append-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Evidence is append-only."""
        return False


@admin.register(MediaFile)
class MediaFileAdmin(EvidenceAdmin):
    """Stored files by hash; their bytes open only through a logged look. When one came is not shown: it may be a sender's."""

    list_display = ("id", "kind", "content_type", "byte_size", "derivation")
    exclude = ("received_at",)
    list_filter = ("kind", "derivation")
    search_fields = ("sha256",)


@admin.register(Observation)
class ObservationAdmin(EvidenceAdmin):
    """Pictures and clips with their source."""

    list_display = ("id", "source", "category", "is_duplicate_media")
    exclude = ("received_at", "service_request")
    list_filter = ("source", "category", "is_duplicate_media")


@admin.register(ServiceRequest)
class ServiceRequestAdmin(EvidenceAdmin):
    """Service requests by their handle: the code is half of the sender's key, and when one came is nobody's business."""

    list_display = ("handle", "category", "status", "channel")
    list_filter = ("status", "category", "channel")
    search_fields = ("handle",)
    fields = ("handle", "city", "category", "description", "status", "channel", "language", "with_route")
    readonly_fields = fields


@admin.register(Camera)
class CameraAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Fixed cameras."""

    list_display = ("name", "title", "city", "is_active", "is_generated")
    list_filter = ("city", "is_active")
    search_fields = ("name", "title")


@admin.register(CameraCalibration)
class CameraCalibrationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Dated calibrations: a new one is added, an old one stays."""

    list_display = ("camera", "valid_from", "residual_m", "source")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A calibration is a fact of its day."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As above."""
        return False

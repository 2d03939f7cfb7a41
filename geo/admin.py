"""The registers in Django's admin, to look at: they are written by loads only."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from geo import models


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(models.City)
class CityAdmin(ReadOnlyAdmin):
    """The loaded cities."""

    list_display = ("slug", "name_vi", "name_en", "is_default")
    exclude = ("geometry",)


@admin.register(models.RegisterSource)
class RegisterSourceAdmin(ReadOnlyAdmin):
    """What each source is and where it comes from."""

    list_display = ("name", "city", "register", "source_on", "publisher", "licence", "is_generated")
    list_filter = ("city", "register", "is_generated")
    exclude = ("coverage",)


@admin.register(models.RegisterLoad)
class RegisterLoadAdmin(ReadOnlyAdmin):
    """Each load with its counts."""

    list_display = ("source", "state", "source_on", "finished_at", "file_name")
    list_filter = ("state", "source__city")


@admin.register(models.RegisterIssue)
class RegisterIssueAdmin(ReadOnlyAdmin):
    """Faults of rows and what was done about them."""

    list_display = ("load", "row_ref", "key", "fault", "action", "detail")
    list_filter = ("fault", "action", "load__source__name")
    list_select_related = ("load__source",)


@admin.register(models.Parcel, models.Permit, models.ZoningDistrict, models.AdminUnit, models.SidewalkSegment)
class RecordAdmin(ReadOnlyAdmin):
    """Dated records by key."""

    list_display = ("key", "city", "source", "valid_from", "valid_to", "is_listed")
    list_filter = ("city", "source__name", "is_listed")
    search_fields = ("key",)
    exclude = ("geom",)

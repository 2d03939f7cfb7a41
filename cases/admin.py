"""Offices in Django's admin: dated data that the operator keeps. Roles, cases and their history are only looked at."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from cases.models import CalendarEdition, Case, Look, RoleAssignment, Unit


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """To look at: people move these through the actions, with a reason and a history."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(Unit)
class UnitAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Offices with their tasks; ended by a date, not deleted."""

    list_display = ("code", "name", "city", "valid_from", "valid_to")
    list_filter = ("city",)
    search_fields = ("code", "name")

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """A unit that has ended keeps its row."""
        return False


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ReadOnlyAdmin):
    """Who holds which role where. Given and ended in the application, with the decision it rests on."""

    list_display = ("user", "role", "unit", "city", "valid_from", "valid_to")
    list_filter = ("role", "city")


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Cases."""

    list_display = ("code", "use", "state", "unit_code", "due_at")
    list_filter = ("state", "use")
    search_fields = ("code",)


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    """Every look at an original."""

    list_display = ("at", "user", "media", "reason")


@admin.register(CalendarEdition)
class CalendarEditionAdmin(ReadOnlyAdmin):
    """Calendars as they were loaded."""

    list_display = ("city", "loaded_at", "sha256")

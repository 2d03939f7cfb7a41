"""What an operator may look at in Django's admin: flags with what they were decided by, their history, the law on record.

Nothing is changed here: flags move by ``cases.actions``, law comes in with its city pack.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from rules.models import Flag, FlagEvent, OrdinanceSet


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that are read only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come in through the actions."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Findings and law on record stay as they are."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Findings and law on record stay."""
        return False


class FlagEventRows(admin.TabularInline):  # type: ignore[type-arg]
    """The history of one flag below it."""

    model = FlagEvent
    extra = 0
    can_delete = False
    readonly_fields = ("at", "actor", "from_state", "to_state", "reason", "note")


@admin.register(Flag)
class FlagAdmin(RecordAdmin):
    """Findings of the rules."""

    list_display = ("id", "rule_code", "use", "verdict", "state", "priority", "seen_at")
    list_filter = ("rule_code", "verdict", "state", "use")
    raw_id_fields = ("observation", "sighting")
    inlines = (FlagEventRows,)


@admin.register(OrdinanceSet)
class OrdinanceSetAdmin(RecordAdmin):
    """The dated law as it was loaded, newest first."""

    list_display = ("city", "sha256", "loaded_at")
    list_filter = ("city",)

"""A case's history in whole sentences of one language, for the case's page and the application."""

from __future__ import annotations

from uuid import UUID

from django.utils import translation

from cases.history_words import say_entry
from cases.models import Case
from cases.queries.calendars import get_calendar
from cases.queries.timeline import TimelineEntry, list_case_timeline


def tell_history(case_id: UUID, language: str) -> tuple[tuple[TimelineEntry, str], ...]:
    """Each entry with its sentence, oldest first. Check the right with ``get_case`` before."""
    city = Case.objects.select_related("city").defer("city__geometry").get(pk=case_id).city
    reasons = get_calendar(city).pack.pause_reasons
    names = {reason.code: (reason.name_en if language == "en" else "") or reason.name for reason in reasons}
    entries = list_case_timeline(case_id)
    with translation.override(language):
        return tuple((entry, say_entry(entry, timezone=city.timezone, pause_names=names)) for entry in entries)

"""``/dashboard/``: for leaders: what waits, is open, is late and came back, by ward; how often the machine was right."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.queries import count_by_ward
from cases.shares import LEAST_SAMPLES, measure_share
from web.access import readers_only
from web.answers import answer_page
from web.queries.decisions import count_agreement
from web.queries.people import Reader

PERIOD = timedelta(days=90)


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_lead)
def show_figures(request: HttpRequest, reader: Reader) -> HttpResponse:
    """The figures of the reader's units, with what each of them counts."""
    now = timezone.now()
    wards = count_by_ward(reader.rights, now=now)
    agreement = count_agreement(reader.rights, since=now - PERIOD)
    context = {
        "wards": wards, "now": now, "days": PERIOD.days, "least": LEAST_SAMPLES,
        "waiting": sum(ward.awaiting_review for ward in wards), "open": sum(ward.open_cases for ward in wards),
        "late": sum(ward.late_cases for ward in wards), "again": sum(ward.recurrences for ward in wards),
        "agreement": [(row, measure_share(row.confirmed, row.decided)) for row in agreement],
    }  # fmt: skip
    return answer_page(request, "web/dashboard.html", context, here="dashboard")

"""``/health`` and ``/metrics``, for operators' machines; neither says anything of a person or place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from api import figures
from api.health import check_health
from api.plain import to_plain


@require_safe
def show_health(_request: HttpRequest) -> JsonResponse:
    """200 when every part works, 503 when one is missing; which one is said."""
    parts = check_health()
    is_well = all(part.ok for part in parts.values())
    body = {"status": "ok" if is_well else "not_well", **{name: to_plain(part) for name, part in parts.items()}}
    return JsonResponse(body, status=200 if is_well else 503, headers={"Cache-Control": "no-store"})


@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' form."""
    figures.refresh()
    answer: HttpResponse = ExportToDjangoView(request)
    return answer


urlpatterns = [path("health", show_health, name="health"), path("metrics", show_metrics, name="metrics")]

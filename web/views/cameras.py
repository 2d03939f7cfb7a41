"""``/cameras/``: how every camera is, for those who look after them; ``/cameras/<id>/still/``: a redacted picture of now."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from errors import NotFound
from intake.camera_words import say_fault, say_note, say_state
from intake.models import Camera
from pipeline.camera_queries import CameraStatus, ask_for_still, list_camera_status
from web.access import readers_only
from web.answers import answer_page
from web.queries.people import Reader

WELL = frozenset({"live", "off_schedule", "switched_off"})


@dataclass(frozen=True, slots=True)
class CameraRow:
    """One camera with its words; ``tone`` is ok, wait or bad, and stands beside a word, never alone."""

    status: CameraStatus
    words: str
    tone: str
    fault: str
    notes: tuple[str, ...]


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_operate)
def show_cameras(request: HttpRequest, reader: Reader) -> HttpResponse:
    """All cameras of the operator's cities, those with a fault first."""
    cities = {held.city_id for held in reader.rights.held}
    rows = sorted((_row(status) for status in list_camera_status(cities)), key=lambda row: row.tone != "bad")
    well = sum(row.tone == "ok" for row in rows)
    return answer_page(request, "web/cameras.html", {"rows": rows, "well": well}, here="cameras")


@never_cache
@require_safe
@readers_only(lambda reader: reader.may_operate)
def show_still(request: HttpRequest, reader: Reader, camera_id: int) -> HttpResponse:
    """The picture, or a page that asks again by itself until its runner has made one."""
    cities = {held.city_id for held in reader.rights.held}
    camera = Camera.objects.filter(pk=camera_id, city_id__in=cities).first()
    if camera is None:
        raise NotFound("There is no such camera.", field="camera", value=camera_id)
    found = ask_for_still(camera_id)
    if found is not None:
        return HttpResponse(found[0], content_type="image/jpeg")
    answer = HttpResponse(
        _("The picture is being made. This page asks again by itself."), content_type="text/plain; charset=utf-8"
    )
    answer["Refresh"] = "2"
    return answer


def _row(status: CameraStatus) -> CameraRow:
    tone = "ok" if status.state in WELL else "wait" if status.state in ("starting", "connecting") else "bad"
    return CameraRow(
        status, say_state(status.state), tone, say_fault(status.last_fault), tuple(say_note(n) for n in status.notes)
    )

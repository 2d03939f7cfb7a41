"""Pictures of the ground over HTTP: their list, TileJSON and tiles. Staff-only ones to signed-in staff."""

from __future__ import annotations

from hashlib import blake2b
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from cases.permissions import is_staff_member
from errors import NotAllowed, NotFound
from geo.models import Imagery
from tiles.imagery import Drawn, find_drawn, find_imagery, list_imagery, locate, to_json
from tiles.views.answers import find_city, read_day, with_faults

Record = TypeVar("Record", Imagery, Drawn)
TYPES = {"webp": "image/webp", "jpeg": "image/jpeg", "png": "image/png"}


@require_safe
@with_faults
def list_pictures(request: HttpRequest) -> HttpResponseBase:
    """Imagery of a city, newest first: ``?city=``, ``?on=DAY`` (taken on or before), ``?kind=``."""
    is_staff = is_staff_member(request.user)
    city = find_city(request)
    records = list_imagery(city, is_staff=is_staff, on=read_day(request), kind=request.GET.get("kind", ""))
    base = request.build_absolute_uri("/")
    body = {"city": city.slug, "imagery": [to_json(record, base) for record in records]}
    return JsonResponse(body, headers={"Cache-Control": "no-cache", "Vary": "Cookie"})


@require_safe
@with_faults
def show_tilejson(request: HttpRequest, name: str) -> HttpResponseBase:
    """TileJSON 3.0 of one picture."""
    record = _get(request, name)
    told = to_json(record, request.build_absolute_uri("/"))
    kept = {key: told[key] for key in ("tiles", "bounds", "minzoom", "maxzoom")}
    attribution = " ".join(filter(None, (record.source, record.licence)))
    return JsonResponse({"tilejson": "3.0.0", "name": record.title, "attribution": attribution, "scheme": "xyz"} | kept)


@require_safe
@with_faults
def serve_picture(request: HttpRequest, name: str, z: int, x: int, y: int, form: str) -> HttpResponseBase:
    """One tile of 256 px; 204 where the picture does not reach. Its address says the version, so it may be kept for long."""
    if z > 24 or x >= 2**z or y >= 2**z:
        raise Http404
    record = _admit(request, find_drawn(name), name)
    etag = f'"{record.file_sha256[:16]}-{form}"'
    asked_now = request.GET.get("v") == record.file_sha256[:8]
    scope = "private" if record.staff_only else "public"
    headers = {"ETag": etag, "Cache-Control": f"{scope}, max-age={31_536_000 if asked_now else 300}"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    drawn = _draw(record, z, x, y, form)
    if drawn is None:
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(drawn, content_type=TYPES[form], headers=headers)


def _draw(record: Drawn, z: int, x: int, y: int, form: str) -> bytes | None:
    from tiles.raster.drawing import Look, draw_tile  # loads rasterio with the first raster tile of this worker

    path = locate(record)
    if not path.exists():
        raise NotFound(
            "The file of this picture is missing.", field="imagery", value=record.name, cure="Take it in again."
        )
    low_high = tuple((low, high) for low, high in record.style.get("rescale", []))
    look = Look(low_high, bool(record.style.get("nearest", False)))
    return draw_tile(path, int(blake2b(record.path.encode(), digest_size=6).hexdigest(), 16), look, z, x, y, form)


def _get(request: HttpRequest, name: str) -> Imagery:
    return _admit(request, find_imagery(name), name)


def _admit(request: HttpRequest, record: Record | None, name: str) -> Record:
    """The record, if there is one and this reader may see it."""
    if record is None:
        raise NotFound("No such imagery.", field="imagery", value=name, cure="See /imagery.json.")
    if record.staff_only and not is_staff_member(request.user):
        raise NotAllowed("This picture is for staff.", field="imagery", value=name, cure="Sign in.")
    return record

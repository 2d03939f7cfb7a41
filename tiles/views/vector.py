"""Vector tiles over HTTP: registers and base map from their archives to anyone, live layers to those whose role reaches them."""

from __future__ import annotations

import gzip
from datetime import date
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from errors import NotAllowed
from geo.models import City
from tiles.archive import Archive, find_archive
from tiles.archive_files import find_city_base, get_archive_path
from tiles.byte_ranges import NotSatisfiable, parse_range
from tiles.dated_tiles import cut_register_tile
from tiles.layers import BASE_ARCHIVE, find_layer
from tiles.live_callers import rights_of_caller
from tiles.live_layers import LIVE_LAYERS, Audience
from tiles.live_scope import Scope, read_filters, scope_of
from tiles.live_tiles import cut_tile
from tiles.tilejson import describe_archive, describe_live, describe_register
from tiles.views.answers import answer_tile, read_day, with_faults

FRESH = "public, max-age=300"
OF_A_DAY = "public, max-age=3600"
CITY_PREFIX = "city-"


@require_safe
@with_faults
def serve_tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponseBase:
    """One vector tile; ``?on=DAY``: the registers as of that day. 204 where nothing is."""
    if z > 24 or x >= 2**z or y >= 2**z:
        raise Http404
    if layer in LIVE_LAYERS:
        return _serve_live(request, layer, z, x, y)
    on = read_day(request) if request.GET else None
    archive = find_archive(_path_of(layer, on))
    if archive is None and on is not None:
        return _serve_cut(request, layer, on, z, x, y)
    if archive is None:
        return answer_tile(request, None, '"none"', FRESH)
    return answer_tile(request, *archive.get_with_etag(z, x, y), FRESH if on is None else OF_A_DAY)


def _serve_cut(request: HttpRequest, layer: str, on: date, z: int, x: int, y: int) -> HttpResponseBase:
    """A day without a build: the tile is cut from the registers, whole like the others."""
    tile = cut_register_tile(layer, on, z, x, y)
    return answer_tile(request, gzip.compress(tile, 1) if tile else None, _hash(tile), OF_A_DAY)


def _serve_live(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponseBase:
    """A tile of what the reader may see; the headers say how many records it holds and whether they are clusters."""
    found = LIVE_LAYERS[layer]
    scope = scope_of(found, rights_of_caller(request))
    if scope is None:
        raise NotAllowed("This layer is not for your role.", field="layer", value=layer, cure="Sign in as staff.")
    if z < found.min_zoom:
        return answer_tile(request, None, '"none"', "private, no-cache")
    asked = read_filters(found, request.GET.dict(), _zone(), (z, x, y)) if request.GET else Scope()
    tile = cut_tile(found, scope.join(asked), z, x, y)
    cache = "public, max-age=60" if found.audience is Audience.ANYONE else "private, no-cache"
    answer = answer_tile(request, gzip.compress(tile.data, 1) if tile.data else None, _hash(tile.data), cache)
    answer["X-Tile-Records"] = str(tile.count)
    answer["X-Tile-Clustered"] = "yes" if tile.is_clustered else "no"
    return answer


def _zone() -> str:
    """The days of a filter are the default city's."""
    return City.objects.filter(is_default=True).values_list("timezone", flat=True).first() or settings.TIME_ZONE


def _hash(data: bytes) -> str:
    return f'"{blake2b(data, digest_size=10).hexdigest()}"'


def _path_of(layer: str, on: date | None) -> Path:
    """The archive of a register layer, of the base map or of a city's own base map; Http404 for another name."""
    if layer == BASE_ARCHIVE or find_layer(layer) is not None:
        return get_archive_path(layer, on)
    if layer.startswith(CITY_PREFIX):
        city = City.objects.filter(slug=layer.removeprefix(CITY_PREFIX)).first()
        path = find_city_base(city) if city else None
        if path is not None:
            return path
    raise Http404


@require_safe
@with_faults
def serve_archive(request: HttpRequest, layer: str) -> HttpResponseBase:
    """A whole archive as PMTiles, by HTTP range, as its readers ask; a changed file is noticed by ETag and If-Range."""
    path = _path_of(layer, read_day(request))
    if not path.exists():
        raise Http404
    stat = path.stat()
    etag = f'"{stat.st_ino:x}-{stat.st_mtime_ns:x}"'
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(stat.st_mtime),
        "Cache-Control": FRESH,
    }
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    is_current = request.headers.get("If-Range", etag) == etag
    try:
        asked = parse_range(request.headers.get("Range", ""), stat.st_size) if is_current else None
    except NotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stat.st_size}"})
    if asked is None:
        return FileResponse(path.open("rb"), content_type="application/vnd.pmtiles", headers=headers)
    first, last = asked
    with path.open("rb") as file:
        file.seek(first)
        part = file.read(last - first + 1)
    headers["Content-Range"] = f"bytes {first}-{last}/{stat.st_size}"
    return HttpResponse(part, status=206, content_type="application/vnd.pmtiles", headers=headers)


@require_safe
@with_faults
def show_tilejson(request: HttpRequest, layer: str) -> HttpResponseBase:
    """TileJSON 3.0 of a layer, of the base map or of a live layer."""
    on = read_day(request)
    day = f"?on={on.isoformat()}" if on else ""
    url = f"{request.build_absolute_uri('/')}tiles/{layer}/{{z}}/{{x}}/{{y}}.pbf{day}"  # braces stay as they are
    if layer in LIVE_LAYERS:
        return JsonResponse(describe_live(LIVE_LAYERS[layer], url))
    path = _path_of(layer, on)
    archive: Archive | None = find_archive(path)
    return JsonResponse(
        describe_register(layer, archive, url) if archive is None else describe_archive(layer, archive, url)
    )

"""HTTP of the map: tiles from the archives to anyone, live tiles to staff, TileJSON, style and legend."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cases.permissions import is_staff_member
from errors import NotFound
from geo.models import City
from tiles.archive import find_archive
from tiles.layers import RegisterLayer, find_layer
from tiles.live_tiles import LIVE_LAYERS, LiveLayer, cut_tile
from tiles.register_tiles import get_archive_path
from tiles.style import make_legend, make_style

MVT = "application/vnd.mapbox-vector-tile"


@require_safe
def serve_tile(request: HttpRequest, layer: str, z: int, x: int, y: int) -> HttpResponse:
    """One vector tile. Registers: anyone. Live layers: signed-in staff. 204 where nothing is."""
    if z > 22 or x >= 2**z or y >= 2**z:
        raise Http404
    register = find_layer(layer)
    if register is not None:
        archive = find_archive(get_archive_path(register.name))
        tile = archive.get(z, x, y) if archive else None
        return _answer_tile(request, tile, "public, max-age=300")
    live = LIVE_LAYERS.get(layer)
    if live is None:
        raise Http404
    if not is_staff_member(request.user):
        return HttpResponse(status=403)
    cut = cut_tile(live, z, x, y)
    return _answer_tile(request, gzip.compress(cut, 1) if cut else None, "private, no-cache")


def _answer_tile(request: HttpRequest, tile: bytes | None, cache: str) -> HttpResponse:
    if not tile:
        return HttpResponse(status=204, headers={"Cache-Control": cache})
    etag = f'"{sha256(tile).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Cache-Control": cache, "Vary": "Cookie" if "private" in cache else "Accept-Encoding"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(gzip.decompress(tile), content_type=MVT, headers=headers)
    return HttpResponse(tile, content_type=MVT, headers={**headers, "Content-Encoding": "gzip"})


@require_safe
def serve_archive(request: HttpRequest, layer: str) -> HttpResponseBase:
    """A whole layer as PMTiles, by HTTP range, as its readers ask."""
    found = find_layer(layer)
    path = get_archive_path(found.name) if found else None
    if path is None or not path.exists():
        raise Http404
    total = path.stat().st_size
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
    if asked is None:
        return FileResponse(path.open("rb"), content_type="application/vnd.pmtiles", headers={"Accept-Ranges": "bytes"})
    first, last = int(asked[1]), min(int(asked[2] or total - 1), total - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{total}"})
    with path.open("rb") as file:
        file.seek(first)
        part = file.read(last - first + 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{total}", "Accept-Ranges": "bytes"}
    return HttpResponse(part, status=206, content_type="application/vnd.pmtiles", headers=headers)


@require_safe
def show_tilejson(request: HttpRequest, layer: str) -> JsonResponse:
    """TileJSON 3.0 of a layer."""
    found: RegisterLayer | LiveLayer | None = find_layer(layer) or LIVE_LAYERS.get(layer)
    if found is None:
        raise Http404
    tiles = request.build_absolute_uri(f"/tiles/{found.name}/{{z}}/{{x}}/{{y}}.pbf")
    fields = dict.fromkeys((name for name, _ in found.select), "") if isinstance(found, RegisterLayer) else {}
    layers = [{"id": found.name, "fields": fields}]
    body = {"tilejson": "3.0.0", "name": found.name, "tiles": [tiles], "vector_layers": layers}
    return JsonResponse(body | {"minzoom": found.min_zoom, "maxzoom": found.max_zoom})


@require_safe
def show_style(request: HttpRequest) -> JsonResponse:
    """MapLibre style of a city (``?city=``): base map and register layers, in the reader's language."""
    return JsonResponse(make_style(_find_city(request), base=request.build_absolute_uri("/")))


@require_safe
def show_legend(request: HttpRequest) -> JsonResponse:
    """Codes, names and fills of a city's layers, for the legend."""
    return JsonResponse(make_legend(_find_city(request), language=get_language() or "vi"), safe=False)


def _find_city(request: HttpRequest) -> City:
    slug = request.GET.get("city", "")
    city = City.objects.filter(slug=slug).first() if slug else City.objects.filter(is_default=True).first()
    if city is None:
        raise NotFound("No such city is loaded.", field="city", value=slug, cure="Load its pack: manage.py load_city.")
    return city

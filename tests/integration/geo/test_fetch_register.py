"""Fetching a register from endpoints that page, stall, break off, answer HTML or lie: a real server on this machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pyproj import Transformer

from errors import InputError, TemporaryError
from geo.importers import endpoint
from geo.importers.endpoint import fetch_pages
from geo.importers.faults import RefusedFile
from geo.models import Parcel
from tests.small_city import PROJ4

if TYPE_CHECKING:
    from geo.load_summary import LoadSummary

OGC, ARCGIS, WFS = (
    "/collections/parcels/items",
    "/rest/services/p/FeatureServer/0",
    "/ows?service=WFS&typeNames=parcels",
)
ROWS = 12

Spoil = Callable[["Endpoint", BaseHTTPRequestHandler, int], bool]


class Endpoint:
    """A register behind HTTP in three dialects; ``spoil`` may answer a request its own way, by its number."""

    def __init__(self, features: list[dict[str, Any]]) -> None:
        self.features = features
        self.spoil: Spoil = lambda *_: False
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if not outer.spoil(outer, self, len(outer.asked)):
                    outer.answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        at = urlsplit(request.path)
        words = {key: values[0] for key, values in parse_qs(at.query).items()}
        body: str | dict[str, Any]
        if at.path.startswith("/collections"):
            body = self._page_of_ogc(int(words.get("offset", 0)), int(words["limit"]))
        elif at.path.endswith("/query"):
            body = self._page_of_arcgis(int(words["resultOffset"]), int(words["resultRecordCount"]))
        else:
            body = self._page_of_wfs(int(words["startIndex"]), int(words["count"]))
        send(request, body.encode() if isinstance(body, str) else json.dumps(body).encode())

    def _page_of_ogc(self, start: int, count: int) -> dict[str, Any]:
        some = self.features[start : start + count]
        following = f"{OGC}?f=json&limit={count}&offset={start + count}"
        links = [{"rel": "next", "href": following}] if start + count < len(self.features) else []
        return {
            "type": "FeatureCollection", "features": some, "numberMatched": len(self.features), "numberReturned": len(some),
            "links": links,
        }  # fmt: skip

    def _page_of_arcgis(self, start: int, count: int) -> dict[str, Any]:
        some = self.features[start : start + count]
        names = {name: "Double" if name == "area" else "String" for name in some[0]["properties"]}
        page = {
            "geometryType": "esriGeometryPolygon", "spatialReference": {"wkid": 4326},
            "fields": [{"name": name, "type": f"esriFieldType{kind}"} for name, kind in names.items()],
            "features": [{"attributes": f["properties"], "geometry": {"rings": f["geometry"]["coordinates"]}} for f in some],
        }  # fmt: skip
        return page | ({"exceededTransferLimit": True} if start + count < len(self.features) else {})

    def _page_of_wfs(self, start: int, count: int) -> str:
        some = self.features[start : start + count]
        members = "".join(_write_member(number, one) for number, one in enumerate(some, start))
        names = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:v="urn:v"'
        return (
            f'<wfs:FeatureCollection {names} numberMatched="{len(self.features)}" numberReturned="{len(some)}">'
            f"{members}</wfs:FeatureCollection>"
        )


def _write_member(number: int, feature: dict[str, Any]) -> str:
    ring = " ".join(f"{lat} {lon}" for lon, lat in feature["geometry"]["coordinates"][0])
    values = "".join(
        f"<v:{name}>{value}</v:{name}>" for name, value in feature["properties"].items() if value is not None
    )
    return (
        f'<wfs:member><v:parcel gml:id="p.{number}">{values}<v:shape>'
        '<gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior>'
        f"<gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></v:shape>"
        "</v:parcel></wfs:member>"
    )


def send(request: BaseHTTPRequestHandler, body: bytes, *, status: int = 200, short_by: int = 0) -> None:
    request.send_response(status)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body[: len(body) - short_by])
    request.close_connection = True


@pytest.fixture
def server(pack_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    monkeypatch.setattr(endpoint, "PAUSES_S", (0.01, 0.01))
    made = Endpoint(json.loads((pack_path / "data" / "parcels.geojson").read_text())["features"])
    yield made
    made.server.shutdown()


def fetch(server: Endpoint, path: str, folder: Path, **how: Any) -> tuple[int, int]:
    last = [*fetch_pages(server.base + path, folder, **({"page_rows": 5} | how))][-1]
    return last.pages, last.rows


@pytest.mark.parametrize("path", [OGC, ARCGIS, WFS])
def test_all_rows_come_and_load(
    path: str, server: Endpoint, tmp_path: Path, loaded: Any, load: Callable[..., LoadSummary]
) -> None:
    folder = tmp_path / "pages"
    assert fetch(server, path, folder) == (3, ROWS)
    summary = load("parcels", folder)
    assert (summary.state, summary.withdrawn) == ("done", 0)
    assert Parcel.objects.filter(is_listed=True).count() == ROWS


def stalls(server: Endpoint, request: BaseHTTPRequestHandler, number: int) -> bool:
    if number < 2:
        return False
    time.sleep(1.0)
    return True


def breaks_off(server: Endpoint, request: BaseHTTPRequestHandler, number: int) -> bool:
    if number >= 2:
        send(request, b'{"type": "FeatureCollection", "features": [', short_by=10)
    return number >= 2


def overloaded(server: Endpoint, request: BaseHTTPRequestHandler, number: int) -> bool:
    if number >= 2:
        send(request, b"later", status=503)
    return number >= 2


@pytest.mark.parametrize("spoil", [stalls, breaks_off, overloaded])
def test_a_server_that_gives_up_loses_no_page_and_the_fetch_goes_on(
    spoil: Spoil, server: Endpoint, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    server.spoil = spoil
    with pytest.raises(TemporaryError, match="in 3 attempts") as told:
        fetch(server, OGC, folder, timeout_s=0.2)
    assert told.value.field == "address"
    assert "run the same command again" in told.value.cure
    assert [path.name for path in sorted(folder.iterdir())] == ["address", "page-000001.json"]
    server.spoil = lambda *_: False
    server.asked.clear()
    assert fetch(server, OGC, folder) == (3, ROWS)
    assert len(server.asked) == 2  # the first page was not asked for again


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        pytest.param(b"<!DOCTYPE html><html>Sign in</html>", 200, "HTML instead of data", id="HTML"),
        pytest.param(b'{"error": {"code": 498, "message": "Invalid token"}}', 200, "Invalid token", id="its own error"),
        pytest.param(b"no such layer", 404, "status 404: no such layer", id="not found"),
        pytest.param(b'{"type": "FeatureCollection", "feat', 200, "broken off", id="cut by the server itself"),
    ],
)
def test_an_answer_that_is_no_data_is_told_and_not_kept(
    body: bytes, status: int, words: str, server: Endpoint, tmp_path: Path
) -> None:
    def spoil(_: Endpoint, request: BaseHTTPRequestHandler, number: int) -> bool:
        if number == 2:
            send(request, body, status=status)
        return number == 2

    server.spoil = spoil
    with pytest.raises(InputError, match=words):
        fetch(server, OGC, tmp_path / "pages")
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["address", "page-000001.json"]


def test_a_server_that_ends_early_or_in_a_circle_is_told(server: Endpoint, tmp_path: Path) -> None:
    def spoil(server: Endpoint, request: BaseHTTPRequestHandler, number: int) -> bool:
        page = {"type": "FeatureCollection", "features": server.features[:5], "numberMatched": ROWS, "links": []}
        if number > 1:
            page["links"] = [{"rel": "next", "href": request.path}]
        send(request, json.dumps(page).encode())
        return True

    server.spoil = spoil
    with pytest.raises(InputError, match="5 of 12 rows"):
        fetch(server, OGC, tmp_path / "early")
    with pytest.raises(InputError, match="this very page"):
        fetch(server, OGC, tmp_path / "circle")


def test_an_endpoint_that_lies_about_its_system_is_refused_by_the_load(
    server: Endpoint, tmp_path: Path, loaded: Any, load: Callable[..., LoadSummary]
) -> None:
    """It sends metres and calls them degrees: the fetch keeps what came, the load says in which system it would lie here."""
    to_metres = Transformer.from_crs("EPSG:4326", PROJ4, always_xy=True)
    for feature in server.features:
        rings = feature["geometry"]["coordinates"]
        feature["geometry"]["coordinates"] = [[list(to_metres.transform(*point)) for point in ring] for ring in rings]
    fetch(server, ARCGIS, tmp_path / "pages")
    with pytest.raises(RefusedFile, match="lie in the city"):
        load("parcels", tmp_path / "pages")
    assert Parcel.objects.filter(is_listed=True).count() == ROWS


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ftp://x/items", "This is no address"),
        ("no address", "This is no address"),
        ("https://city.example/map", "asked page by page"),
    ],
)
def test_an_address_that_is_no_endpoint(address: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        next(fetch_pages(address, tmp_path / "pages"))
    assert not (tmp_path / "pages").exists()


def test_two_registers_do_not_share_a_folder_and_keys_are_not_told(server: Endpoint, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    fetch(server, f"{OGC}?token=geheim", folder)
    assert "geheim" not in (folder / "address").read_text()
    with pytest.raises(InputError, match="holds pages of"):
        fetch(server, ARCGIS, folder)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(InputError, match="other files"):
        fetch(server, OGC, tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep"

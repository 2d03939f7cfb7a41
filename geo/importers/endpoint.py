"""Asking a register's endpoint for all its rows, page after page, into a folder that ``load_register`` reads as one file.

OGC API Features (``.../collections/NAME/items``), ArcGIS REST (``.../FeatureServer/0``) and WFS 2.0
(``...?service=WFS&typeNames=NAME``) are told apart by their address. A page is kept only when it came whole and holds data
(``geo.importers.pages``); what was kept is not asked for again, so a fetch that was cut goes on where it stopped. What a server
says of its coordinate system is looked into by the load, which sees where the rows would lie.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urljoin

import httpx

from errors import InputError, TemporaryError
from geo.importers.pages import Page, find_missing, read_page

PAGE_ROWS = 1000
TIMEOUT_S = 60.0
PAUSES_S = (2.0, 8.0, 30.0)  # between attempts at one page
MOST_PAGE_BYTES = 256 * 2**20
_ADDRESS_FILE = "address"  # no ending: not a page itself


@dataclass(frozen=True, slots=True)
class Fetched:
    """How far a fetch is: pages and rows kept so far, rows the server says there are in all (None: it does not say)."""

    pages: int
    rows: int
    matched: int | None


@dataclass(frozen=True, slots=True)
class _Form:
    """How one kind of endpoint is asked: its file ending, the first page's query, and the next address after a page."""

    ending: str
    first: Callable[[httpx.URL, int], httpx.URL]
    follow: Callable[[httpx.URL, Page, int, int], httpx.URL | None]


def fetch_pages(
    address: str, folder: Path, *, page_rows: int = PAGE_ROWS, timeout_s: float = TIMEOUT_S
) -> Iterator[Fetched]:
    """Fill ``folder`` with the pages of an endpoint; tells after each page how far it is.

    InputError: no such kind of endpoint, a folder with pages of another one, or an answer that is no data (HTML, the server's
    own error, broken off). TemporaryError: no answer in time after all attempts. The pages before it stay.
    """
    start = _read_address(address)
    form = _find_form(start)
    _claim(folder, start)
    url: httpx.URL | None = form.first(start, page_rows)
    pages: list[Page] = []
    rows, matched = 0, None
    with httpx.Client(timeout=timeout_s, follow_redirects=True) as client:
        while url is not None:
            path = folder / f"page-{len(pages) + 1:06d}{form.ending}"
            page = _keep(client, url, path)
            pages.append(page)
            rows, matched = rows + page.rows, page.matched if page.matched is not None else matched
            yield Fetched(len(pages), rows, matched)
            following = form.follow(url, page, rows, page_rows)
            if following == url:
                raise _refusal(url, path, "the server names this very page as the next one")
            url = following
    faults = find_missing(pages)
    if faults:
        raise InputError(
            f"The endpoint ended before all rows were here: {faults[0].said}",
            field="address",
            value=_name(start),
            cure="Its register may have changed meanwhile: fetch it into an empty folder.",
        )


def _keep(client: httpx.Client, url: httpx.URL, path: Path) -> Page:
    """The page on disk: kept from before, or asked for now."""
    if path.exists():
        kept = read_page(path)
        if not kept.fault:
            return kept
    part = path.with_suffix(".part")
    _download(client, url, part)
    page = read_page(part)
    if page.fault:
        part.unlink()
        raise _refusal(url, path, page.fault)
    part.replace(path)
    return replace(page, path=path)


def _download(client: httpx.Client, url: httpx.URL, part: Path) -> None:
    last = ""
    for pause in (*PAUSES_S, None):
        try:
            with client.stream("GET", url) as answer:
                if answer.status_code < 500 and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                    return _write(answer, part)
                last = f"status {answer.status_code}"
        except httpx.HTTPError as error:
            last = f"{type(error).__name__}: {error}".rstrip(": ")
        part.unlink(missing_ok=True)
        if pause is not None:
            time.sleep(pause)
    raise TemporaryError(
        f"The endpoint gave no whole answer in {1 + len(PAUSES_S)} attempts ({last}).",
        field="address",
        value=_name(url),
        cure="The pages so far are kept: run the same command again later, or give it more --timeout or fewer --page-rows.",
    )


def _write(answer: httpx.Response, part: Path) -> None:
    if answer.is_error:
        answer.read()
        raise _refusal(answer.url, part, f"status {answer.status_code}: {answer.text[:120].strip()}")
    size = 0
    with part.open("wb") as file:
        for piece in answer.iter_bytes():
            size += len(piece)
            if size > MOST_PAGE_BYTES:
                raise _refusal(
                    answer.url, part, f"a page of more than {MOST_PAGE_BYTES // 2**20} MB; ask for fewer rows"
                )
            file.write(piece)


def _read_address(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise InputError("This is no address.", field="address", value=address, cure=str(error)) from error
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError("This is no address.", field="address", value=_name(url), cure="Begin with https://")
    return url


def _find_form(url: httpx.URL) -> _Form:
    path, words = url.path.rstrip("/"), {key.lower(): value for key, value in url.params.items()}
    if words.get("service", "").lower() == "wfs":
        return _WFS
    if path.endswith("/items"):
        return _OGC
    if ("/FeatureServer/" in path or "/MapServer/" in path) and path.rsplit("/", 1)[-1].isdigit():
        return _ARCGIS
    raise InputError(
        "This address is no endpoint of a register that can be asked page by page.",
        field="address",
        value=_name(url),
        cure="Give .../collections/NAME/items (OGC API Features), .../FeatureServer/NUMBER (ArcGIS), or"
        " ...?service=WFS&typeNames=NAME.",
    )


def _claim(folder: Path, start: httpx.URL) -> None:
    """One folder holds the pages of one endpoint: mixed ones would load as one register."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / _ADDRESS_FILE
    if not mark.exists() and any(folder.iterdir()):
        raise InputError("This folder holds other files.", field="folder", value=folder, cure="Give an empty one.")
    if mark.exists() and mark.read_text() != _name(start):
        raise InputError(
            f"This folder holds pages of {mark.read_text()}.", field="folder", value=folder, cure="Give an empty one."
        )
    mark.write_text(_name(start))


def _name(url: httpx.URL) -> str:
    """An address as it may be told: keys and passwords out of sight."""
    shown = url.copy_with(username=None, password=None)
    for key in list(shown.params):
        if key.lower() in ("token", "key", "apikey", "api_key", "access_token"):
            shown = shown.copy_remove_param(key)
    return str(shown)


def _refusal(url: httpx.URL, path: Path, fault: str) -> InputError:
    return InputError(
        f"The endpoint sent no data for {path.stem}: {fault}",
        field="address",
        value=_name(url),
        cure="Nothing of this answer was kept; the pages before it are. Open the address in a browser to see what it wants.",
    )


def _ask(url: httpx.URL, **words: str | int) -> httpx.URL:
    """The address with these parameters, written as it writes them where it has them already."""
    own = {key.lower(): key for key in url.params}
    return url.copy_merge_params({own.get(key.lower(), key): str(value) for key, value in words.items()})


def _follow_link(url: httpx.URL, page: Page, rows: int, page_rows: int) -> httpx.URL | None:
    links = json.loads(page.path.read_bytes()).get("links") or []
    following = next((link.get("href") for link in links if link.get("rel") == "next"), None)
    return httpx.URL(urljoin(str(url), following)) if following else None


def _follow_arcgis(url: httpx.URL, page: Page, rows: int, page_rows: int) -> httpx.URL | None:
    return _ask(url, resultOffset=rows) if page.has_more and page.rows else None


def _follow_wfs(url: httpx.URL, page: Page, rows: int, page_rows: int) -> httpx.URL | None:
    is_last = rows >= page.matched if page.matched is not None else page.rows < page_rows
    return None if is_last or not page.rows else _ask(url, startIndex=rows)


def _first_arcgis(url: httpx.URL, page_rows: int) -> httpx.URL:
    query = url.copy_with(path=f"{url.path.rstrip('/')}/query")
    usual = {"where": "1=1", "outFields": "*"} | dict(query.params)
    return _ask(query, **usual, f="json", resultOffset=0, resultRecordCount=page_rows)


_OGC = _Form(".json", lambda url, rows: _ask(url, f="json", limit=rows), _follow_link)
_ARCGIS = _Form(".json", _first_arcgis, _follow_arcgis)
_WFS = _Form(
    ".gml",
    lambda url, rows: _ask(url, version="2.0.0", request="GetFeature", startIndex=0, count=rows),
    _follow_wfs,
)

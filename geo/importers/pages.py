"""Saved pages of a register's endpoint (ArcGIS REST, WFS, OGC API Features): which files are pages, and what is wrong with them.

A page is GeoJSON, Esri JSON or GML as the server sent it. A server that is ill answers HTML or an error message with
status 200, and stops in the middle; such a set is refused as a whole, since its missing rows would read as withdrawn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from geo.importers.faults import Fault, Remedy, RowFault

_KINDS = {".json", ".geojson", ".gml", ".xml", ".html", ".htm", ".txt"}
_DATA_SETS = ("*.shp", "*.gdbtable", "*.gpkg")
_HEAD_BYTES = 4000
_MATCHED = re.compile(r'numberMatched="(\d+)"')
_RETURNED = re.compile(r'numberReturned="(\d+)"')
_EXCEPTION = re.compile(r"<(?:\w+:)?(?:ExceptionText|ServiceException)[^>]*>\s*([^<]+)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: rows it holds, rows the server says there are in all, whether it says that more follow."""

    path: Path
    rows: int
    matched: int | None = None
    has_more: bool = False
    fault: str = ""


def is_page_folder(path: Path) -> bool:
    """A folder of saved pages, not a folder that is itself a data set (FileGDB, shapefiles)."""
    if not path.is_dir() or path.suffix.lower() == ".gdb" or any(any(path.glob(form)) for form in _DATA_SETS):
        return False
    return bool(list_pages(path))


def list_pages(folder: Path) -> list[Path]:
    """The files that may be pages, numbers in their names in the order of numbers."""
    files = [file for file in folder.iterdir() if file.is_file() and file.suffix.lower() in _KINDS]
    return sorted(files, key=lambda file: [int(w) if w.isdigit() else w for w in re.split(r"(\d+)", file.name)])


def read_pages(folder: Path) -> tuple[list[Page], list[RowFault]]:
    """Every page with what it says of itself, and the faults of the set; empty faults mean that it is whole."""
    pages = [read_page(path) for path in list_pages(folder)]
    faults = [
        RowFault(
            number,
            Fault.BAD_PAGE,
            Remedy.LEFT_OUT,
            "{page}: {fault}",
            names={"page": page.path.name, "fault": page.fault},
        )
        for number, page in enumerate(pages, start=1)
        if page.fault
    ]
    return pages, [*faults, *find_missing(pages, has_bad=bool(faults))]


def find_missing(pages: Sequence[Page], *, has_bad: bool = False) -> list[RowFault]:
    """What a set of pages lacks by their names, counts and links; ``has_bad``: some could not be read, so more may follow."""
    held, matched = sum(page.rows for page in pages), max((page.matched or 0 for page in pages), default=0)
    faults = []
    for before, after in pairwise(pages):
        gap = _gap(before.path.stem, after.path.stem)
        if gap:
            names = {"before": before.path.name, "after": after.path.name}
            faults.append(RowFault(0, Fault.MISSING_PAGE, Remedy.LEFT_OUT, "between {before} and {after}", names=names))
    if matched > held:
        faults.append(
            RowFault(
                0,
                Fault.MISSING_PAGE,
                Remedy.LEFT_OUT,
                "{held} of {matched} rows are here",
                names={"held": str(held), "matched": str(matched)},
            )
        )
    elif not matched and not has_bad and pages[-1].has_more:
        names = {"page": pages[-1].path.name}
        faults.append(
            RowFault(0, Fault.MISSING_PAGE, Remedy.LEFT_OUT, "{page} says that more rows follow", names=names)
        )
    return faults


def _gap(before: str, after: str) -> bool:
    """Whether page names count by one and a number is left out: page-2, page-4."""
    first, second = re.fullmatch(r"(.*?)(\d{1,6})", before), re.fullmatch(r"(.*?)(\d{1,6})", after)
    if not first or not second or first[1] != second[1]:
        return False
    return 1 < int(second[2]) - int(first[2]) < 10  # offsets (0, 1000, 2000) are no counting by one


def read_page(path: Path) -> Page:
    """One page as the server sent it; ``fault`` says why it is none."""
    raw = path.read_bytes()
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        return Page(path, 0, fault="empty")
    if text[:1] == b"<":
        return _read_xml(path, text)
    try:
        told = json.loads(text)
    except ValueError as error:
        return Page(path, 0, fault=f"broken off or no JSON ({error})"[:200])
    return _read_json(path, told)


def _read_xml(path: Path, text: bytes) -> Page:
    head = text[:_HEAD_BYTES].decode(errors="replace")
    if re.match(r"<!doctype html|<html", head, re.IGNORECASE):
        return Page(path, 0, fault="HTML instead of data")
    told = _EXCEPTION.search(text.decode(errors="replace")) if "Exception" in head else None
    if told:
        return Page(path, 0, fault=f"the server says: {told[1].strip()}"[:200])
    if not text.rstrip().endswith(b">") or b"FeatureCollection" not in text[:_HEAD_BYTES]:
        return Page(path, 0, fault="broken off or no GML")
    matched, returned = _MATCHED.search(head), _RETURNED.search(head)
    members = len(re.findall(rb"<(?:\w+:)?(?:member|featureMember)[ >]", text))
    rows = int(returned[1]) if returned else members
    return Page(path, rows, matched=int(matched[1]) if matched else None)


def _read_json(path: Path, told: Any) -> Page:
    if not isinstance(told, Mapping):
        return Page(path, 0, fault="no feature collection")
    if "error" in told and "features" not in told:
        error = told["error"]
        words = error.get("message", "") if isinstance(error, Mapping) else str(error)
        return Page(path, 0, fault=f"the server says: {words}"[:200])
    features = told.get("features")
    if not isinstance(features, list):
        return Page(path, 0, fault="no feature collection")
    matched = told.get("numberMatched", told.get("totalFeatures"))
    properties = told.get("properties")
    more = told.get("exceededTransferLimit") or (
        isinstance(properties, Mapping) and properties.get("exceededTransferLimit")
    )
    links = told.get("links") if isinstance(told.get("links"), list) else []
    has_next = any(isinstance(link, Mapping) and link.get("rel") == "next" for link in links or ())
    return Page(path, len(features), matched if isinstance(matched, int) else None, has_more=bool(more or has_next))

"""What a person hands in to calibrate a camera, read and checked: point pairs, anchor, lens, size of the frame. Pure.

    {"pairs": [[u_px, v_px, east_m, north_m], ...], "anchor": [lon, lat], "image_size_px": [1920, 1080],
     "distortion": {"K": [[..]], "D": [..]}, "region_px": [[x, y], ...], "source": "surveyed on ..."}

Instead of ``pairs`` there may be ``pairs_lonlat`` ([u_px, v_px, lon, lat], from imagery), or ``landmarks`` with ``pixel`` and
``enu_m``; a bare list is taken as pairs. Metres are grid metres of the city's system counted from the anchor; the
anchor is the camera's own place when not given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from errors import InputError
from geo.lens import Lens, parse_lens

ToMetric = Callable[[float, float], tuple[float, float]]
LonLat = tuple[float, float]
MOST_PAIRS = 500
_FORM = "pairs: [[u_px, v_px, east_m, north_m], ...]; see `manage.py calibrate --help`."


@dataclass(frozen=True, slots=True)
class CalibrationPairs:
    """Checked input of a calibration. Pairs are (u_px, v_px, east_m, north_m) from the anchor (lon, lat)."""

    pairs: tuple[tuple[float, float, float, float], ...]
    anchor: LonLat
    image_size_px: tuple[int, int] | None
    region_px: tuple[tuple[float, float], ...]
    lens: Lens | None
    source: str


def parse_pairs(raw: object, *, camera_at: LonLat, to_metric: ToMetric) -> CalibrationPairs:
    """The input in one form; InputError names the part that cannot be used. ``to_metric`` is the city's system."""
    body: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {"pairs": raw}
    anchor = _parse_point(body["anchor"], "anchor") if body.get("anchor") is not None else camera_at
    distortion = body.get("distortion") or ({"K": body["K"], "D": body.get("D", [])} if "K" in body else None)
    size = body.get("image_size_px")
    region = body.get("region_px") or ()
    return CalibrationPairs(
        pairs=_parse_table(body, anchor, to_metric),
        anchor=anchor,
        image_size_px=_parse_size(size) if size is not None else _size_of_region(region),
        region_px=tuple(_parse_point(point, "region_px") for point in region),
        lens=_parse_lens(distortion) if distortion else None,
        source=str(body.get("source", ""))[:300],
    )


def _parse_table(
    body: Mapping[str, Any], anchor: LonLat, to_metric: ToMetric
) -> tuple[tuple[float, float, float, float], ...]:
    if body.get("pairs_lonlat"):
        east_m, north_m = to_metric(*anchor)
        rows = [_parse_row(row, "pairs_lonlat") for row in _list_of(body["pairs_lonlat"], "pairs_lonlat")]
        placed = [(u, v, *to_metric(*_parse_point((lon, lat), "pairs_lonlat"))) for u, v, lon, lat in rows]
        return tuple((u, v, east - east_m, north - north_m) for u, v, east, north in placed)
    if body.get("landmarks") and not body.get("pairs"):
        marks = _list_of(body["landmarks"], "landmarks")
        return tuple(_parse_mark(mark) for mark in marks if not _is_off_ground(mark))
    return tuple(_parse_row(row, "pairs") for row in _list_of(body.get("pairs"), "pairs"))


def _list_of(raw: object, field: str) -> Sequence[Any]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise InputError("There are no point pairs.", field=field, value=type(raw).__name__, cure=f"Give {_FORM}")
    if len(raw) > MOST_PAIRS:
        raise InputError("There are too many point pairs.", field=field, value=len(raw), cure=f"At most {MOST_PAIRS}.")
    return raw


def _parse_row(row: object, field: str) -> tuple[float, float, float, float]:
    if isinstance(row, Mapping):
        names = ("u_px", "v_px", "east_m", "north_m") if field == "pairs" else ("u_px", "v_px", "lon", "lat")
        row = [row.get(name) for name in names]
    try:
        u, v, x, y = (float(number) for number in row)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise InputError("A pair is four numbers.", field=field, value=row, cure=f"Give {_FORM}") from error
    return u, v, x, y


def _parse_mark(mark: object) -> tuple[float, float, float, float]:
    if not isinstance(mark, Mapping) or "pixel" not in mark or "enu_m" not in mark:
        raise InputError("A landmark has pixel and enu_m.", field="landmarks", value=mark, cure=f"Or give {_FORM}")
    return _parse_row([*mark["pixel"][:2], *mark["enu_m"][:2]], "landmarks")


def _is_off_ground(mark: object) -> bool:
    """Landmarks that say of themselves that they do not lie on the ground are of no use to a homography."""
    return isinstance(mark, Mapping) and mark.get("near_ground") is False


def _parse_point(raw: object, field: str) -> tuple[float, float]:
    try:
        x, y = (float(number) for number in raw)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise InputError("A point is two numbers.", field=field, value=raw) from error
    if field in ("anchor", "pairs_lonlat") and not (-180 <= x <= 180 and -90 <= y <= 90):
        raise InputError(
            "This is no place on Earth.", field=field, value=f"{x}, {y}", cure="Write longitude before latitude."
        )
    return x, y


def _parse_size(raw: object) -> tuple[int, int]:
    width, height = _parse_point(raw, "image_size_px")
    if not (16 <= width <= 20_000 and 16 <= height <= 20_000):
        raise InputError("This is no size of a frame.", field="image_size_px", value=raw, cure="Write [1920, 1080].")
    return int(width), int(height)


def _size_of_region(region: Sequence[Sequence[float]]) -> tuple[int, int] | None:
    return (int(max(x for x, _ in region)) + 1, int(max(y for _, y in region)) + 1) if region else None


def _parse_lens(raw: object) -> Lens:
    if not isinstance(raw, Mapping) or "K" not in raw:
        raise InputError("A lens has K (3x3) and D.", field="distortion", value=raw, cure="Leave it out if not known.")
    try:
        return parse_lens(raw["K"], raw.get("D", []))
    except (TypeError, ValueError) as error:
        raise InputError("K is a table of numbers and D a list of them.", field="distortion", value=raw) from error

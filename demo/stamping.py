"""Writes time, place and bearing into a photograph as a phone would, and says in the file that they are generated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pillow_heif
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from demo.places import Spot

DESCRIPTION = "position generated for demonstration"
GPS_ERROR_M = 5.0
QUALITY = 88
# How to turn the pixels so that a viewer, following the flag, shows them upright again (EXIF 2.32, Orientation).
_TURNS = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What is written into one file. ``bearing_reference`` is T (true), M (magnetic) or empty: no bearing at all."""

    spot: Spot
    taken_at: datetime
    bearing_reference: str = "T"
    orientation: int = 1


def stamp_photo(source: Path, out: Path, stamp: Stamp) -> None:
    """Write a stamped copy, JPEG or HEIC by the ending of ``out``. The same bytes each time."""
    turn = _TURNS[stamp.orientation]
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    if turn is not None:
        picture = picture.transpose(turn)
    exif = _exif(stamp).tobytes()
    if out.suffix == ".heic":
        _write_heic(picture, exif, out)
    else:
        picture.save(out, "JPEG", quality=QUALITY, exif=exif)


def _write_heic(picture: Image.Image, exif: bytes, out: Path) -> None:
    """The encoder turns the pixels itself and clears the flag in its own way, so the flag is passed through to it."""
    heif = pillow_heif.from_pillow(picture)
    heif.info["exif"] = exif
    heif.save(out, quality=80)


def _exif(stamp: Stamp) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.ImageDescription] = DESCRIPTION
    exif[Base.Make] = "Viahe"
    exif[Base.Model] = "demo recipe"
    exif[Base.Orientation] = stamp.orientation
    exif[Base.DateTime] = f"{stamp.taken_at:%Y:%m:%d %H:%M:%S}"
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = f"{stamp.taken_at:%Y:%m:%d %H:%M:%S}"
    details[Base.OffsetTimeOriginal] = _offset(stamp.taken_at)
    exif.get_ifd(IFD.GPSInfo).update(_gps(stamp))
    return exif


def _gps(stamp: Stamp) -> dict[int, object]:
    utc = stamp.taken_at.astimezone(UTC)
    tags: dict[int, object] = {
        GPS.GPSVersionID: b"\x02\x03\x00\x00",
        GPS.GPSLatitudeRef: "N" if stamp.spot.lat >= 0 else "S",
        GPS.GPSLatitude: _sexagesimal(abs(stamp.spot.lat)),
        GPS.GPSLongitudeRef: "E" if stamp.spot.lon >= 0 else "W",
        GPS.GPSLongitude: _sexagesimal(abs(stamp.spot.lon)),
        GPS.GPSTimeStamp: (IFDRational(utc.hour), IFDRational(utc.minute), IFDRational(utc.second)),
        GPS.GPSDateStamp: f"{utc:%Y:%m:%d}",
        GPS.GPSMapDatum: "WGS-84",
        GPS.GPSHPositioningError: IFDRational(round(GPS_ERROR_M * 100), 100),
    }
    if stamp.bearing_reference:
        tags[GPS.GPSImgDirectionRef] = stamp.bearing_reference
        tags[GPS.GPSImgDirection] = IFDRational(round(stamp.spot.bearing_deg * 100), 100)
    return tags


def _sexagesimal(degrees: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = (degrees - whole) * 3600 - minutes * 60
    return IFDRational(whole), IFDRational(minutes), IFDRational(round(seconds * 10_000), 10_000)


def _offset(moment: datetime) -> str:
    text = f"{moment:%z}"
    return f"{text[:3]}:{text[3:]}"

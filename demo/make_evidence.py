"""Makes the sample evidence out of ``demo/sources``: ``python -m demo.make_evidence FOLDER``. The same files each time.

Photographs get time, place and bearing of spots in the generated ward; the parked cars' frame becomes a time-lapse; two
photographs keep their own real positions, far outside the city. ``cities/<slug>/demo.toml`` says in which order to file them.
"""

from __future__ import annotations

import shutil
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from demo.clips import make_timelapse, place_clip
from demo.places import crowded_spot, sidewalk_spot, site_spot, unknown_spot
from demo.stamping import Stamp, stamp_photo

SOURCES = Path(__file__).parent / "sources"
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def at(hour: int, minute: int, day: int = 20) -> datetime:
    """A moment of the demonstration's days, in local time."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


def make_evidence(out: Path) -> tuple[Path, ...]:
    """Write all samples into ``out``, which is made if need be; gives their paths."""
    out.mkdir(parents=True, exist_ok=True)
    _make_sites(out)
    _make_streets(out)
    for name in ("exif-DSCN0010.jpg", "lund-01.jpg"):
        shutil.copyfile(SOURCES / name, out / f"outside-{name}")
    make_timelapse(SOURCES / "meva-G424.jpg", out / "camera-parking.mp4", at(9, 0))
    place_clip(SOURCES / "walk-sidewalk.mp4", out / "citizen-walk.mov", sidewalk_spot("B2"), at(7, 41))
    return tuple(sorted(out.iterdir()))


def _make_sites(out: Path) -> None:
    """Building sites: without permit, with a permit in force, among several parcels, where nothing is known."""
    stamps = {
        "site-no-permit-earlier.jpg": ("site-rebar.jpg", Stamp(site_spot("no-permit"), at(8, 5, day=16))),
        "site-no-permit.jpg": ("site-trench.jpg", Stamp(site_spot("no-permit"), at(8, 12))),
        "site-with-permit.jpg": ("site-excavator.jpg", Stamp(site_spot("with-permit"), at(8, 40))),
        "site-several-parcels.jpg": ("site-rebar.jpg", Stamp(crowded_spot(), at(9, 5))),
        "site-no-data.jpg": ("site-loading.jpg", Stamp(unknown_spot(), at(9, 31))),
    }
    for name, (source, stamp) in stamps.items():
        stamp_photo(SOURCES / source, out / name, stamp)


def _make_streets(out: Path) -> None:
    """Sidewalks: each with another trait of phones' files (HEIC, turned pixels, magnetic or no bearing)."""
    stamps = {
        "street-flowers.jpg": ("facade-flowers.jpg", Stamp(sidewalk_spot("A2"), at(10, 2), "M", orientation=6)),
        "street-cafe.heic": ("facade-cafe.jpg", Stamp(sidewalk_spot("A7", "trading"), at(17, 20), "T", orientation=6)),
        "street-motorbike.jpg": ("facade-motorbike.jpg", Stamp(sidewalk_spot("A3", "parking"), at(10, 40), "M")),
        "street-car.jpg": ("facade-car.jpg", Stamp(sidewalk_spot("B0"), at(11, 3), "", orientation=8)),
    }
    for name, (source, stamp) in stamps.items():
        stamp_photo(SOURCES / source, out / name, stamp)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Say where to: python -m demo.make_evidence FOLDER")
    for path in make_evidence(Path(sys.argv[1])):
        print(path)

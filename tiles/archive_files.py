"""Where the archives lie: today's below ``VAR_DIR/tiles``, those of another day below ``VAR_DIR/tiles/on/<day>``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings

from geo.models import City


def get_archive_path(layer_name: str, on: date | None = None) -> Path:
    """Where a layer's archive lies, built or not; ``on``: as of a day other than that of the last build."""
    return get_folder(on) / f"{layer_name}.pmtiles"


def get_folder(on: date | None = None) -> Path:
    """The folder of one build."""
    folder = Path(settings.ENV.storage.var_dir) / "tiles"
    return folder if on is None else folder / "on" / on.isoformat()


def find_city_base(city: City) -> Path | None:
    """The city's own base map (``[base_map] pmtiles`` of its pack), or None when the pack names none or it is not there."""
    named = city.settings.get("base_map", {}).get("pmtiles", "")
    if not named or not city.pack_path:
        return None
    path = Path(city.pack_path) / named
    return path if path.is_file() else None

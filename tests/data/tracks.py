"""Recorded tracks (GPX) as a logger writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EAST_DEG_PER_M = 9.15e-6  # of longitude, near the equator


def a_track(
    began: datetime, lon: float, lat: float, *, seconds: int = 60, step_s: int = 5, extra: str = "", times: bool = True
) -> bytes:
    """A walk due east from a place, a metre a second; ``extra`` stands in every point."""
    rows = []
    for n in range(0, seconds + 1, step_s):
        at = (began + timedelta(seconds=n)).astimezone(UTC)
        time = f"<time>{at.isoformat().replace('+00:00', 'Z')}</time>" if times else ""
        rows.append(f'<trkpt lat="{lat}" lon="{lon + n * EAST_DEG_PER_M:.7f}"><ele>{10 + n}</ele>{time}{extra}</trkpt>')
    head = '<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>'
    return (head + "".join(rows) + "</trkseg></trk></gpx>").encode()

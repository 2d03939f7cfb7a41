"""A place on the ground with its error and how it was found. Pure; used by every room."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from errors import InputError


class PositionMethod(StrEnum):
    """How a position was found, best known error first within its kind."""

    SURVEY = "survey"
    CAMERA_HOMOGRAPHY = "camera_homography"
    CAMERA_SITE = "camera_site"
    EXIF_GPS = "exif_gps"
    GPX_TRACK = "gpx_track"
    VIDEO_TELEMETRY = "video_telemetry"
    VIDEO_LOCATION = "video_location"
    SENDER_PIN = "sender_pin"
    HAND_HELD_RANGE = "hand_held_range"


class NorthReference(StrEnum):
    """What a bearing is counted from; phones often do not say."""

    TRUE = "true"
    MAGNETIC = "magnetic"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bearing:
    """Direction of view, degrees clockwise from ``reference`` north, 0 <= bearing_deg < 360."""

    bearing_deg: float
    reference: NorthReference

    def __post_init__(self) -> None:
        if not (isfinite(self.bearing_deg) and 0 <= self.bearing_deg < 360):
            raise InputError("A bearing is 0 to 360 degrees.", field="bearing_deg", value=self.bearing_deg)


@dataclass(frozen=True, slots=True)
class Position:
    """A point (EPSG:4326, lon before lat) with ``accuracy_m``: the radius that holds the truth 68 % of the time.

    ``covariance_m2`` is (east-east, east-north, north-north) in m2 when the error is an ellipse; then
    ``accuracy_m`` is the larger half axis at one sigma.
    """

    lon: float
    lat: float
    accuracy_m: float
    method: PositionMethod
    covariance_m2: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if not (isfinite(self.lon) and -180 <= self.lon <= 180):
            raise InputError("Longitude is -180 to 180 degrees.", field="lon", value=self.lon)
        if not (isfinite(self.lat) and -90 <= self.lat <= 90):
            raise InputError("Latitude is -90 to 90 degrees.", field="lat", value=self.lat)
        if not (isfinite(self.accuracy_m) and self.accuracy_m > 0):
            raise InputError("An error in metres is above 0.", field="accuracy_m", value=self.accuracy_m)

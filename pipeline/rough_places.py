"""Things in a hand-held photo put on the map as ellipses, for the person who looks for them. Used by stage ``locate``.

Needs the phone's own place, its compass and the lens, all from the file. No rule reads these places (``HAND_HELD_RANGE``).
"""

from __future__ import annotations

from detection.ground_sighting import GroundSighting
from detection.queries import RunFacts
from errors import PlaceError
from geo.declination import get_declination_deg
from geo.hand_held import COMPASS_SIGMA_DEG, UNKNOWN_NORTH_SIGMA_DEG, focal_px, place_roughly
from geo.position import Bearing, NorthReference, Position, PositionMethod
from geo.queries import get_metric_system
from intake.exif import read_exif
from intake.geotag import to_true_bearing
from intake.kinds import MediaKind
from intake.queries import ObservationFacts, read_media

MOST = 12
SIGMA_68 = 1.515  # a circle that holds 68 % of a two-dimensional normal error, in sigmas


def list_rough_sightings(observation: ObservationFacts, detected: RunFacts) -> list[GroundSighting]:
    """One sighting per thing of known height, the surest first; empty where place, direction or lens is not known."""
    phone, bearing = observation.file_position, observation.bearing
    if observation.kind is not MediaKind.PHOTO or phone is None or bearing is None:
        return []
    focal_35mm = read_exif(read_media(observation.media_id), observation.content_type).tags.focal_35mm
    if not focal_35mm or not 8 <= focal_35mm <= 600:
        return []
    focal = focal_px(focal_35mm, detected.width_px, detected.height_px)
    on = (observation.captured_at or observation.received_at).date()
    true = to_true_bearing(bearing, get_declination_deg(phone.lon, phone.lat, on))
    return _place_all(phone, true, focal, detected)


def _place_all(phone: Position, view: Bearing, focal: float, detected: RunFacts) -> list[GroundSighting]:
    try:
        system = get_metric_system(phone.lon, phone.lat)
    except PlaceError:
        return []
    east_m, north_m = system.to_metric(phone.lon, phone.lat)
    variance = (phone.accuracy_m / SIGMA_68) ** 2
    is_known = view.reference is NorthReference.TRUE
    found = []
    order = sorted(range(len(detected.detections)), key=lambda index: -detected.detections[index].score)
    for index in order[:MOST]:
        item = detected.detections[index]
        rough = place_roughly(
            item.box_px,
            item.label,
            focal=focal,
            width_px=detected.width_px,
            view_bearing_deg=view.bearing_deg,
            bearing_sigma_deg=COMPASS_SIGMA_DEG if is_known else UNKNOWN_NORTH_SIGMA_DEG,
            phone_covariance_m2=phone.covariance_m2 or (variance, 0.0, variance),
        )
        if rough is None:
            continue
        lon, lat = system.to_lonlat(east_m + rough.east_m, north_m + rough.north_m)
        position = Position(lon, lat, rough.accuracy_m, PositionMethod.HAND_HELD_RANGE, rough.covariance_m2)
        found.append(GroundSighting(f"detection:{index}", item.label, item.score, (index,), position))
    return found

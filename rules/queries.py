"""Reads of this room: the site facts of an observation, and the law of a city. The number of queries does not grow with
what was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.gis.geos import Polygon
from django.db.models import Q
from shapely import from_wkb, unary_union

from detection.labels import LabelGroup, groups_of, labels_of
from detection.models import Sighting, Weights
from detection.queries import RunFacts, get_run
from geo.crs import CitySystem, choose_system
from geo.facts import PlaceFacts
from geo.models import City, Parcel
from geo.position import Position, PositionMethod
from geo.queries import CityRef, find_city, gather_facts
from geo.view_queries import gather_facts_of_view
from intake.kinds import Category, ObservationSource
from intake.queries import ObservationFacts, find_calibration, get_observation
from intake.tamper import LOWERING
from rules.ground import ParcelArea, Placed
from rules.models import OrdinanceSet
from rules.ordinances import Law, read_law
from rules.other_pictures import list_other_pictures
from rules.placing import lay_out, place_thing, to_metric
from rules.seen import list_unseen, summarise_seen
from rules.site_facts import SCENE, GroundFacts, SceneFacts, SightingFacts, SiteFacts
from rules.uses import use_of_label

STILL_M = 0.5  # what moved more than this is in nobody's way for long: it narrows no sidewalk
PARCEL_MARGIN_M = 5.0
_SITE_LABELS = labels_of(LabelGroup.SITE_MACHINERY, LabelGroup.SITE_WORKER)
_NO_LAW = Law(version="", rules=())
_UNSEEN_FRAMES = 3  # at the end of a clip: fewer may be passers-by before a thing that stands there still


def get_law(city: str) -> Law:
    """The law of a city in use, by its slug; a law without rules where none is loaded or the place is in no city."""
    newest = OrdinanceSet.objects.filter(city__slug=city).order_by("-id").values_list("sha256", flat=True).first()
    return _parse(newest) if newest else _NO_LAW


def get_law_version(sha256: str) -> Law:
    """The law that was used before, by its hash, to replay a flag; empty when the flag was made without a law."""
    return _parse(sha256) if sha256 else _NO_LAW


@lru_cache(maxsize=16)
def _parse(sha256: str) -> Law:
    """A text never changes under its hash, so reading it once is enough."""
    stored = OrdinanceSet.objects.filter(sha256=sha256).order_by("id").values_list("text", flat=True)[0]
    return read_law(stored, file=f"ordinances {sha256[:12]}")


def gather_site_facts(observation_id: UUID) -> tuple[SiteFacts, ...]:
    """Facts of every placed thing that a rule may speak of, and of the whole picture where things are not placed or
    building work may be shown. NotFound before the stages before have run.
    """
    view = _read_view(observation_id)
    facts = _things(view)
    if not view.scene.is_calibrated or view.shows_work:
        facts.append(_picture(view))
    return tuple(facts)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One stored sighting with its subject; ``position`` None: not put on the ground."""

    subject: str
    label: str
    score: float
    position: Position | None
    facts: SightingFacts | None


@dataclass(frozen=True, slots=True)
class _View:
    """Everything about one observation that does not depend on one thing in it."""

    observation: ObservationFacts
    at: datetime
    city: CityRef | None
    system: CitySystem | None
    scene: SceneFacts
    sightings: tuple[_Seen, ...]

    @property
    def shows_work(self) -> bool:
        """Whether the construction rule has something to read here."""
        is_claimed = self.observation.category is Category.CONSTRUCTION
        return is_claimed or any(thing.label in _SITE_LABELS for thing in self.scene.seen)


def _read_view(observation_id: UUID) -> _View:
    observation, run = get_observation(observation_id), get_run(observation_id)
    rows = Sighting.objects.filter(observation_id=observation_id).order_by("id")
    ends_s = (*sorted(run.frame_times_s)[-_UNSEEN_FRAMES:], 0.0)[0]
    sightings = tuple(_read_sighting(row, ends_s=ends_s, is_clip=run.frames > 1) for row in rows)
    where = _own_place(observation, sightings) or next((s.position for s in sightings if s.position is not None), None)
    city = _city_of(observation, where)
    at = observation.captured_at or observation.received_at
    system = choose_system(city.systems, where.lon, where.lat) if where is not None and city is not None else None
    scene = _read_scene(observation, run, sightings, city, system)
    return _View(observation, at, city, system, scene, sightings)


def _own_place(observation: ObservationFacts, sightings: Sequence[_Seen]) -> Position | None:
    """Where the picture was taken, as stage 4 settled it: of a moving clip at one of its frames."""
    return next((s.position for s in sightings if s.subject == SCENE), None) or observation.position


def _city_of(observation: ObservationFacts, where: Position | None) -> CityRef | None:
    """By the place; a picture without a place belongs to the city it was sent to, or to the default one."""
    if where is not None:
        return find_city(where.lon, where.lat)
    named = City.objects.filter(slug=observation.city) if observation.city else City.objects.filter(is_default=True)
    city = named.first()
    return CityRef(city.pk, city.slug, city.timezone, ()) if city is not None else None


def _read_sighting(row: Sighting, *, ends_s: float, is_clip: bool) -> _Seen:
    position = None
    if row.point is not None and row.accuracy_m is not None:
        covariance = tuple(row.covariance_m2) if row.covariance_m2 else None
        position = Position(row.point.x, row.point.y, row.accuracy_m, PositionMethod(row.method), covariance)
    if position is None or row.subject == SCENE or position.method is PositionMethod.HAND_HELD_RANGE:
        return _Seen(row.subject, row.label, row.score, position, None)
    has_left = row.last_seen_s < ends_s if is_clip and row.last_seen_s is not None else None
    facts = SightingFacts(
        label=row.label,
        score=row.score,
        position=position,
        footprint=tuple((x, y) for x, y in row.footprint.exterior_ring.coords) if row.footprint else (),
        dwell_s=row.dwell_s,
        displacement_m=row.displacement_m,
        jitter_m=row.jitter_m or 0.0,
        seen_share=row.seen_share,
        has_left=has_left,
    )
    return _Seen(row.subject, row.label, row.score, position, facts)


def _read_scene(
    observation: ObservationFacts,
    run: RunFacts,
    sightings: Sequence[_Seen],
    city: CityRef | None,
    system: CitySystem | None,
) -> SceneFacts:
    is_calibrated = observation.source is ObservationSource.CAMERA and (
        any(s.facts is not None for s in sightings) or _has_calibration(observation)
    )
    label_sets = Weights.objects.filter(name__in=[name for name, _ in run.weights]).values_list("label_set", flat=True)
    others = list_other_pictures(observation, system, city.timezone) if system is not None and city is not None else ()
    return SceneFacts(
        source=observation.source,
        category=observation.category,
        is_calibrated=is_calibrated,
        accuracy_m=where.accuracy_m if (where := _own_place(observation, sightings)) else None,
        seen=summarise_seen(run.detections, run.tracks),
        others=others,
        unseen=list_unseen(observation.category, label_sets),
        no_position_reason=observation.no_position_reason,
        doubts=tuple(hint for hint in observation.hints if hint in LOWERING),
    )


def _has_calibration(observation: ObservationFacts) -> bool:
    """Whether things could have been placed: a clip in which nothing stayed long enough to be followed shows traffic."""
    at = observation.captured_at or observation.received_at
    return observation.camera_id is not None and find_calibration(observation.camera_id, at) is not None


def _things(view: _View) -> list[SiteFacts]:
    """Every placed thing with a use of the ground. What moves needs no registers: it is traffic wherever it is."""
    category = view.observation.category
    found = [s for s in view.sightings if s.facts is not None and use_of_label(s.label, category) is not None]
    grounds = _lay_out([s for s in found if not _moves(s)], view)
    return [_facts(view, s.subject, sighting=s.facts, laid=grounds.get(s.subject)) for s in found]


def _moves(seen: _Seen) -> bool:
    return seen.facts is not None and (seen.facts.displacement_m or 0.0) - seen.facts.jitter_m > STILL_M


def _lay_out(standing: Sequence[_Seen], view: _View) -> dict[str, tuple[PlaceFacts, GroundFacts]]:
    """By subject: the place of each standing thing and its outline over the registers."""
    system, city = view.system, view.city
    things = [s.facts for s in standing if s.facts is not None]
    if system is None or city is None or not things:
        return {}
    placed = [place_thing(facts, system) for facts in things]
    places = gather_facts_of_view(city, [facts.position for facts in things], view.at)
    parcels = _list_parcels(city, places[0].on, placed, system)
    obstacles = [place_thing(s.facts, system) for s in view.sightings if s.facts is not None and _is_obstacle(s)]
    laid = {}
    for seen, thing, place in zip(standing, placed, places, strict=True):
        others = [other for other in obstacles if other != thing]
        laid[seen.subject] = (place, lay_out(thing, place, parcels, others, system))
    return laid


def _list_parcels(city: CityRef, on: date, things: Sequence[Placed], system: CitySystem) -> list[ParcelArea]:
    """Every parcel that could touch one of the things, however far its outline reaches from its foot."""
    margin = PARCEL_MARGIN_M + max(2 * thing.sigma_m for thing in things)
    west, south, east, north = unary_union([thing.ground for thing in things]).buffer(margin).bounds
    corners = [system.to_lonlat(x, y) for x in (west, east) for y in (south, north)]
    box = Polygon.from_bbox((min(c[0] for c in corners), min(c[1] for c in corners),
                             max(c[0] for c in corners), max(c[1] for c in corners)))  # fmt: skip
    box.srid = 4326
    of_the_day = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
    rows = Parcel.objects.filter(of_the_day, city_id=city.id, geom__bboverlaps=box).order_by("key")
    return [
        ParcelArea(key, use_code, to_metric(from_wkb(bytes(geom.wkb)), system))
        for key, use_code, geom in rows.values_list("key", "use_code", "geom")
    ]


def _is_obstacle(seen: _Seen) -> bool:
    """What stands still and is no person takes width, whether or not it is allowed to stand there."""
    return seen.facts is not None and not _moves(seen) and LabelGroup.PERSON not in groups_of(seen.label)


def _picture(view: _View) -> SiteFacts:
    """The whole picture, at its own place; in a calibrated view at the surest sign of work in it."""
    where = _own_place(view.observation, view.sightings)
    if view.scene.is_calibrated:
        signs = [s for s in view.sightings if s.label in _SITE_LABELS and s.position is not None]
        where = max(signs, key=lambda s: s.score).position if signs else where
    place = gather_facts(where, view.at) if where is not None else None
    return _facts(view, SCENE, place=place)


def _facts(
    view: _View,
    subject: str,
    *,
    sighting: SightingFacts | None = None,
    place: PlaceFacts | None = None,
    laid: tuple[PlaceFacts, GroundFacts] | None = None,
) -> SiteFacts:
    zone = ZoneInfo(view.city.timezone if view.city is not None else "UTC")
    local = view.at.astimezone(zone)
    return SiteFacts(
        observation_id=str(view.observation.id),
        subject=subject,
        city=view.city.slug if view.city is not None else "",
        at=view.at,
        local_on=local.date(),
        local_time=local.time().replace(microsecond=0),
        at_is_known=view.observation.captured_at is not None,
        scene=view.scene,
        place=laid[0] if laid is not None else place,
        sighting=sighting,
        ground=laid[1] if laid is not None else None,
    )

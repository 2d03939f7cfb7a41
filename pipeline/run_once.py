"""Stages 1 to 7 on one photo, in memory, without database, broker or storage: what would become of it, and why.

For notebooks, for trying out a rule, and for people who want to see the path in one listing. The same pure code as the
stages; registers come from a city pack in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from cases.joining import UseGroup, group_of
from cases.jurisdiction import OfficeDuty, choose_office
from cases.offices_pack import parse_offices
from detection.analysis import Analysis, analyse_photo
from detection.labels import UNDETECTED
from detection.redaction import Redacted, redact
from errors import InputError
from geo.facts import PlaceFacts
from geo.memory_registers import MemoryRegisters
from geo.pack import Pack
from geo.position import Position
from intake.geotag import Geotag, NoGeotag, choose_position, read_geotag
from intake.kinds import Category, ObservationSource
from intake.photo import decode_upright, encode_jpeg
from rules.engine import check
from rules.finding import Finding, Verdict
from rules.ordinances import Law
from rules.seen import summarise_seen
from rules.site_facts import SCENE, SceneFacts, SiteFacts

SHOWN_MAX_SIDE_PX = 1920


@dataclass(frozen=True, slots=True)
class RunOnce:
    """What each stage said of one photo. ``office`` is who would be asked, None when nothing needs a person."""

    sha256: str
    geotag: Geotag | NoGeotag
    position: Position
    analysis: Analysis
    redacted: Redacted
    place: PlaceFacts
    site: SiteFacts
    findings: tuple[Finding, ...]
    group: UseGroup | None
    office: OfficeDuty | None


def run_once(
    data: bytes,
    *,
    pack: Pack,
    registers: MemoryRegisters,
    law: Law,
    category: Category = Category.UNSTATED,
    pin: Position | None = None,
    now: datetime | None = None,
) -> RunOnce:
    """Run the seven stages on the bytes of one photo; InputError when it cannot be read or says no place."""
    zone = ZoneInfo(pack.timezone)
    geotag = read_geotag(data, now=now or datetime.now(UTC), timezone=zone)  # 1 receive, 2 geotag
    position = choose_position(geotag.position, pin)
    if position is None:
        raise InputError("The photo says no place.", field="place", cure="Give a pin.")
    analysis = analyse_photo(decode_upright(data, max_side_px=SHOWN_MAX_SIDE_PX))  # 3 detect
    redacted = redact(encode_jpeg(analysis.shown_frame), detections=analysis.shown_detections)
    at = geotag.captured_at or now or datetime.now(UTC)
    place = registers.gather_facts(position, at)  # 4 locate: a hand-held photo places itself
    site = _site_facts(place, analysis, position, at, zone, category, is_known=geotag.captured_at is not None)
    findings = check(site, law.at(site.local_on))  # 5 check
    asked = [finding for finding in findings if finding.verdict is not Verdict.COMPLIANT]
    group = group_of(asked[0].use) if asked else None  # 6 open_case
    office = _choose_office(pack, place, asked[0].use, site) if asked else None  # 7 assign
    return RunOnce(sha256(data).hexdigest(), geotag, position, analysis, redacted, place, site, findings, group, office)


def _site_facts(
    place: PlaceFacts,
    analysis: Analysis,
    position: Position,
    at: datetime,
    zone: ZoneInfo,
    category: Category,
    *,
    is_known: bool,
) -> SiteFacts:
    local = at.astimezone(zone)
    scene = SceneFacts(
        source=ObservationSource.CITIZEN,
        category=category,
        is_calibrated=False,
        accuracy_m=position.accuracy_m,
        seen=summarise_seen(tuple(analysis.shown_detections), analysis.tracks),
        unseen=tuple(thing.name for thing in UNDETECTED),
    )
    return SiteFacts(
        observation_id="in-memory",
        subject=SCENE,
        city=place.city,
        at=at,
        local_on=local.date(),
        local_time=local.time().replace(microsecond=0),
        at_is_known=is_known,
        scene=scene,
        place=place,
    )


def _choose_office(pack: Pack, place: PlaceFacts, use: str, site: SiteFacts) -> OfficeDuty | None:
    offices = [
        OfficeDuty(number, o.code, o.admin_unit_codes, o.uses, o.valid_from, o.valid_to)
        for number, o in enumerate(parse_offices(pack.read_table("offices.toml")))
    ]
    unit_code = place.units[0].code if place.units else ""
    return choose_office(offices, unit_code=unit_code, use=use, on=site.local_on)

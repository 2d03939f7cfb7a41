"""Writes of this room: a city's law, and the findings of an observation as flags. Each twice gives the same rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from django.contrib.gis.geos import Point
from django.db import transaction
from django.utils import timezone

from detection.models import DetectionRun, Sighting
from errors import ConfigurationError, Conflict, InputError
from geo.models import City
from geo.pack import Pack
from intake.kinds import ObservationSource
from intake.models import Observation
from rules.confirming import Confirmation, carry_over, write_confirmation
from rules.finding import Finding, FlagState, Verdict
from rules.merging import Matter, covers, matter_of
from rules.models import Flag, FlagEvent, OrdinanceSet
from rules.ordinances import read_law
from rules.queries import get_law_version
from rules.serialise import to_json
from rules.site_facts import SiteFacts
from rules.stored import finding_fields
from rules.versions import list_versions, name_place

ORDINANCES = "ordinances.toml"
SYSTEM = "system"
SHORTEST_SOURCE = 5
MERGED_BECAUSE = "same_place_use_and_day_part"
_log = structlog.get_logger(__name__)


def load_law(city: City, pack: Pack) -> dict[str, Any]:
    """Put the pack's dated law on record. ConfigurationError names what cannot be read; then nothing is written."""
    path = pack.path / ORDINANCES
    if not path.exists():
        raise ConfigurationError("The pack has no law.", field="file", value=path, cure="See docs/rules/ordinances.md.")
    text = path.read_text(encoding="utf-8")
    law = read_law(text, file=f"{pack.slug}/{ORDINANCES}")
    before = OrdinanceSet.objects.filter(city=city).order_by("-id").first()
    if before is not None:
        text = carry_over(text, before.text)
    return {
        "state": save_law(city, text),
        "rules": len(law.rules),
        "fines": len(law.fines),
        "version": law.version[:12],
    }


@transaction.atomic
def save_law(city: City, text: str) -> str:
    """Append a text unless it is the newest one already: "done" or "unchanged"."""
    City.objects.select_for_update().get(pk=city.pk)
    version = sha256(text.encode()).hexdigest()
    newest = OrdinanceSet.objects.filter(city=city).order_by("-id").values_list("sha256", flat=True).first()
    if newest == version:
        return "unchanged"
    OrdinanceSet.objects.create(city=city, sha256=version, text=text, loaded_at=timezone.now())
    return "done"


@transaction.atomic
def confirm_law(
    city: City, item: str, value_print: str, *, source: str, by: str, version: str, withdraw: bool = False
) -> str:
    """A person says that an item of the law stands so, by which paper; or takes that back. The new version of the law.

    Conflict when the law is no longer the version that was looked at; InputError without a source or for an unknown item.
    """
    if len(source.strip()) < SHORTEST_SOURCE:
        raise InputError(
            "A confirmation names the paper it rests on.",
            field="source",
            value=source,
            cure="Give number, date and article.",
        )
    City.objects.select_for_update().get(pk=city.pk)
    newest = OrdinanceSet.objects.filter(city=city).order_by("-id").first()
    if newest is None or newest.sha256 != version:
        raise Conflict(
            "The law was changed since you looked.", field="version", value=version[:12], cure="Load it again."
        )
    word = Confirmation(item, value_print, source.strip(), by, timezone.now().replace(microsecond=0), withdraw)
    text = write_confirmation(newest.text, word)
    law = read_law(text)
    OrdinanceSet.objects.create(city=city, sha256=law.version, text=text, loaded_at=word.at)
    return law.version


@transaction.atomic
def record_findings(observation_id: UUID, findings: Iterable[tuple[SiteFacts, Finding]]) -> list[UUID]:
    """Store each finding as a flag; the ids of all flags of the observation, most urgent first.

    What was stored before stays: a second run adds nothing. A camera's finding about a place, use and part of the day that
    was found before is stored as merged, so that nobody is asked twice.
    """
    observation = Observation.objects.select_for_update().get(pk=observation_id)
    sightings = dict(Sighting.objects.filter(observation=observation).values_list("subject", "pk"))
    known = set(Flag.objects.filter(observation=observation).values_list("rule_code", "sighting_id"))
    new = [(facts, f) for facts, f in findings if (f.rule_code, sightings.get(facts.subject)) not in known]
    if new:
        _store(observation, sightings, new)
    rows = Flag.objects.filter(observation=observation).order_by("-priority", "created_at", "id")
    return list(rows.values_list("pk", flat=True))


def _store(observation: Observation, sightings: dict[str, int], new: Sequence[tuple[SiteFacts, Finding]]) -> None:
    run, now = DetectionRun.objects.filter(observation=observation).first(), timezone.now()
    cities = dict(City.objects.filter(slug__in={facts.city for facts, _ in new}).values_list("slug", "pk"))
    ordered = sorted(new, key=lambda pair: (pair[1].verdict is not Verdict.FLAGGED, -pair[1].priority))
    leads = _Leads(observation, ordered)
    flags, events = [], []
    for facts, finding in ordered:
        flag = _flag(observation, sightings.get(facts.subject), cities.get(facts.city), facts, finding, run, now)
        lead = leads.find_or_become(facts, finding, flag)
        flag.state = _first_state(finding, is_merged=lead is not None)
        flags.append(flag)
        events.append(_event(flag, lead, now))
        _tell_failure(flag, finding)
    Flag.objects.bulk_create(flags)
    FlagEvent.objects.bulk_create(events)


def _flag(
    observation: Observation,
    sighting_id: int | None,
    city_id: int | None,
    facts: SiteFacts,
    finding: Finding,
    run: DetectionRun | None,
    now: datetime,
) -> Flag:
    law = get_law_version(finding.law_version)
    place = name_place(facts, finding)
    at = place.position
    return Flag(
        observation=observation,
        sighting_id=sighting_id,
        city_id=city_id,
        **finding_fields(finding),
        facts=to_json(facts),
        versions=list_versions(facts, finding, law, run.weights if run else [], run.thresholds if run else {}),
        point=Point(at.lon, at.lat, srid=4326) if at is not None else None,
        accuracy_m=at.accuracy_m if at is not None else None,
        parcel_keys=list(place.parcel_keys),
        sidewalk_key=place.sidewalk_key,
        unit_code=place.unit_code,
        seen_at=facts.at,
        created_at=now,
    )


def _first_state(finding: Finding, *, is_merged: bool) -> str:
    if finding.verdict is Verdict.COMPLIANT:
        return FlagState.LOGGED.value
    return FlagState.MERGED.value if is_merged else FlagState.NEW.value


def _event(flag: Flag, lead: UUID | None, now: datetime) -> FlagEvent:
    merged = {"reason": MERGED_BECAUSE, "note": f"flag {lead}"} if lead is not None else {}
    return FlagEvent(flag=flag, at=now, actor=SYSTEM, from_state="", to_state=flag.state, **merged)


def _tell_failure(flag: Flag, finding: Finding) -> None:
    if "rule_failed" in finding.missing:
        _log.error("rule_failed", flag_id=str(flag.pk), observation_id=str(flag.observation_id), rule=flag.rule_code)


class _Leads:
    """The flags of this camera that already ask about a matter; citizens' pictures each ask for themselves."""

    def __init__(self, observation: Observation, new: Sequence[tuple[SiteFacts, Finding]]) -> None:
        self._is_camera = observation.source == ObservationSource.CAMERA.value
        matters = {matter_of(facts, finding) for facts, finding in new} if self._is_camera else set()
        self._known = list(_list_asked_before(observation, matters)) if matters else []

    def find_or_become(self, facts: SiteFacts, finding: Finding, flag: Flag) -> UUID | None:
        """The flag that already asks; none: this one does from now on."""
        if not self._is_camera or finding.verdict is Verdict.COMPLIANT:
            return None
        matter = matter_of(facts, finding)
        for known, verdict, flag_id in self._known:
            if known == matter and covers(verdict, finding.verdict):
                return flag_id
        self._known.append((matter, finding.verdict, flag.pk))
        return None


def _list_asked_before(observation: Observation, matters: set[Matter]) -> Iterator[tuple[Matter, Verdict, UUID]]:
    """Flags of these matters that this camera raised before, oldest first."""
    since, until = min(m.since for m in matters), max(m.until for m in matters)
    rows = (
        Flag.objects.filter(observation__camera=observation.camera, seen_at__gte=since, seen_at__lt=until)
        .exclude(state__in=[FlagState.MERGED.value, FlagState.LOGGED.value])
        .order_by("created_at")
    )
    for flag_id, verdict, rule_code, use, key, seen_at in rows.values_list(
        "pk", "verdict", "rule_code", "use", "sidewalk_key", "seen_at"
    ):
        for matter in matters:
            is_same = (matter.rule_code, matter.use, matter.sidewalk_key) == (rule_code, use, key)
            if is_same and matter.since <= seen_at < matter.until:
                yield matter, Verdict(verdict), flag_id

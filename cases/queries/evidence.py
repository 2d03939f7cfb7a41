"""What belongs to the evidence of one case: its files with their copies, facts of the file, and its history; never a sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from cases.models import Case
from cases.queries.timeline import list_case_timeline
from intake.kinds import ObservationSource
from intake.models import MediaFile, Observation
from rules.models import Flag


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One stored file of a case. ``received_on`` is a day in the city; ``parent_id`` is set for a derived copy."""

    id: UUID
    role: str
    sha256: str
    byte_size: int
    content_type: str
    derivation: str
    parent_id: UUID | None
    source: str
    received_on: str
    facts: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """A case as an evidence pack holds it; all values are plain JSON."""

    case: dict[str, Any]
    files: tuple[EvidenceFile, ...]
    flags: tuple[dict[str, Any], ...]
    visits: tuple[dict[str, Any], ...]
    history: tuple[dict[str, Any], ...]


def read_case_evidence(case_id: UUID) -> CaseEvidence:
    """Everything of one case. Check the right before."""
    case = Case.objects.select_related("city", "unit").get(pk=case_id)
    zone = ZoneInfo(case.city.timezone)
    originals = list(_originals(case))
    copies = MediaFile.objects.filter(parent__in=originals).order_by("received_at", "id")
    return CaseEvidence(
        case=_case(case, zone),
        files=tuple(_file(media, zone) for media in (*originals, *copies)),
        flags=tuple(_flag(flag) for flag in Flag.objects.filter(case_flag__case=case).order_by("id")),
        visits=tuple(_visit(visit) for visit in case.inspections.select_related("inspector").order_by("created_at")),
        history=tuple(_entry(entry) for entry in list_case_timeline(case.pk)),
    )


def list_original_ids(case_id: UUID) -> list[UUID]:
    """Originals of a case: of its voices, its confirmed flags and its visits."""
    return [media.pk for media in _originals(Case.objects.get(pk=case_id))]


def _originals(case: Case) -> Any:
    by_flag = Q(observations__flags__case_flag__case=case, observations__flags__case_flag__is_confirmed=True)
    by_request = Q(observations__service_request__case_request__case=case)
    rows = MediaFile.objects.filter(by_flag | by_request | Q(inspection__case=case), parent=None).distinct()
    return rows.order_by("sha256")


def _case(case: Case, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "code": case.code, "use": case.use, "state": case.state, "city": case.city.slug,
        "unit": case.unit.name if case.unit else "", "ward": case.unit_code, "parcel": case.parcel_key,
        "sidewalk": case.sidewalk_key, "lon": case.point.x if case.point else None,
        "lat": case.point.y if case.point else None, "accuracy_m": case.accuracy_m,
        "opened_on": case.opened_at.astimezone(zone).date().isoformat(),
    }  # fmt: skip


def _file(media: MediaFile, zone: ZoneInfo) -> EvidenceFile:
    seen = Observation.objects.filter(media_id=media.parent_id or media.pk).select_related("geotag", "camera").first()
    source = seen.source if seen else ObservationSource.OFFICER.value
    return EvidenceFile(
        media.pk, "copy" if media.parent_id else "original", media.sha256, media.byte_size, media.content_type,
        media.derivation, media.parent_id, source, media.received_at.astimezone(zone).date().isoformat(),
        tuple(_facts(media, seen)),
    )  # fmt: skip


def _facts(media: MediaFile, seen: Observation | None) -> list[tuple[str, Any]]:
    """What the file says of itself, and of a copy how it was made."""
    if media.parent_id:
        return [("made", media.derivation_detail)]
    tag = getattr(seen, "geotag", None) if seen else None
    facts: list[tuple[str, Any]] = [("width_px", media.width_px), ("height_px", media.height_px)]
    if seen is not None and seen.camera is not None:
        facts += [("camera", seen.camera.name), ("camera_clock_offset_s", seen.camera.clock_offset_s)]
    if tag is not None:
        facts += [
            ("captured_at", tag.captured_at.isoformat() if tag.captured_at else None),
            ("captured_at_source", tag.captured_at_source), ("method", tag.method), ("accuracy_m", tag.accuracy_m),
            ("lon", tag.point.x if tag.point else None), ("lat", tag.point.y if tag.point else None),
            ("bearing_deg", tag.bearing_deg), ("bearing_reference", tag.bearing_reference), ("hints", tag.hints),
        ]  # fmt: skip
    return facts


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "id": str(flag.pk), "rule": flag.rule_code, "verdict": flag.verdict, "state": flag.state,
        "reasons": flag.reasons, "missing": flag.missing, "citation": flag.citation, "versions": flag.versions,
    }  # fmt: skip


def _visit(visit: Any) -> dict[str, Any]:
    return {
        "id": str(visit.pk), "state": visit.state, "inspector": visit.inspector.get_username(),
        "outcome": visit.outcome, "reason": visit.reason, "free_width_m": visit.free_width_m, "note": visit.note,
        "completed_at": visit.completed_at.isoformat() if visit.completed_at else None,
        "photos": sorted(str(pk) for pk in visit.photos.values_list("pk", flat=True)),
    }  # fmt: skip


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "at": entry.at.date().isoformat() if entry.is_day_only else entry.at.isoformat(), "actor": entry.actor,
        "kind": entry.kind, "from": entry.from_state, "to": entry.to_state, "reason": entry.reason,
    }  # fmt: skip

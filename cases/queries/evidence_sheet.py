"""A case's evidence in words, as the printed page of a pack shows it: facts, findings, visits, files and the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, pgettext

from cases.models import Case
from cases.queries.evidence import CaseEvidence, EvidenceFile
from cases.queries.told_history import tell_history
from cases.state_words import CASE, FLAG, OUTCOME, say, say_metres
from geo.models import AdminUnit
from rules.models import Flag
from rules.phrases import TITLES
from rules.wording import CONTEXT, WordedFinding, word_finding


@dataclass(frozen=True, slots=True)
class SheetFinding:
    """What the machine found and what a person made of it; ``weights`` are names with the first digits of their hashes."""

    worded: WordedFinding
    state: str
    rule: str
    weights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetVisit:
    """One visit that was made; ``at`` is local to the city."""

    at: datetime | None
    inspector: str
    outcome: str
    free_width: str
    note: str


@dataclass(frozen=True, slots=True)
class EvidenceSheet:
    """The page. Moments are local to the city; history entries without their hour are days."""

    code: str
    facts: tuple[tuple[str, str], ...]
    findings: tuple[SheetFinding, ...]
    visits: tuple[SheetVisit, ...]
    files: tuple[EvidenceFile, ...]
    history: tuple[tuple[datetime, bool, str], ...]
    printed_at: datetime
    timezone: str


def get_evidence_sheet(case_id: UUID, evidence: CaseEvidence, *, now: datetime) -> EvidenceSheet:
    """The words of a case's evidence in the active language. Check the right before."""
    case = Case.objects.select_related("city", "unit").defer("city__geometry").get(pk=case_id)
    zone, language = ZoneInfo(case.city.timezone), (get_language() or "vi")[:2]
    flags = Flag.objects.filter(case_flag__case=case).order_by("id")
    return EvidenceSheet(
        code=case.code, facts=_facts(case, evidence.case), findings=tuple(_finding(flag, language) for flag in flags),
        visits=tuple(_visit(visit, zone) for visit in evidence.visits if visit["completed_at"]), files=evidence.files,
        history=tuple(
            (entry.at.astimezone(zone), entry.is_day_only, words) for entry, words in tell_history(case_id, language)
        ),
        printed_at=now.astimezone(zone), timezone=case.city.timezone,
    )  # fmt: skip


def _facts(case: Case, known: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    english, city = get_language() == "en", case.city
    wards = AdminUnit.objects.filter(city_id=city.pk, code=case.unit_code, is_listed=True)
    ward = wards.values_list("name", flat=True).first() or case.unit_code
    place = ", ".join(filter(None, (ward, city.name_en if english else city.name_vi)))
    rows = (
        (gettext("Kind of use"), pgettext(CONTEXT, TITLES.get(case.use, TITLES["other"]))),
        (gettext("State"), say(CASE, case.state)),
        (gettext("Opened on"), date.fromisoformat(known["opened_on"]).strftime("%d/%m/%Y")),
        (gettext("Office"), (english and case.unit and case.unit.name_en) or known["unit"]),
        (gettext("Place"), place),
        (gettext("Coordinates (WGS 84)"), _coordinates(case)),
        (gettext("Sidewalk"), case.sidewalk_key),
        (gettext("Parcel"), case.parcel_key),
    )
    return tuple((name, str(value)) for name, value in rows if value)


def _coordinates(case: Case) -> str:
    if case.point is None:
        return ""
    error = f" ± {case.accuracy_m:.0f} m" if case.accuracy_m is not None else ""
    return f"{case.point.y:.6f} N, {case.point.x:.6f} E{error}"


def _finding(flag: Flag, language: str) -> SheetFinding:
    weights = tuple(f"{one['name']} ({one['sha256'][:12]})" for one in flag.versions.get("weights", []))
    rule = f"{flag.rule_code} {flag.versions.get('rule', '')}".strip()
    return SheetFinding(word_finding(flag, language), say(FLAG, flag.state), rule, weights)


def _visit(visit: dict[str, Any], zone: ZoneInfo) -> SheetVisit:
    width = visit["free_width_m"]
    return SheetVisit(
        datetime.fromisoformat(visit["completed_at"]).astimezone(zone), visit["inspector"], say(OUTCOME, visit["outcome"]),
        f"{say_metres(width)} m" if width is not None else "", visit["note"],
    )  # fmt: skip

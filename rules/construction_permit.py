"""Unauthorised construction (xây dựng không phép): is there work on a parcel without a permit in force?

Signs of work, one parcel, the need of a permit and the permit register must all be known before this rule flags; a permit
in force settles it the other way. What stays unknown is named. Called by ``rules.engine``; the page is
docs/rules/construction_permit.md.
"""

from __future__ import annotations

from collections.abc import Callable

from geo.facts import Coverage, ParcelFact, PermitFact, Register
from intake.kinds import Category
from rules.construction_priority import rank
from rules.finding import Figure, Finding, Verdict
from rules.ordinances import RuleLaw
from rules.parameters import CONSTRUCTION
from rules.permit_need import Need, Work, is_in_permit_area, judge_need
from rules.site_facts import SiteFacts
from rules.storeys import is_over_permit
from rules.weighing import Sheet, newest_source, register_state
from rules.work_signs import Signs, read_signs

VERSION = 1
_CANDIDATES = 5
_WORST_FIRST = ("revoked", "expired", "not_yet")


def check_construction(facts: SiteFacts, law: RuleLaw) -> Finding | None:
    """The finding about a whole picture; None for single things and for pictures without signs of work."""
    if not facts.is_scene:
        return None
    signs = read_signs(facts.scene, facts.local_on, law)
    if facts.scene.category is not Category.CONSTRUCTION and not signs.are_enough(law):
        return None
    sheet = Sheet(facts, law)
    verdict = next(v for step in _STEPS if (v := step(sheet, signs)) is not None)
    _public_ground(sheet)
    return sheet.close(CONSTRUCTION, Category.CONSTRUCTION.value, verdict, rank(sheet, signs, verdict))


def _signs(sheet: Sheet, signs: Signs) -> Verdict | None:
    """Two independent signs, or one on two dates: a hard hat alone is a passer-by."""
    if signs.are_enough(sheet.law):
        _note_signs(sheet, signs)
        return None
    for thing in sheet.facts.scene.unseen:
        sheet.note("cannot_be_seen", None, thing=thing)
    return sheet.undetermined("signs_too_few", "signs_of_work", **_sign_figures(sheet, signs))


def _note_signs(sheet: Sheet, signs: Signs) -> None:
    enough = signs.are_enough(sheet.law)
    if enough and len(signs.kinds) < sheet.law.number("min_signs"):
        sheet.note("sign_seen_again", True, **_sign_figures(sheet, signs))
    else:
        sheet.note("work_signs" if enough else "signs_too_few", enough or None, **_sign_figures(sheet, signs))


def _sign_figures(sheet: Sheet, signs: Signs) -> dict[str, Figure]:
    return {
        "kinds": ", ".join(signs.kinds),
        "count": len(signs.kinds),
        "needed": int(sheet.law.number("min_signs")),
        "days_apart": signs.days_apart,
        "days_needed": int(sheet.law.number("min_days_between_signs")),
    }


def _parcel(sheet: Sheet, signs: Signs) -> Verdict | None:
    """One parcel, or the candidates: a phone's position does not choose between neighbours."""
    facts = sheet.facts
    if facts.place is None:
        return sheet.undetermined("no_position", "position", why=facts.scene.no_position_reason)
    if register_state(facts, Register.PARCEL) is Coverage.NO_DATA:
        return sheet.no_data(Register.PARCEL)
    accuracy_m, limit = facts.place.position.accuracy_m, sheet.law.number("min_parcel_likelihood")
    if not facts.place.parcels:
        return sheet.undetermined("no_parcel_here", "parcel", accuracy_m=accuracy_m)
    best = the_parcel(facts, sheet.law)
    if best is not None:
        _note_parcel(sheet, best)
        return None
    for parcel in facts.place.parcels[:_CANDIDATES]:
        sheet.note("parcel_candidate", None, parcel=parcel.key, likelihood=parcel.likelihood)
    count = len(facts.place.parcels)
    return sheet.undetermined("several_parcels", "parcel", count=count, limit=limit, accuracy_m=accuracy_m)


def _note_parcel(sheet: Sheet, parcel: ParcelFact) -> None:
    accuracy_m = sheet.facts.place.position.accuracy_m if sheet.facts.place else None
    limit = sheet.law.number("min_parcel_likelihood")
    sheet.note("parcel", True, parcel=parcel.key, likelihood=parcel.likelihood, limit=limit, accuracy_m=accuracy_m)


def the_parcel(facts: SiteFacts, law: RuleLaw) -> ParcelFact | None:
    """The parcel the picture is about, when one is likely enough."""
    parcels = facts.place.parcels if facts.place else ()
    best = max(parcels, key=lambda parcel: parcel.likelihood, default=None)
    return best if best is not None and best.likelihood >= law.number("min_parcel_likelihood") else None


def _permit_in_force(sheet: Sheet, signs: Signs) -> Verdict | None:
    """A permit in force on the day settles "without permit", whatever else is unknown: how much work is seen, too."""
    parcel = the_parcel(sheet.facts, sheet.law)
    for permit in _permits_of(sheet, parcel):
        if permit.standing == "in_force" and parcel is not None:
            _note_signs(sheet, signs)
            _note_parcel(sheet, parcel)
            return _under_permit(sheet, permit)
    return None


def _under_permit(sheet: Sheet, permit: PermitFact) -> Verdict:
    over = is_over_permit(sheet.facts.scene.visible_storeys, permit.storeys)
    if sheet.facts.scene.visible_storeys is not None:
        met = None if over is None else not over
        visible = sheet.facts.scene.visible_storeys
        sheet.note("visible_storeys", met, visible=visible, permitted=permit.storeys)
    if over:
        sheet.lack("storeys_by_officer")
        return sheet.flagged("over_permit", number=permit.number)
    return sheet.compliant("permit_in_force", **_permit_figures(permit))


def _need(sheet: Sheet, signs: Signs) -> Verdict | None:
    """Whether the work needs a permit at all, three-valued."""
    facts, parcel = sheet.facts, the_parcel(sheet.facts, sheet.law)
    zones = (*facts.place.zones, *(parcel.zones if parcel else ())) if facts.place else ()
    overlays = facts.place.overlays if facts.place else ()
    area = is_in_permit_area(facts, zones, overlays, sheet.law)
    answer = judge_need(Work(in_permit_area=area), sheet.law)
    if answer.need is Need.EXEMPT:
        return sheet.compliant("permit_exempt")
    if answer.need is Need.UNKNOWN:
        return sheet.undetermined("permit_need_unknown", *answer.missing)
    plans = ", ".join(sorted({f"{zone.plan}: {zone.code}" for zone in zones}))
    sheet.note("permit_needed", True, zones=plans)
    return None


def _register(sheet: Sheet, signs: Signs) -> Verdict | None:
    """An absent permit accuses only where the register covers the place and is fresh."""
    facts = sheet.facts
    if not sheet.law.is_set("permits_are_registered") or register_state(facts, Register.PERMIT) is Coverage.NO_DATA:
        return sheet.no_data(Register.PERMIT)
    source_on, most_days = newest_source(facts, Register.PERMIT), sheet.law.number("max_register_age_days")
    if source_on is None:
        return sheet.undetermined("register_undated", "register_permit", register=Register.PERMIT.value)
    age_days = max(0, (facts.local_on - source_on).days)
    figures: dict[str, Figure] = {
        "source_on": source_on.isoformat(),
        "age_days": age_days,
        "limit_days": int(most_days),
    }
    if age_days > most_days:
        return sheet.undetermined("register_stale", "register_permit", **figures)
    sheet.note("register_fresh", True, **figures)
    return None


def _standing(sheet: Sheet, signs: Signs) -> Verdict | None:
    """Permits of the parcel that are not in force, permits of nobody's parcel next to it, or none."""
    permits = _permits_of(sheet, the_parcel(sheet.facts, sheet.law))
    for permit in permits:
        if permit.standing not in _WORST_FIRST:
            return sheet.undetermined("permit_dates_unknown", "permit_dates", **_permit_figures(permit))
    loose = _unlinked(sheet)
    if loose is not None:
        return sheet.undetermined("permit_not_linked", "permit_parcel", **_permit_figures(loose))
    for permit in sorted(permits, key=lambda p: _WORST_FIRST.index(p.standing)):
        limited = permit.kind in sheet.law.words("limited_term_kinds") and permit.standing == "expired"
        code = "limited_term_over" if limited else f"permit_{permit.standing}"
        return sheet.flagged(code, **_permit_figures(permit))
    return sheet.flagged("no_permit")


def _permits_of(sheet: Sheet, parcel: ParcelFact | None) -> tuple[PermitFact, ...]:
    """Permits that name the parcel and allow building."""
    place = sheet.facts.place
    if place is None or parcel is None:
        return ()
    return tuple(permit for permit in _building_permits(sheet) if parcel.key in permit.parcel_keys)


def _building_permits(sheet: Sheet) -> tuple[PermitFact, ...]:
    kinds, place = sheet.law.words("permit_kinds"), sheet.facts.place
    permits = place.permits if place else ()
    return tuple(permit for permit in permits if not kinds or permit.kind in kinds)


def _unlinked(sheet: Sheet) -> PermitFact | None:
    """A permit in force that names no parcel but lies within the error of the place: it may be this one's."""
    place = sheet.facts.place
    reach_m = 2 * place.position.accuracy_m if place else 0.0
    loose = (p for p in _building_permits(sheet) if not p.parcel_keys and p.distance_m <= reach_m)
    return next((p for p in loose if p.standing not in _WORST_FIRST), None)


def _permit_figures(permit: PermitFact) -> dict[str, Figure]:
    return {
        "number": permit.number,
        "kind": permit.kind,
        "issued_on": permit.issued_on.isoformat() if permit.issued_on else None,
        "expires_on": permit.expires_on.isoformat() if permit.expires_on else None,
        "storeys": permit.storeys,
    }


def _public_ground(sheet: Sheet) -> None:
    """Added whatever the verdict: the place lies, or may lie, in ground that a plan keeps public."""
    place, kinds = sheet.facts.place, sheet.law.words("public_line_kinds")
    for line in (line for line in (place.plan_lines if place else ()) if line.kind in kinds):
        half_m, error_m = (line.width_m or 0.0) / 2, 2 * (place.position.accuracy_m if place else 0.0)
        if line.distance_m - error_m > half_m:
            continue
        met = False if line.distance_m + error_m <= half_m else None
        sheet.note(
            "public_line", met, kind=line.kind, name=line.name, distance_m=line.distance_m, width_m=line.width_m,
            accuracy_m=error_m / 2,
        )  # fmt: skip
        return


Step = Callable[[Sheet, Signs], Verdict | None]
_STEPS: tuple[Step, ...] = (_permit_in_force, _signs, _parcel, _need, _register, _standing)

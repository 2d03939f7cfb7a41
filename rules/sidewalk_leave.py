"""Whether the sidewalk register lists leave for a use at one place, date and hour: licences, paid places, painted slots. Pure."""

from __future__ import annotations

from datetime import date, time

from geo.facts import AllowedUse, SidewalkFact
from intake.kinds import Category
from rules.finding import Reason, weigh
from rules.site_facts import GroundFacts, SiteFacts, SlotShare


def find_leave(facts: SiteFacts, use: Category, needed: float) -> Reason:
    """met True: leave holds here now; False: none does; None: only within the error of the place.

    ``needed`` is the share of the outline that must lie in a painted slot.
    """
    ground = facts.ground
    segment = _segment(facts, ground)
    if ground is None or segment is None:
        return weigh("leave_unknown", None, use=use.value)
    of_this_use = [(n, a) for n, a in enumerate(segment.allowed_uses) if a.use == use.value]
    now = [(n, a) for n, a in of_this_use if is_in_force(a, facts.local_on, facts.local_time)]
    if any(not allowed.slot for _, allowed in now):
        return weigh("leave_on_segment", True, use=use.value, segment=segment.key)
    slots = [slot for n, _ in now if (slot := _slot(ground, segment.key, n)) is not None]
    inside = _best_slot(slots, needed)
    return inside if inside is not None else _no_leave(use, segment, [a for _, a in of_this_use], slots, facts.local_on)


def is_in_force(allowed: AllowedUse, on: date, at: time) -> bool:
    """Within its dates (both days included) and hours (end not included; hours may run over midnight)."""
    if (allowed.from_on and on < allowed.from_on) or (allowed.to_on and on > allowed.to_on):
        return False
    start, end = allowed.from_time or time.min, allowed.to_time or time.max
    return start <= at < end if start <= end else at >= start or at < end


def _segment(facts: SiteFacts, ground: GroundFacts | None) -> SidewalkFact | None:
    segments = facts.place.sidewalks if facts.place else ()
    return next((s for s in segments if ground and s.key == ground.sidewalk_key), None)


def _slot(ground: GroundFacts, key: str, index: int) -> SlotShare | None:
    return next((s for s in ground.slots if s.sidewalk_key == key and s.use_index == index), None)


def _best_slot(slots: list[SlotShare], needed: float) -> Reason | None:
    """The slot it stands in, surely or perhaps; None when it surely stands in none."""
    for slot in sorted(slots, key=lambda s: -s.share.least):
        figures = {"share": slot.share.share, "least": slot.share.least, "most": slot.share.most, "limit": needed}
        if slot.share.least >= needed:
            return weigh("in_slot", True, **figures)
        if slot.share.most >= needed:
            return weigh("slot_edge", None, **figures)
    return None


def _no_leave(
    use: Category, segment: SidewalkFact, listed: list[AllowedUse], slots: list[SlotShare], on: date
) -> Reason:
    """Why there is none: outside the painted slots, past the end of a licence, outside its hours, or never listed."""
    if slots:
        nearest = min(slot.distance_m for slot in slots)
        return weigh("outside_slot", False, use=use.value, segment=segment.key, distance_m=nearest)
    ended = [allowed.to_on for allowed in listed if allowed.to_on and allowed.to_on < on]
    if ended:
        return weigh("leave_ended", False, use=use.value, segment=segment.key, ended_on=max(ended).isoformat())
    if listed:
        return weigh("outside_hours", False, use=use.value, segment=segment.key)
    return weigh("no_leave", False, use=use.value, segment=segment.key)

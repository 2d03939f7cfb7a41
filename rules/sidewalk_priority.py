"""How urgently a person should look at a sidewalk finding: 0 to 100 with the reasons. Pure."""

from __future__ import annotations

from intake.kinds import Category
from rules.finding import Verdict
from rules.uses import use_of_label
from rules.weighing import Sheet

_UNDETERMINED = 15
_FLAGGED = 35
_BLOCKED = 65
_SUSPECTED = 50
_SMALL_VENDOR = 20
_PERSON_FIRST = 5
_ALONE = 2


def rank(sheet: Sheet, use: Category, verdict: Verdict) -> tuple[int, tuple[str, ...]]:
    """Blocked width first; a vendor alone on a small patch last, and to be reminded rather than fined."""
    if verdict is Verdict.COMPLIANT:
        return 0, ()
    if verdict is Verdict.UNDETERMINED:
        return (_PERSON_FIRST, ("person_first",)) if sheet.has("person_first") else (_UNDETERMINED, ())
    met = {True: (_FLAGGED, ()), False: (_BLOCKED, ("width_blocked",)), None: (_SUSPECTED, ("width_suspected",))}
    found = sheet.met("free_width")
    points, reasons = met[found] if sheet.has("free_width") else (_FLAGGED, ())
    if use is Category.TRADING and _is_small(sheet) and found is not False:
        return _SMALL_VENDOR, (*reasons, "small_vendor")
    return points, reasons


def _is_small(sheet: Sheet) -> bool:
    """One vendor with hardly anything: at most two trading things in view, this one on a small patch."""
    facts = sheet.facts
    things = sum(t.count for t in facts.scene.seen if use_of_label(t.label, facts.scene.category) is Category.TRADING)
    area_m2 = facts.ground.area_m2 if facts.ground is not None else None
    return area_m2 is not None and things <= _ALONE and area_m2 < sheet.law.number("small_vendor_max_m2")

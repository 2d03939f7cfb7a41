"""How urgently a person should look at a construction finding: 0 to 100 with the reasons, worst first. Pure."""

from __future__ import annotations

from rules.finding import Verdict
from rules.weighing import Sheet
from rules.work_signs import MACHINERY, Signs

_UNDETERMINED = 25
_DANGER = 90
_PUBLIC_LAND = 80
_NO_PERMIT = 70
_PAPERWORK = 55


def rank(sheet: Sheet, signs: Signs, verdict: Verdict) -> tuple[int, tuple[str, ...]]:
    """Danger (a crane, an excavation) before public land, before no permit at all, before a permit that ran out."""
    if verdict is Verdict.COMPLIANT:
        return 0, ()
    found = [
        (_DANGER, "machinery", MACHINERY in signs.kinds),
        (_PUBLIC_LAND, "public_land", sheet.has("public_line") and sheet.met("public_line") is False),
        (_NO_PERMIT, "no_permit", sheet.has("no_permit") or sheet.has("permit_revoked")),
        (_PAPERWORK, "permit_ran_out", verdict is Verdict.FLAGGED),
    ]
    reasons = [(points, code) for points, code, holds in found if holds]
    if verdict is Verdict.UNDETERMINED:
        return _UNDETERMINED, tuple(code for points, code in reasons if points >= _PUBLIC_LAND)
    return reasons[0][0], tuple(code for points, code in reasons if points > _PAPERWORK or len(reasons) == 1)

"""A permit that an inspector found on the spot and the register does not hold becomes a register issue, not a silent fact."""

from __future__ import annotations

from collections.abc import Mapping

from cases.models import Case, CaseEvent
from geo.facts import Register
from geo.models import Permit, RegisterIssue, RegisterLoad
from geo.permit_number import make_permit_plain

FAULT = "found_on_site"


def report_permit(case: Case, found: Mapping[str, str], *, actor: str) -> bool:
    """Write the issue beside the newest load of the city's permit register; False when the register holds the number.

    A city without any permit register keeps the finding in the case's history alone.
    """
    number = found["number"].strip()
    is_known = Permit.objects.filter(city_id=case.city_id, number_plain=make_permit_plain(number)).exists()
    detail = {"number": number, "issued_on": found.get("issued_on", ""), "is_in_register": is_known}
    CaseEvent.write(case, "permit_found", actor=actor, detail=detail)
    if is_known:
        return False
    load = (
        RegisterLoad.objects.filter(source__city_id=case.city_id, source__register=Register.PERMIT.value)
        .order_by("-pk")
        .first()
    )
    if load is None:
        return False
    text = f"{case.code}: {number} {found.get('issued_on', '')} {found.get('note', '')}".strip()
    RegisterIssue.objects.create(
        load=load, row_ref="", key=number[:80], fault=FAULT, detail=text[:500], action="kept", point=case.point
    )
    return True

"""The facts of a visit as its record tells them, for the inspector of the case and the unit's leader; each reading is logged
by the action that prints.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cases.models import Case, Inspection, InspectionParty, InspectionPhoto, InspectionSubmission
from cases.queries.field_forms import get_field_form
from cases.record_draft import LawLine, PartyLines, PhotoLine, RecordDraft, act_day, find_law, list_missing
from errors import NotFound
from geo.models import AdminUnit
from intake.queries import read_media
from rules.queries import get_law

_PERSON_VI = {
    "name": "Họ tên", "born_on": "Ngày sinh", "id_number": "CCCD", "address": "Địa chỉ", "tax_code": "MST",
    "represented_by": "Người đại diện",
}  # fmt: skip
_MEASURE_VI = {
    "free_width": ("Lối đi còn lại", "m"), "length": ("Chiều dài", "m"), "width": ("Chiều rộng", "m"),
    "height": ("Chiều cao", "m"), "setback": ("Khoảng lùi", "m"), "area": ("Diện tích", "m²"), "storeys": ("Số tầng", ""),
}  # fmt: skip
_TOOL_VI = {"tape": "thước dây", "laser": "thước laser", "counted": "đếm"}
_OUTCOME_VI = {
    "violation": "Có vi phạm, lập biên bản", "fined_on_spot": "Xử phạt tại chỗ", "warned": "Nhắc nhở, cam kết",
    "stop_ordered": "Yêu cầu ngừng thi công", "handed_over": "Chuyển cơ quan có thẩm quyền",
    "no_violation": "Không vi phạm", "gone": "Đã hết khi đến nơi", "undetermined": "Không xác định",
    "no_access": "Không tiếp cận được",
}  # fmt: skip
_USE_VI = {
    "trading": "Bày bán, hàng rong", "parking": "Để xe trên vỉa hè", "parking_service": "Trông giữ xe",
    "signboard": "Biển hiệu, mái che, bục bệ", "material": "Vật liệu, xà bần", "barrier": "Rào, chậu cây, cọc giữ chỗ",
    "event": "Rạp, sự kiện", "construction": "Xây dựng", "other": "Khác", "unstated": "Chưa rõ",
}  # fmt: skip
_INSTRUMENT_VI = {"/NĐ-CP": "Nghị định", "/QH": "Luật", "/QĐ-UBND": "Quyết định", "/NQ-HĐND": "Nghị quyết"}
_ROLE_VI = {"overview": "Toàn cảnh", "measure": "Vị trí đo", "detail": "Chi tiết", "signature": "Chữ ký"}
_CHOICE_VI = {
    "yes": "có",
    "no": "không",
    "nobody_present": "không có ai tại chỗ",
    "funeral": "tang",
    "wedding": "cưới",
    "other": "khác",
}


def get_record_draft(visit: Inspection, *, now: datetime) -> RecordDraft:
    """The draft of a visit's record; NotFound before a form of it was applied."""
    form = visit.submissions.filter(state__in=["applied", "adopted"]).order_by("-received_at").first()
    if form is None:
        raise NotFound(
            "This visit has no form yet.",
            field="inspection",
            value=visit.pk,
            cure="Hand in the form of the visit first.",
        )
    case = visit.case
    zone = ZoneInfo(case.city.timezone)
    pack, content = get_field_form(case.city_id), form.content
    parties = {part: _parties(form, part) for part in ("violator", "witness", "harmed")}
    law = get_law(case.city.slug).at(act_day(form.done_at.astimezone(zone)))
    is_organisation = any(p.identity.get("tax_code") for p in form.parties.filter(part="violator"))
    groups = {str(code): str(words) for code, words in dict(pack.record.get("groups", {})).items()}
    lines = tuple(
        _name_instrument(
            find_law(
                law, code, act.vi if (act := pack.act(code)) else code, is_organisation=is_organisation, groups=groups
            )
        )
        for code in content.get("acts", [])
    )
    photos = _photos(visit, zone)
    return RecordDraft(
        form=str(pack.record.get("form", "")), case_code=case.code, city=case.city.name_vi,
        office=case.unit.name if case.unit else "", made_at=now.astimezone(zone), seen_at=form.done_at.astimezone(zone),
        place=_place(case), officer=visit.inspector.get_full_name() or visit.inspector.get_username(),
        bases=tuple(pack.record.get("bases", [])), use=_USE_VI.get(case.use, case.use),
        outcome=_OUTCOME_VI.get(visit.outcome, visit.outcome), note=visit.note, law=lines,
        violators=parties["violator"], witnesses=parties["witness"], harmed=parties["harmed"],
        measures=_measures(content), answers=_answers(pack.checks_for(case.use), content), photos=photos,
        explanation=str(pack.record.get("explanation", "")), copies=int(pack.record.get("copies", 2)),
        law_version=law.version, clock_note=_clock(form), permit_note=_permit(content),
        missing=_missing(parties, lines, photos),
    )  # fmt: skip


def _missing(
    parties: Mapping[str, tuple[PartyLines, ...]], law: tuple[LawLine, ...], photos: tuple[PhotoLine, ...]
) -> tuple[str, ...]:
    return list_missing([
        ("bên vi phạm", bool(parties["violator"])), ("người chứng kiến", bool(parties["witness"])),
        ("điều, khoản, điểm", any(line.citation for line in law)), ("ảnh hiện trường", bool(photos)),
    ])  # fmt: skip


def _parties(form: InspectionSubmission, part: str) -> tuple[PartyLines, ...]:
    rows = InspectionParty.objects.filter(submission=form, part=part).order_by("pk")
    return tuple(
        PartyLines(
            part, tuple((word, _fact(name, row.identity[name])) for name, word in _PERSON_VI.items() if row.identity.get(name)),
            row.statement, _picture(row), row.unsigned_reason,
        )
        for row in rows
    )  # fmt: skip


def _name_instrument(line: LawLine) -> LawLine:
    """The citation as a record writes it: the kind of the instrument, told by the end of its number, stands before it."""
    number = line.citation.split(",", 1)[0]
    kind = next((kind for end, kind in _INSTRUMENT_VI.items() if end in number), "")
    return replace(line, citation=f"{kind} {line.citation}") if kind else line


def _fact(name: str, text: str) -> str:
    """A day as it is written in a record; what is no day stays as it was given."""
    if name != "born_on":
        return text
    try:
        return date.fromisoformat(text).strftime("%d/%m/%Y")
    except ValueError:
        return text


def _picture(row: InspectionParty) -> str:
    if row.signature is None or not row.signature.content_type.startswith("image/"):
        return ""
    return f"data:{row.signature.content_type};base64,{b64encode(read_media(row.signature.pk)).decode()}"


def _place(case: Case) -> str:
    """Ward, parcel and coordinates with their error; an address where somebody wrote one is in the note."""
    ward = (
        AdminUnit.objects.filter(city_id=case.city_id, code=case.unit_code, is_listed=True)
        .values_list("name", flat=True)
        .first()
    )
    parts = [f"thửa {case.parcel_key}" if case.parcel_key else "", ward or case.unit_code, case.city.name_vi]
    if case.point is not None:
        error = f" ± {case.accuracy_m:.0f} m" if case.accuracy_m is not None else ""
        parts.append(f"toạ độ {case.point.x:.6f} E, {case.point.y:.6f} N (WGS 84){error}")
    return ", ".join(part for part in parts if part)


def _photos(visit: Inspection, zone: ZoneInfo) -> tuple[PhotoLine, ...]:
    rows = (
        InspectionPhoto.objects.filter(inspection=visit)
        .exclude(role__in=("signature", "voice"))
        .order_by("received_at", "pk")
    )
    return tuple(
        PhotoLine(_ROLE_VI.get(row.role, row.role), row.sha256, row.taken_at.astimezone(zone) if row.taken_at else None)
        for row in rows
    )


def _measures(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    found = []
    for row in content.get("measures", []):
        name, unit = _MEASURE_VI[row["kind"]]
        figure = f"{row['value']:.2f}" if unit else f"{row['value']:g}"
        found.append(
            (name, f"{figure.replace('.', ',')} {unit} ({_TOOL_VI[row['tool']]}) {row.get('note', '')}".strip())
        )
    return tuple(found)


def _answers(checks: tuple[Any, ...], content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    given = content.get("checklist", {})
    return tuple((item.vi, _say(given[item.code], item.unit)) for item in checks if item.code in given)


def _say(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | float):
        return f"{value:g} {unit}".replace(".", ",").strip()
    return _CHOICE_VI.get(str(value), str(value))


def _clock(form: InspectionSubmission) -> str:
    if not form.clock_error_s:
        return ""
    minutes = round(abs(form.clock_error_s) / 60)
    way = "nhanh" if form.clock_error_s > 0 else "chậm"
    return f"Đồng hồ của thiết bị chạy {way} {minutes} phút so với máy chủ lúc gửi; giờ ở trên đã hiệu chỉnh."


def _permit(content: Mapping[str, Any]) -> str:
    found = content.get("permit_found")
    return (
        f"Giấy phép xuất trình tại chỗ: số {found['number']} {found.get('issued_on', '')}".strip() + "."
        if found
        else ""
    )

"""What goes wrong with moves, clocks and visits is said in words of the reader's language, with what to do; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from cases.models import Case, CaseClock, CaseEvent, Inspection
from intake.models import MediaFile, ServiceRequest
from rules.models import Flag
from tests.builders import Staff

pytestmark = pytest.mark.django_db
As = Callable[[Any], Client]
JSON = "application/json"


def told(client: Client, path: str, body: dict[str, Any], language: str = "vi") -> tuple[int, str]:
    """The status and the whole sentence with its cure."""
    answer = client.post(f"{path}?lang={language}", body, content_type=JSON)
    item = answer.json()["errors"][0]
    return answer.status_code, f"{item['message']} {item['cure']}"


def test_an_illegal_move_names_the_states_in_words(case: Case, staff: Staff, as_person: As) -> None:
    path, body = f"/api/v1/cases/{case.pk}/moves", {"to": "closed", "reason": "", "version": case.version}
    before = CaseEvent.objects.count()
    status, said = told(as_person(staff.leader), path, body)
    assert status == 409
    assert said == (
        "Đang “Đã phân công” thì không chuyển sang “Đã đóng” được. Từ đây chuyển được sang: “Đang xác minh”, “Đã phân công”,"
        " “Đã chuyển cơ quan có thẩm quyền”, “Đã bỏ qua”. Tải lại rồi chọn."
    )
    assert told(as_person(staff.leader), path, body, "en")[1].startswith("From “Assigned” nothing becomes “Closed”.")
    assert CaseEvent.objects.count() == before


@pytest.mark.parametrize("kind", ["case", "inspection", "report", "flag"])
def test_who_comes_second_is_told_and_overwrites_nothing(case: Case, staff: Staff, as_person: As, kind: str) -> None:
    request, visit, flag = ServiceRequest.objects.get(), Inspection.objects.get(), Flag.objects.first()
    assert flag is not None
    path, to, state = {
        "case": (f"/api/v1/cases/{case.pk}/moves", "dismissed", lambda: Case.objects.get().state),
        "inspection": (f"/api/v1/inspections/{visit.pk}/moves", "cancelled", lambda: Inspection.objects.get().state),
        "report": (f"/api/v1/reports/{request.handle}/moves", "refused", lambda: ServiceRequest.objects.get().status),
        "flag": (f"/api/v1/flags/{flag.pk}/moves", "new", lambda: Flag.objects.get(pk=flag.pk).state),
    }[kind]
    before = state()
    status, said = told(as_person(staff.leader), path, {"to": to, "reason": "Trùng", "version": 99})
    assert status == 409
    assert "Không có gì bị ghi đè." in said and "Tải lại rồi quyết định lại." in said
    assert state() == before


def test_a_move_without_its_reason_says_so(case: Case, staff: Staff, as_person: As) -> None:
    body = {"to": "dismissed", "reason": " ", "version": case.version}
    status, said = told(as_person(staff.leader), f"/api/v1/cases/{case.pk}/moves", body)
    assert (status, said) == (400, "Chuyển sang “Đã bỏ qua” cần có lý do. Nêu lý do.")


def test_a_late_visit_is_not_approved_without_its_cause(case: Case, staff: Staff, as_person: As) -> None:
    visit = Inspection.objects.get()
    record = {"to": "completed", "outcome": "no_violation", "version": visit.version}
    as_person(staff.inspector).post(f"/api/v1/inspections/{visit.pk}/moves", record, content_type=JSON)
    CaseClock.objects.filter(code="visit").update(due_at=timezone.now() - timedelta(days=2))
    visit.refresh_from_db()
    body = {"to": "approved", "version": visit.version}
    status, said = told(as_person(staff.leader), f"/api/v1/inspections/{visit.pk}/moves", body)
    assert status == 400
    assert "Kiểm tra lần đầu" in said and "mười lý do" in said
    visit.refresh_from_db()
    assert visit.state == "completed"


def test_a_pause_without_its_paper_says_what_is_missing(case: Case, staff: Staff, as_person: As) -> None:
    body = {"clock": "visit", "reason": "storm_or_flood", "document": ""}
    status, said = told(as_person(staff.leader), f"/api/v1/cases/{case.pk}/pauses", body)
    assert status == 400
    assert said.startswith("Tạm dừng phải có văn bản kèm theo.") and "112/TB-UBND" in said


def test_altered_evidence_is_not_handed_out_and_says_whom_to_tell(case: Case, staff: Staff, as_person: As) -> None:
    original = MediaFile.objects.get(parent=None)
    path = Path(default_storage.path(original.storage_name))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    body = {"reason": "Giao toà án, vụ 12/2026"}
    status, said = told(as_person(staff.leader), f"/api/v1/cases/{case.pk}/evidence-packs", body)
    assert status == 409
    assert said == (
        "Tệp này đã bị thay đổi trên đĩa. Nó không còn là tệp đã nhận. Báo người vận hành khôi phục từ bản sao lưu. Không được"
        " dùng bất cứ phần nào của tệp này."
    )


def test_without_a_holiday_table_a_due_moment_is_told_as_provisional(case: Case, staff: Staff, as_person: As) -> None:
    from cases.models import CalendarEdition

    with_table = as_person(staff.leader).get(f"/api/v1/cases/{case.pk}/clocks").json()["clocks"]
    assert {clock["is_provisional"] for clock in with_table} <= {True, False}
    CalendarEdition.objects.create(
        city=case.city, sha256="0" * 64, content={"covered_from": "2020-01-01", "covered_to": "2020-12-31"},
        loaded_at=timezone.now(),
    )  # fmt: skip
    from cases.actions import refresh_clocks

    refresh_clocks([case.pk])
    clocks = as_person(staff.leader).get(f"/api/v1/cases/{case.pk}/clocks").json()["clocks"]
    assert clocks and all(clock["is_provisional"] for clock in clocks)

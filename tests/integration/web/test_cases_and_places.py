"""Case files and the inspector's form, the look-up of a place, the operator's list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Case, Inspection
from pipeline.models import Progress
from tests.builders import ON_PARCEL_A, Staff, a_report, run_to_rest
from tests.data.photos import a_photo
from tests.small_city import lonlat

pytestmark = pytest.mark.django_db
Sign = Callable[[Any], Client]


def test_the_inspector_finds_the_job_and_the_form(case: Case, staff: Staff, as_person: Sign) -> None:
    client = as_person(staff.inspector)
    listed = client.get("/cases/").content.decode()
    assert "Việc của bạn" in listed and case.code in listed
    html = client.get(f"/cases/{case.code}/").content.decode()
    assert "Ghi kết quả kiểm tra" in html
    assert "Có vi phạm, yêu cầu dừng thi công" in html
    assert "máy cảnh báo, người kết luận" in html


def test_a_recorded_visit_stands_in_the_file(case: Case, staff: Staff, as_person: Sign) -> None:
    client, visit = as_person(staff.inspector), Inspection.objects.get()
    photo = SimpleUploadedFile("tai-cho.jpg", a_photo(), "image/jpeg")
    form = {
        "outcome": "warned", "free_width_m": "1,05 m", "note": "Chủ nhà cam kết", "version": str(visit.version), "photos": photo,
    }  # fmt: skip
    assert client.post(f"/cases/{case.code}/inspection/", form).status_code == 303
    visit.refresh_from_db()
    assert (visit.outcome, visit.free_width_m, visit.photos.count()) == ("warned", 1.05, 1)
    html = client.get(f"/cases/{case.code}/").content.decode()
    assert "1,05 m" in html and "Nhắc nhở, cam kết" in html


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        pytest.param({}, 422, "Cần chọn kết quả.", id="no outcome"),
        pytest.param({"outcome": "no_access"}, 422, "nêu lý do", id="reason missing"),
        pytest.param({"outcome": "warned", "free_width_m": "wide"}, 422, "bề rộng", id="no width"),
        pytest.param({"outcome": "warned", "version": "99"}, 409, "vừa đổi việc kiểm tra này", id="seen an older one"),
    ],
)
def test_a_faulty_form_comes_back_with_what_was_typed(
    case: Case, staff: Staff, as_person: Sign, form: dict[str, str], status: int, said: str
) -> None:
    answer = as_person(staff.inspector).post(f"/cases/{case.code}/inspection/", {"note": "giữ lại", **form})
    html = answer.content.decode()
    assert answer.status_code == status
    assert said in html and "giữ lại" in html
    assert Inspection.objects.get().outcome == ""


def test_who_may_not_record_sees_no_form(case: Case, staff: Staff, as_person: Sign) -> None:
    client = as_person(staff.reviewer)
    assert "Ghi kết quả kiểm tra" not in client.get(f"/cases/{case.code}/").content.decode()
    assert client.post(f"/cases/{case.code}/inspection/", {"outcome": "warned"}).status_code == 403


def test_a_case_elsewhere_is_not_found(case: Case, staff: Staff, as_person: Sign) -> None:
    assert as_person(staff.inspector).get("/cases/VH-0000-0000/").status_code == 404


def test_what_is_here_names_sources_and_gaps(small_city: Any, client: Client) -> None:
    lon, lat = lonlat(*ON_PARCEL_A)
    html = client.get("/places/", {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}).content.decode()
    for part in ("Thửa", "Quy hoạch", "Giấy phép", "đang hiệu lực", "Chưa có dữ liệu", "Thông tin tham khảo", "(bịa)"):
        assert part in html


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({}, 200), ({"q": "nowhere at all"}, 404), ({"lon": "x", "lat": "y"}, 422), ({"lon": "13.19", "lat": "55.69"}, 422),
        ({"lon": "999", "lat": "10"}, 422), ({"lon": "106.666", "lat": "10.762", "on": "yesterday"}, 422),
        ({"lon": "106.666", "lat": "10.762", "at": "noon"}, 422), ({"parcel": "000010019999"}, 404), ({"permit": "?"}, 404),
    ],
    ids=["nothing asked", "words", "no numbers", "no city there", "not on Earth", "no date", "no hour", "no parcel", "no permit"],
)  # fmt: skip
def test_a_look_up_answers_with_the_right_status(
    small_city: Any, client: Client, query: dict[str, str], status: int
) -> None:
    assert client.get("/places/", query).status_code == status


def test_several_parcels_are_candidates_none_chosen(small_city: Any, client: Client) -> None:
    lon, lat = lonlat(255, 120)
    html = client.get("/places/", {"lon": f"{lon:.7f}", "lat": f"{lat:.7f}"}).content.decode()
    assert "2 thửa" in html and "không chọn thửa nào" in html


def test_words_lead_to_the_one_place_or_to_a_list(small_city: Any, client: Client) -> None:
    one = client.get("/places/", {"q": "tờ 1 thửa 1", "on": "2026-11-22", "at": "09:00"}).content.decode()
    assert "Thửa 1, tờ 1" in one and "/places/?q=" in one and "at=09%3A00" in one
    several = client.get("/places/", {"q": "phuong nho"}).content.decode()
    assert "Phường Nhỏ" in several and "look-map" not in several
    wrong = client.get("/places/", {"q": "tờ 1 thửa 82"})
    assert wrong.status_code == 404 and "Tờ 1 không có thửa 82" in wrong.content.decode()


def test_a_link_with_its_day_is_the_same_answer_later(small_city: Any, client: Client) -> None:
    query = {"parcel": "000010010001", "on": "2025-01-01", "at": "09:00"}
    html = client.get("/places/", query).content.decode()
    assert ("01/01/2025" in html and "chưa đến ngày có hiệu lực" in html) or "not_yet" in html or "GP-1" in html


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_print_is_a_pdf_in_both_languages(small_city: Any, client: Client, language: str) -> None:
    query = {"parcel": "000010010001", "on": "2026-11-22", "at": "09:00"}
    answer = client.get("/places/print.pdf", query, headers={"Accept-Language": language})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-") and len(answer.content) > 20_000
    assert client.get("/places/print.pdf", {"parcel": "000010019999"}).status_code == 404


def test_what_is_stuck_is_tried_again_by_an_operator(
    small_city: Any, staff: Staff, as_person: Sign, django_user_model: Any
) -> None:
    from datetime import date

    from cases.models import RoleAssignment

    (observation_id,) = a_report()
    run_to_rest(observation_id)
    Progress.objects.filter(pk=observation_id).update(state="needs_person", stage="detect", reason="unexpected")
    operator = django_user_model.objects.create_user("operator")
    RoleAssignment.objects.create(user=operator, city=small_city, role="operator", valid_from=date(2024, 1, 1))
    client = as_person(operator)
    assert str(observation_id)[:8] in client.get("/needs-person/").content.decode()
    assert client.post("/needs-person/", {"observation": str(observation_id)}).status_code == 303
    assert Progress.objects.get(pk=observation_id).state == "queued"
    assert client.post("/needs-person/", {"observation": "x"}).status_code == 422
    assert as_person(staff.reviewer).get("/needs-person/").status_code == 403


def test_visitors_see_only_what_was_published(case: Case, client: Client) -> None:
    assert "Chưa có gì ở đây." in client.get("/cases/").content.decode()
    answer = client.get(f"/cases/{case.code}/")
    assert answer.status_code == 302
    assert answer["Location"] == client.get("/cases/VH-0000-0000/")["Location"].replace("VH-0000-0000", case.code)


def test_a_published_case_shows_its_copies_to_everybody(
    case: Case, staff: Staff, as_person: Sign, client: Client
) -> None:
    from django.utils import timezone

    from intake.models import MediaFile
    from tiles.models import Publication

    copy = MediaFile.objects.exclude(parent=None).first()
    assert client.get(f"/pictures/{copy.pk}/").status_code == 302
    visit = Inspection.objects.get()
    form = {"outcome": "warned", "version": str(visit.version)}
    assert as_person(staff.inspector).post(f"/cases/{case.code}/inspection/", form).status_code == 303
    Publication.objects.create(case=case, before=copy, approved_by="the-leader", published_at=timezone.now())
    page = client.get(f"/cases/{case.code}/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "Nhắc nhở, cam kết" in html and f"/pictures/{copy.pk}/" in html
    assert "the-inspector" not in html
    assert client.get(f"/pictures/{copy.pk}/").status_code == 200

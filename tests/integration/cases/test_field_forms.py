"""Forms from phones: once per key, photos by their hash, late ones kept as conflicts, the record's draft, visits to come."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.actions import ReviewDecision, load_calendar, move_inspection, open_or_join_case, review_flag
from cases.actions.assigning import give_case
from cases.actions.following import draft_due_follow_ups
from cases.actions.packs import load_field_form
from cases.actions.photographing import receive_photo
from cases.actions.recording import draft_record, read_parties
from cases.actions.submitting import settle_submission, submit_inspection
from cases.models import Case, CaseEvent, FollowUp, Inspection, InspectionPhoto, InspectionSubmission
from cases.permissions import read_rights
from cases.queries.field_visits import get_visit_form, list_forms
from cases.queries.record_facts import get_record_draft
from cases.record_pdf import render_record
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed, NotFound
from geo.models import Permit, RegisterIssue, RegisterLoad, RegisterSource
from geo.permit_number import make_permit_plain
from intake.uploads import UploadedMedia
from rules.actions import save_law
from tests.data.photos import a_photo
from tests.integration.cases import builders as b

HCMC = Path(__file__).resolve().parents[3] / "cities" / "hcmc"


@pytest.fixture(autouse=True)
def _files(tmp_path: Any, settings: Any) -> None:
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


@pytest.fixture
def visit(town: Any) -> Inspection:
    """A visit about trading, with the forms and the law of a real pack."""
    import tomllib

    load_field_form(town.city, tomllib.loads((HCMC / "inspection.toml").read_text()))
    save_law(town.city, (HCMC / "ordinances.toml").read_text())
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return Inspection.objects.select_related("case").get()


def a_body(outcome: str = "warned", **changes: Any) -> dict[str, Any]:
    body = {
        "outcome": outcome, "done_at": timezone.now().isoformat(), "sent_at": timezone.now().isoformat(),
        "measures": [{"kind": "free_width", "value": 0.95, "tool": "tape"}],
        "checklist": {"goods_on_sidewalk": True, "people_can_pass": False},
    }  # fmt: skip
    return body | changes


def a_picture(visit: Inspection, by: Any, role: str = "overview", shade: int = 90) -> Any:
    data = a_photo(pixels=_grey(shade))
    return receive_photo(
        visit.pk, UploadedMedia("p.jpg", data), claimed_sha256=sha256(data).hexdigest(), role=role,
        taken_at=timezone.now(), by=by,
    )  # fmt: skip


def _grey(shade: int) -> Any:
    import numpy as np

    return np.full((64, 64, 3), shade, dtype=np.uint8)


def test_a_form_counts_once_however_often_it_is_sent(town: Any, visit: Inspection) -> None:
    body = a_body()
    first = submit_inspection(visit.pk, "key-00001", body, by=town.inspector)
    events = CaseEvent.objects.count()
    retry = body | {"sent_at": (timezone.now() + timedelta(seconds=40)).isoformat()}
    again = submit_inspection(visit.pk, "key-00001", retry, by=town.inspector)
    assert (first.state, first.is_known, again.is_known, again.submission_id) == (
        "applied", False, True, first.submission_id,
    )  # fmt: skip
    assert (InspectionSubmission.objects.count(), CaseEvent.objects.count()) == (1, events)
    visit.refresh_from_db()
    assert (visit.state, visit.outcome, visit.free_width_m) == ("completed", "warned", 0.95)
    with pytest.raises(Conflict):
        submit_inspection(visit.pk, "key-00001", a_body(note="another"), by=town.inspector)


def test_a_photo_is_kept_only_as_it_was_taken(town: Any, visit: Inspection) -> None:
    kept = a_picture(visit, town.inspector)
    assert not kept.is_known
    assert a_picture(visit, town.inspector).photo_id == kept.photo_id
    assert InspectionPhoto.objects.count() == 1
    with pytest.raises(InputError) as told:
        receive_photo(
            visit.pk, UploadedMedia("p.jpg", a_photo(pixels=_grey(10))), claimed_sha256="0" * 64, role="overview",
            taken_at=None, by=town.inspector,
        )  # fmt: skip
    assert told.value.field == "sha256"
    with pytest.raises(NotAllowed):
        a_picture(visit, town.stranger, shade=30)
    submit_inspection(visit.pk, "key-00002", a_body(photos=[str(kept.photo_id)]), by=town.inspector)
    assert visit.photos.count() == 1


def test_a_photo_that_never_came_is_named(town: Any, visit: Inspection) -> None:
    with pytest.raises(InputError, match="never received"):
        submit_inspection(visit.pk, "key-00003", a_body(photos=[str(visit.pk)]), by=town.inspector)
    assert not InspectionSubmission.objects.exists()  # the phone keeps it and sends the photo first


def test_a_form_that_comes_after_the_case_went_to_somebody_else_is_kept(town: Any, visit: Inspection) -> None:
    second = b.a_person("second", town.city, town.office, Role.INSPECTOR)
    give_case(visit.case_id, second.pk, actor="lea", why={"rule": "route"})
    body = a_body()
    late = submit_inspection(visit.pk, "key-00004", body, by=town.inspector)
    assert (late.state, late.conflict) == ("conflict", "reassigned")
    visit.refresh_from_db()
    assert (visit.outcome, visit.inspector_id) == ("", second.pk)
    assert submit_inspection(visit.pk, "key-00004", body, by=town.inspector).is_known
    [shown] = list_forms(read_rights(town.leader))
    assert (shown.inspector, shown.conflict) == ("ins", "reassigned")
    assert list_forms(read_rights(town.stranger)) == ()
    with pytest.raises(NotAllowed):
        settle_submission(late.submission_id, "adopted", by=town.inspector, reason="mine")
    with pytest.raises(InputError):
        settle_submission(late.submission_id, "adopted", by=town.leader, reason=" ")
    settled = settle_submission(late.submission_id, "adopted", by=town.leader, reason="he was there")
    visit.refresh_from_db()
    assert (settled.state, visit.outcome) == ("adopted", "warned")
    with pytest.raises(Conflict):
        settle_submission(late.submission_id, "set_aside", by=town.leader, reason="no")


def test_a_second_form_of_another_person_is_a_conflict_and_changes_nothing(town: Any, visit: Inspection) -> None:
    submit_inspection(visit.pk, "key-00005", a_body(), by=town.inspector)
    second = submit_inspection(visit.pk, "key-00006", a_body("no_violation"), by=town.leader)
    assert (second.state, second.conflict) == ("conflict", "ended")
    visit.refresh_from_db()
    assert visit.outcome == "warned"
    with pytest.raises(Conflict):
        settle_submission(second.submission_id, "adopted", by=town.leader, reason="rather so")
    assert settle_submission(second.submission_id, "set_aside", by=town.leader, reason="too late").state == "set_aside"


def test_a_form_of_a_visit_that_was_called_off_is_kept(town: Any, visit: Inspection) -> None:
    move_inspection(visit.pk, "cancelled", by=town.leader, reason="rain")
    assert submit_inspection(visit.pk, "key-00007", a_body(), by=town.inspector).conflict == "cancelled"


def test_strangers_hand_in_nothing(town: Any, visit: Inspection) -> None:
    with pytest.raises(NotAllowed):
        submit_inspection(visit.pk, "key-00008", a_body(), by=town.stranger)
    with pytest.raises(NotFound):
        submit_inspection(visit.case_id, "key-00008", a_body(), by=town.inspector)


def test_a_phone_with_a_wrong_clock_is_corrected_and_said(town: Any, visit: Inspection) -> None:
    ahead = timezone.now() + timedelta(hours=3)
    body = a_body(done_at=(ahead - timedelta(minutes=10)).isoformat(), sent_at=ahead.isoformat())
    told = submit_inspection(visit.pk, "key-00009", body, by=town.inspector)
    assert told.clock_error_s == pytest.approx(3 * 3600, abs=5)
    done_at = InspectionSubmission.objects.get().done_at
    assert done_at == pytest.approx(timezone.now() - timedelta(minutes=10), abs=timedelta(seconds=10))
    visit.refresh_from_db()
    assert "nhanh 180 phút" in get_record_draft(Inspection.objects.get(), now=timezone.now()).clock_note


def test_the_record_has_law_of_the_day_parties_and_hashes_and_says_what_waits(town: Any, visit: Inspection) -> None:
    kept = a_picture(visit, town.inspector)
    signature = a_picture(visit, town.inspector, "signature", 200)
    body = a_body(
        "violation", acts=["VH01"], photos=[str(kept.photo_id)], note="Bày 4 bàn, 12 ghế.",
        parties=[
            {"part": "violator", "identity": {"name": "Trần Thị Tư", "id_number": "079000000001", "born_on": "1980-01-02"},
             "statement": "Xin dọn ngay.", "signature": str(signature.photo_id)},
            {"part": "witness", "identity": {"name": "Lê Văn Năm"}},
        ],
    )  # fmt: skip
    submit_inspection(visit.pk, "key-00010", body, by=town.inspector)
    draft = get_record_draft(Inspection.objects.get(), now=timezone.now())
    assert draft.law[0].citation
    assert draft.law[0].ranges == ("200.000 - 250.000 đ",) or "200.000" in draft.law[0].ranges[0]
    assert draft.awaits_confirmation
    assert draft.photos[0].sha256 == kept.sha256
    assert dict(draft.violators[0].lines)["CCCD"] == "079000000001"
    assert draft.violators[0].signature.startswith("data:image/jpeg;base64,")
    printed = draft_record(visit.pk, by=town.inspector)
    assert printed.data.startswith(b"%PDF")
    assert CaseEvent.objects.filter(kind="record_drafted").count() == 1
    text = render_record(draft)
    local = draft.seen_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    assert f"Thời gian: {local:%H:%M} ngày {local:%d/%m/%Y}" in text, "the city's hour, not the server's"
    assert Inspection.objects.get().note == "Bày 4 bàn, 12 ghế."
    for words in (
        "BIÊN BẢN VI PHẠM HÀNH CHÍNH",
        "CHỜ XÁC NHẬN",
        "Trần Thị Tư",
        kept.sha256,
        "0,95 m",
        "VH01",
        "cá nhân: 200.000",
        "02/01/1980",
        "Bày 4 bàn, 12 ghế.",
    ):
        assert words in text, words
    for stranger in (town.planner, town.stranger, town.reviewer):
        with pytest.raises(NotAllowed):
            draft_record(visit.pk, by=stranger)
        with pytest.raises(NotAllowed):
            read_parties(visit.pk, by=stranger)
    assert read_parties(visit.pk, by=town.leader)[0].identity["name"] == "Trần Thị Tư"
    assert "Trần Thị Tư" not in str(get_visit_form(read_rights(town.inspector), visit.pk))


def test_a_visit_without_its_form_has_no_record(town: Any, visit: Inspection) -> None:
    with pytest.raises(NotFound):
        draft_record(visit.pk, by=town.inspector)


def test_a_permit_found_on_the_spot_becomes_a_register_issue(town: Any, visit: Inspection) -> None:
    source = RegisterSource.objects.create(
        city=town.city, register="permit", name="permits", title_vi="Giấy phép", valid_from=b.SINCE
    )
    RegisterLoad.objects.create(
        source=source, file_name="p", file_sha256="0", source_on=b.SINCE, started_at=timezone.now(), state="done"
    )
    body = a_body("no_violation", permit_found={"number": "88/GPXD", "issued_on": "2026-03-01"})
    submit_inspection(visit.pk, "key-00011", body, by=town.inspector)
    issue = RegisterIssue.objects.get()
    assert (issue.key, issue.fault, issue.action) == ("88/GPXD", "found_on_site", "kept")
    assert CaseEvent.objects.filter(kind="permit_found").count() == 1


def test_a_permit_that_the_register_holds_is_known_however_the_inspector_writes_it(
    town: Any, visit: Inspection
) -> None:
    source = RegisterSource.objects.create(
        city=town.city, register="permit", name="permits", title_vi="Giấy phép", valid_from=b.SINCE
    )
    load = RegisterLoad.objects.create(
        source=source, file_name="p", file_sha256="0", source_on=b.SINCE, started_at=timezone.now(), state="done"
    )
    Permit.objects.create(
        city=town.city, source=source, load=load, key="p", row_sha256="x", valid_from=b.SINCE, number="0088/GPXD",
        number_plain=make_permit_plain("0088/GPXD"),
    )  # fmt: skip
    body = a_body("no_violation", permit_found={"number": "88/gpxđ", "issued_on": "2026-03-01"})
    submit_inspection(visit.pk, "key-00021", body, by=town.inspector)
    assert not RegisterIssue.objects.exists()
    assert CaseEvent.objects.get(kind="permit_found").detail["is_in_register"] is True


def test_visits_are_planned_on_day_3_10_and_30_and_drafted_when_their_day_comes(town: Any, visit: Inspection) -> None:
    submit_inspection(visit.pk, "key-00012", a_body(), by=town.inspector)
    assert list(FollowUp.objects.values_list("day", flat=True)) == [3, 10, 30]
    now = timezone.now()
    assert draft_due_follow_ups(now + timedelta(days=2)) == 0
    assert draft_due_follow_ups(now + timedelta(days=3)) == 1
    assert draft_due_follow_ups(now + timedelta(days=3)) == 0
    assert Case.objects.get().state == "recheck"
    recheck = Inspection.objects.get(follow_up_of__day=3)
    assert recheck.inspector_id == visit.inspector_id
    submit_inspection(recheck.pk, "key-00013", a_body("no_violation"), by=town.inspector)
    assert FollowUp.objects.get(day=3).state == "done"
    assert draft_due_follow_ups(now + timedelta(days=10)) == 1
    back = Inspection.objects.get(follow_up_of__day=10)
    submit_inspection(back.pk, "key-00014", a_body(), by=town.inspector)
    former, new = Case.objects.order_by("opened_at")
    assert (former.state, new.recurrence_of_id, new.state) == ("recurred", former.pk, "opened")
    assert FollowUp.objects.get(day=30).state == "cancelled"


def test_other_days_of_re_inspection_are_data(town: Any, visit: Inspection) -> None:
    load_calendar(town.city, {"field_work": {"recheck_days": [5]}})
    submit_inspection(visit.pk, "key-00015", a_body(), by=town.inspector)
    assert list(FollowUp.objects.values_list("day", flat=True)) == [5]

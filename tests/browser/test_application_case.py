"""As a leader works on one case: clocks, causes, opinions, the relay, the vault of two persons, evidence, and the public page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ops.application import build_application
from ops.folders import choose_var
from tests.builders import Staff, a_report, a_staff, another, building_work, run_to_rest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
CONTACT = "0912 345 678"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def staff(committed_city: Any, see: Any) -> Staff:
    """One person per role; one case of a sender who left a contact."""
    from cases.actions import ReviewDecision
    from pipeline.decisions import review_flag
    from rules.models import Flag

    people = a_staff()
    see(building_work())
    for observation_id in a_report(contact=CONTACT):
        run_to_rest(observation_id)
    flag = Flag.objects.get(verdict="flagged")
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=people.reviewer, reason="", note="", version=None)
    return people


def open_case(page: Page, sign_in: Callable[..., None], person: Any) -> Any:
    from cases.models import Case

    sign_in(page, person)
    page.goto(f"/app/cases/{Case.objects.get().code}")
    expect(page.locator("h1")).to_have_text(Case.objects.get().code)
    return Case.objects.get()


def the_section(page: Page, title: str) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=title))


def test_a_late_clock_is_taken_apart_explained_and_stopped_with_its_paper(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    from cases.models import CaseClock, ClockPause, LateEntry

    CaseClock.objects.filter(code="visit").update(due_at=timezone.now() - timedelta(hours=5))
    page = open_page("/", on_desk=True, language="en")
    open_case(page, sign_in, staff.leader)
    clock = the_section(page, "Time limits").locator("article", has_text="First visit")
    expect(clock).to_contain_text("Late")
    expect(clock).to_contain_text("nobody has said why")
    expect(clock.locator("tbody tr").first).to_contain_text("The visit")
    clock.get_by_role("button", name="Say why it is late").click()
    clock.get_by_label("Cause").select_option(label="Too few people")
    clock.get_by_label("Note").fill("Hai người nghỉ ốm")
    clock.get_by_role("button", name="Say why it is late").click()
    expect(clock).to_contain_text("Cause: Too few people. Hai người nghỉ ốm")
    assert LateEntry.objects.get().cause == "understaffed"
    clock.get_by_role("button", name="Stop the clock").click()
    clock.get_by_label("Reason").select_option(index=1)
    clock.get_by_label("Paper").fill("112/TB-UBND ngày 20/11/2026")
    clock.get_by_role("button", name="Stop the clock").click()
    expect(clock).to_contain_text("112/TB-UBND ngày 20/11/2026")
    expect(clock).to_contain_text("Stands still")
    clock.get_by_role("button", name="Let the clock run").click()
    clock.get_by_role("button", name="Let the clock run").click()
    expect(clock).not_to_contain_text("still on")
    expect(clock).to_contain_text("Paused once")
    assert ClockPause.objects.get().to_at is not None
    history = the_section(page, "History")
    expect(history).to_contain_text("the-leader said why “First visit” is late: too few people.")
    expect(history).to_contain_text("112/TB-UBND ngày 20/11/2026")


def test_the_vault_opens_by_two_persons_and_leaves_its_mark(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    from cases.roles import Role

    page, other = open_page("/", on_desk=True), open_page("/", on_desk=True)
    open_case(page, sign_in, staff.leader)
    voices = the_section(page, "Tiếng nói")
    expect(voices).not_to_contain_text(CONTACT)
    voices.get_by_role("button", name="Mở thông tin liên hệ").click()
    voices.locator("textarea").fill("Người phản ánh bị đe doạ, cần bảo vệ ngay")
    voices.get_by_role("button", name="Mở thông tin liên hệ").click()
    expect(voices).to_contain_text("Chờ lãnh đạo thứ hai")
    expect(voices).to_contain_text("bạn không tự đồng ý được")
    expect(voices.get_by_role("button", name="Đồng ý")).to_have_count(0)
    open_case(other, sign_in, another(Role.LEADER))
    theirs = the_section(other, "Tiếng nói")
    theirs.get_by_role("button", name="Đồng ý").click()
    theirs.get_by_role("button", name="Đồng ý").click()
    expect(theirs).to_contain_text("Đã đồng ý")
    expect(theirs.get_by_role("button", name="Xem thông tin liên hệ")).to_have_count(0)
    page.reload()
    voices.get_by_role("button", name="Xem thông tin liên hệ").click()
    voices.get_by_role("button", name="Xem thông tin liên hệ").click()
    expect(voices).to_contain_text(CONTACT)
    expect(the_section(page, "Diễn biến")).to_contain_text("the-leader đã xem thông tin liên hệ")
    voices.get_by_role("button", name="Ẩn đi").click()
    expect(voices).not_to_contain_text(CONTACT)
    expect(theirs).not_to_contain_text(CONTACT)


def test_a_question_goes_through_the_relay_and_the_case_goes_with_the_route(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    from intake.models import RelayMessage

    page = open_page("/", on_desk=False)
    case = open_case(page, sign_in, staff.leader)
    voices = the_section(page, "Tiếng nói")
    voices.get_by_role("button", name="Hỏi người phản ánh").click()
    voices.get_by_label("Câu hỏi").fill("Họ dọn ra lúc mấy giờ?")
    voices.get_by_role("button", name="Hỏi người phản ánh").click()
    expect(voices).to_contain_text("Họ dọn ra lúc mấy giờ?")
    assert RelayMessage.objects.get().by == "the-leader"
    voices.get_by_role("button", name="Xử lý gộp cùng tuyến").click()
    voices.get_by_role("button", name="Xử lý gộp cùng tuyến").click()
    expect(voices.locator(".chip.on")).to_have_text("xử lý gộp cùng tuyến")
    case.refresh_from_db()
    assert case.with_route
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_two_people_disagree_on_a_flag_and_it_shows(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    page = open_page("/", on_desk=True, language="en")
    open_case(page, sign_in, staff.leader)
    flag = the_section(page, "Evidence").locator("article").first
    flag.get_by_text("Opinions on this flag").click()
    expect(flag).to_contain_text("the-reviewer: accept it")
    flag.get_by_role("button", name="Give a second opinion").click()
    flag.get_by_label("I", exact=True).select_option(label="dismiss it: permitted")
    flag.get_by_role("button", name="Give a second opinion").click()
    expect(flag).to_contain_text("Two people disagree on this flag.")
    expect(flag).to_contain_text("the-leader: dismiss it: permitted")


def test_evidence_is_checked_and_taken_out_from_the_page(
    open_page: Open, sign_in: Callable[..., None], staff: Staff, tmp_path: Any
) -> None:
    import zipfile

    page = open_page("/", on_desk=True)
    case = open_case(page, sign_in, staff.leader)
    custody = the_section(page, "Bảo quản chứng cứ")
    custody.get_by_role("button", name="Đọc lại chứng cứ").click()
    custody.get_by_role("button", name="Đọc lại chứng cứ").click()
    expect(custody).to_contain_text("Còn nguyên vẹn")
    custody.get_by_role("button", name="Xuất gói chứng cứ").click()
    custody.locator("textarea").fill("Giao toà án, vụ 12/2026")
    with page.expect_download() as got:
        custody.get_by_role("button", name="Xuất gói chứng cứ").click()
    pack = tmp_path / "pack.zip"
    got.value.save_as(pack)
    assert got.value.suggested_filename == f"{case.code}-evidence.zip"
    assert "check.py" in zipfile.ZipFile(pack).namelist()
    expect(the_section(page, "Diễn biến")).to_contain_text("Giao toà án, vụ 12/2026")


def test_the_public_page_is_looked_at_before_it_is_let_out(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    from cases.models import Inspection
    from cases.outcome import InspectionOutcome, InspectionRecord
    from pipeline.decisions import record_inspection

    visit = Inspection.objects.get()
    record = InspectionRecord(outcome=InspectionOutcome.NO_VIOLATION)
    page = open_page("/", on_desk=True)
    case = open_case(page, sign_in, staff.leader)
    public = the_section(page, "Người dân thấy gì")
    expect(public).to_contain_text("Chưa công khai gì")
    record_inspection(visit.pk, record, by=staff.inspector)
    page.reload()
    the_section(page, "Các lần kiểm tra").get_by_role("button", name="Duyệt kết quả").click()
    the_section(page, "Các lần kiểm tra").get_by_role("button", name="Duyệt kết quả").click()
    expect(the_section(page, "Các lần kiểm tra")).to_contain_text("Đã duyệt")
    expect(public).to_contain_text("Chờ lãnh đạo đồng ý")
    expect(public.locator(".page-shown")).to_contain_text("Không vi phạm")
    public.get_by_role("button", name="Cho công khai").click()
    public.get_by_role("button", name="Cho công khai").click()
    expect(public).to_contain_text("Đang công khai")
    visitor = open_page(f"/cases/{case.code}/")
    expect(visitor.locator("main")).to_contain_text("Không vi phạm")
    public.get_by_role("button", name="Thôi công khai").click()
    public.locator("textarea").fill("Ảnh chưa mờ đủ")
    public.get_by_role("button", name="Thôi công khai").click()
    expect(public).to_contain_text("Đã thôi công khai")


def test_two_people_at_once_is_told_in_words_and_nothing_is_overwritten(
    open_page: Open, sign_in: Callable[..., None], staff: Staff
) -> None:
    from cases.actions import move_case

    page = open_page("/", on_desk=True, language="en")
    case = open_case(page, sign_in, staff.leader)
    page.locator(".move select").focus()
    page.select_option(".move select", "dismissed")
    page.fill(".move textarea", "Trùng với vụ khác")
    move_case(case.pk, "verifying", by=staff.inspector)
    page.click(".move .btn.main")
    expect(page.locator(".move .note.error")).to_contain_text("somebody was first")
    expect(page.locator(".move .note.error")).to_contain_text("Being verified")
    expect(page.locator(".move textarea")).to_have_value("Trùng với vụ khác")
    case.refresh_from_db()
    assert case.state == "verifying"

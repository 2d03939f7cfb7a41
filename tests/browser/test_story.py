"""One story from a citizen's photo to the published before and after: a place that came back, a late step explained.

Citizen, reviewer, inspector, leader and citizen again, each in a browser of their own; the case before it goes through the
interface for machines alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from ops.application import build_application
from ops.folders import choose_var
from tests.builders import ON_PARCEL_B, Staff, a_picture_at, a_staff, building_work, run_to_rest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

    from cases.models import Case

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
JSON = "application/json"
CONTACT = "0912 345 678"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def photo(tmp_path: Path) -> Callable[[str], Path]:
    """A photo that knows where it was taken; every name has other pixels."""

    def make(name: str) -> Path:
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(a_picture_at(*ON_PARCEL_B))
        return path

    return make


def run_all() -> None:
    """What the workers would do, here and now."""
    from intake.models import Observation
    from pipeline.public_copies import make_missing_copies

    for observation in Observation.objects.all():
        run_to_rest(observation.pk)
    make_missing_copies()


def settle_through_the_interface(as_person: Callable[[Any], Client], staff: Staff, photo: Path) -> Case:
    """The case before: sent, accepted, visited, approved and closed, by requests alone."""
    from django.test import Client

    from cases.models import Case, Inspection
    from rules.models import Flag

    with photo.open("rb") as file:
        sent = Client().post("/api/v1/reports", {"media": file, "category": "construction"})
    assert sent.status_code == 201, sent.content
    run_all()

    def move(person: Any, path: str, **body: Any) -> dict[str, Any]:
        answer = as_person(person).post(f"/api/v1/{path}/moves", body, content_type=JSON)
        assert answer.status_code == 200, answer.content
        return dict(answer.json())

    flag = Flag.objects.get(verdict="flagged")
    move(staff.reviewer, f"flags/{flag.pk}", to="accepted", version=flag.version)
    case, visit = Case.objects.get(), Inspection.objects.get()
    done = move(staff.inspector, f"inspections/{visit.pk}", to="completed", outcome="warned", version=visit.version)
    move(staff.leader, f"inspections/{visit.pk}", to="approved", version=done["version"])
    case.refresh_from_db()
    seen = move(staff.leader, f"cases/{case.pk}", to="recheck", version=case.version)
    move(staff.leader, f"cases/{case.pk}", to="closed", version=seen["version"])
    answer = Client().get(sent.json()["status_url"]).json()
    assert (answer["status"], answer["decided_by"]) == ("answered", "person")
    case.refresh_from_db()
    return case


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    from django.test import Client

    def sign_in(user: Any) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in


def the_section(page: Page, title: str) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=title))


def press_twice(place: Any, name: str) -> None:
    """Open an act and do it."""
    place.get_by_role("button", name=name).click()
    place.get_by_role("button", name=name).click()


def test_from_a_citizens_photo_to_the_published_before_and_after(
    open_page: Open, sign_in: Callable[..., None], committed_city: Any, see: Any, photo: Callable[[str], Path],
    as_person: Callable[[Any], Client], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from cases.models import Case
    from rules.models import Flag

    staff = a_staff()
    see(building_work())
    before = settle_through_the_interface(as_person, staff, photo("first"))

    # The citizen: a photo, three touches, a contact that nobody will see.
    citizen = open_page("/report/")
    citizen.set_input_files("#media", photo("again"))
    citizen.wait_for_selector("#place .said")
    citizen.click("text=Xây dựng không phép?")
    citizen.click(".more summary")
    citizen.fill("#contact", CONTACT)
    citizen.click("#go")
    citizen.wait_for_url("**/follow/**")
    follow = citizen.url
    run_all()
    case = Case.objects.exclude(pk=before.pk).get()
    assert case.recurrence_of_id == before.pk

    # The reviewer: sees that the place came back and says yes with one key.
    reviewer = open_page("/", on_desk=True)
    sign_in(reviewer, staff.reviewer)
    reviewer.goto("/app/review")
    expect(reviewer.locator("ol li").first).to_contain_text(f"tái diễn trong 30 ngày sau vụ {before.code}")
    expect(reviewer.locator(".middle .similar li")).not_to_have_count(0)
    reviewer.wait_for_selector(".frame rect.counts")
    reviewer.keyboard.press("a")
    reviewer.wait_for_selector("text=Đã nhận vào vụ")
    assert Flag.objects.filter(case_flag__case=case, state="accepted").exists()

    # Time goes by: the visit is late. The inspector goes, measures nothing, takes a photo, records a warning.
    now = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: now() + timedelta(days=4))
    inspector = open_page("/", on_desk=False)
    sign_in(inspector, staff.inspector)
    inspector.goto(f"/cases/{case.code}/")
    inspector.click("label:has(input[value=warned])")
    inspector.set_input_files("#photos", photo("visit"))
    inspector.click("#inspect button")
    inspector.wait_for_selector("text=Đã ghi")
    expect(inspector.locator("body")).not_to_contain_text(CONTACT)
    run_all()

    # The leader: cannot let it go before the lateness is explained; sees the case before, and the page before it is public.
    leader = open_page("/", on_desk=True)
    sign_in(leader, staff.leader)
    leader.goto(f"/app/cases/{case.code}")
    expect(the_section(leader, "Vụ việc").first).to_contain_text(before.code)
    visits = the_section(leader, "Các lần kiểm tra")
    press_twice(visits, "Duyệt kết quả")
    expect(visits.locator(".note.error")).to_contain_text("đã trễ mà chưa ai nêu lý do")
    clock = the_section(leader, "Thời hạn").locator("article", has_text="Kiểm tra lần đầu")
    expect(clock).to_contain_text("Xong trễ")
    clock.get_by_role("button", name="Nêu lý do trễ").click()
    clock.get_by_label("Lý do trễ").select_option(label="Thiếu người, quá tải")
    clock.get_by_role("button", name="Nêu lý do trễ").click()
    expect(clock.get_by_label("Lý do trễ")).to_have_count(0)  # the form's own options hold the same words
    expect(clock).to_contain_text("Thiếu người, quá tải")
    visits.get_by_role("button", name="Duyệt kết quả").click()
    expect(visits).to_contain_text("Đã duyệt")
    public = the_section(leader, "Người dân thấy gì")
    expect(public.locator(".page-shown img")).to_have_count(2)
    press_twice(public, "Cho công khai")
    expect(public).to_contain_text("Đang công khai")
    history = the_section(leader, "Diễn biến")
    expect(history).to_contain_text(f"Nơi này đã được xử lý trong vụ {before.code}")
    expect(history).to_contain_text("the-leader nêu lý do trễ của “Kiểm tra lần đầu”: thiếu người, quá tải.")
    expect(leader.locator("body")).not_to_contain_text(CONTACT)

    # The citizen again: answered, with before and after.
    citizen.goto(follow)
    expect(citizen.locator("h2").first).to_have_text("Đã trả lời. Bạn xem lại giúp.")
    expect(citizen.locator("figure img")).to_have_count(2)

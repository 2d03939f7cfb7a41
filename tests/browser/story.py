"""What each person of the one story does, in a browser of their own or by requests alone. Called by ``test_story``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from tests.builders import run_to_rest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Page

    from cases.models import Case
    from tests.builders import Staff

JSON = "application/json"
CONTACT = "0912 345 678"
Photo = Callable[[str], Path]


def run_all() -> None:
    """What the workers would do, here and now."""
    from intake.models import Observation
    from pipeline.public_copies import make_missing_copies

    for observation in Observation.objects.all():
        run_to_rest(observation.pk)
    make_missing_copies()


def as_person(user: Any) -> Client:
    from django.test import Client

    browser = Client()
    browser.force_login(user)
    return browser


def settle_through_the_interface(staff: Staff, photo: Path) -> Case:
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


def the_section(page: Page, title: str) -> Any:
    return page.locator("section", has=page.get_by_role("heading", name=title))


def press_twice(place: Any, name: str) -> None:
    """Open an act and do it."""
    place.get_by_role("button", name=name).click()
    place.get_by_role("button", name=name).click()


@dataclass(frozen=True, slots=True)
class Citizen:
    """Somebody with a phone, without an account."""

    page: Page

    def send(self, photo: Path) -> None:
        """A photo, three touches, a contact that nobody will see; the page of the report stays open."""
        page = self.page
        page.set_input_files("#media", photo)
        page.wait_for_selector("#place .said")
        page.click("text=Xây dựng không phép?")
        page.click(".more summary")
        page.fill("#contact", CONTACT)
        page.click("#go")
        page.wait_for_url("**/follow/**")

    def is_answered(self) -> None:
        """With the picture before and the one after."""
        self.page.reload()
        expect(self.page.locator("h2").first).to_have_text("Đã trả lời. Bạn xem lại giúp.")
        expect(self.page.locator("figure img")).to_have_count(2)

    def open_again(self, photo: Path, why: str) -> None:
        """It is not settled: a new photo of how it looks now."""
        self.page.set_input_files("#again", photo)
        self.page.fill("#why", why)
        self.page.get_by_role("button", name="Mở lại").click()
        expect(self.page.locator(".notes")).to_contain_text("Đã mở lại. Người khác sẽ kiểm tra.")

    def is_content(self) -> None:
        """The rating at the end closes the report."""
        self.page.reload()
        self.page.locator(".rate").get_by_role("button", name="Hài lòng").click()
        expect(self.page.locator(".rate button.on")).to_have_text("Hài lòng")
        expect(self.page.locator("h2").first).to_contain_text("Đã đóng")

    def reads_published(self, case: Case) -> None:
        """What anybody may see: before and after, the office, that the place came back; nothing of who told."""
        page = self.page
        page.goto("/cases/")
        expect(page.locator(".settled li", has_text=case.code)).to_contain_text("tái diễn")
        page.locator(".settled a", has_text=case.code).click()
        expect(page.locator("main figure img")).to_have_count(2)
        expect(page.locator("body")).not_to_contain_text(CONTACT)


def accept_what_came_back(reviewer: Page, before: Case) -> None:
    """The reviewer sees that the place came back and says yes with one key."""
    reviewer.goto("/app/review")
    expect(reviewer.locator("ol li").first).to_contain_text(f"tái diễn trong 30 ngày sau vụ {before.code}")
    expect(reviewer.locator(".middle .similar li")).not_to_have_count(0)
    reviewer.wait_for_selector(".frame rect.counts")
    reviewer.keyboard.press("a")
    reviewer.wait_for_selector("text=Đã nhận vào vụ")


def record_visit(inspector: Page, case: Case, outcome: str, photo: Path) -> None:
    """The inspector goes, takes a photo, records what was found; learns nothing of the sender."""
    inspector.goto(f"/cases/{case.code}/")
    inspector.click(f"label:has(input[value={outcome}])")
    inspector.set_input_files("#photos", photo)
    inspector.click("#inspect button")
    inspector.wait_for_selector("text=Đã ghi")
    expect(inspector.locator("body")).not_to_contain_text(CONTACT)


@dataclass(frozen=True, slots=True)
class Leader:
    """The leader of the unit at a desk."""

    page: Page

    def explains_and_approves(self, case: Case, before: Case) -> None:
        """The result cannot go out before the lateness is explained by one of the ten causes."""
        page = self.page
        page.goto(f"/app/cases/{case.code}")
        expect(the_section(page, "Vụ việc").first).to_contain_text(before.code)
        visits = the_section(page, "Các lần kiểm tra")
        press_twice(visits, "Duyệt kết quả")
        expect(visits.locator(".note.error")).to_contain_text("đã trễ mà chưa ai nêu lý do")
        clock = the_section(page, "Thời hạn").locator("article", has_text="Kiểm tra lần đầu")
        expect(clock).to_contain_text("Xong trễ")
        clock.get_by_role("button", name="Nêu lý do trễ").click()
        clock.get_by_label("Lý do trễ").select_option(label="Thiếu người, quá tải")
        clock.get_by_role("button", name="Nêu lý do trễ").click()
        expect(clock.get_by_label("Lý do trễ")).to_have_count(0)  # the form's own options hold the same words
        expect(clock).to_contain_text("Thiếu người, quá tải")
        visits.get_by_role("button", name="Duyệt kết quả").click()
        expect(visits).to_contain_text("Đã duyệt")

    def publishes(self, case: Case, before: Case) -> None:
        """The page before it is public, and the history that anybody of the office can read."""
        page = self.page
        public = the_section(page, "Người dân thấy gì")
        expect(public.locator(".page-shown img")).to_have_count(2)
        press_twice(public, "Cho công khai")
        expect(public).to_contain_text("Đang công khai")
        history = the_section(page, "Diễn biến")
        expect(history).to_contain_text(f"Nơi này đã được xử lý trong vụ {before.code}")
        expect(history).to_contain_text("the-leader nêu lý do trễ của “Kiểm tra lần đầu”: thiếu người, quá tải.")
        expect(page.locator("body")).not_to_contain_text(CONTACT)

    def reads_figures(self, case: Case, before: Case, now: datetime) -> None:
        """The late step with its cause, and the recurrence, each with the cases behind it."""
        page = self.page
        page.clock.set_fixed_time(now)
        page.goto("/app/figures")
        late = the_section(page, "Trễ ở bước nào, vì sao")
        expect(late.locator(".stack", has_text="Kiểm tra tại chỗ").first).to_be_visible()
        expect(late).not_to_contain_text("chưa nêu lý do")
        late.locator(".keys a", has_text="Thiếu người").click()
        expect(page.locator("main")).to_contain_text(case.code)
        page.goto("/app/figures")
        back = the_section(page, "Những gì tái diễn")
        back.locator("tbody a b", has_text="1").first.click()
        expect(page.locator("main")).to_contain_text(before.code)

    def approves_again(self, case: Case) -> None:
        """The second officer's result."""
        page = self.page
        page.goto(f"/app/cases/{case.code}")
        visits = the_section(page, "Các lần kiểm tra")
        press_twice(visits, "Duyệt kết quả")
        expect(visits.get_by_role("button", name="Duyệt kết quả")).to_have_count(0)
        expect(the_section(page, "Diễn biến")).to_contain_text(
            "Một người phản ánh cho biết chưa xong; cán bộ khác kiểm tra lại."
        )

"""An inspector's shift on a phone without network: nothing is lost, nothing is sent twice, every byte arrives as it was taken."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from ops.application import build_application
from ops.folders import choose_var
from tests.builders import a_staff
from tests.data.photos import a_geotagged_photo
from tests.pipeline.workers import wait_for
from tests.small_city import lonlat

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from cases.models import Case
    from tests.browser.in_flight import InFlight

pytestmark = pytest.mark.xdist_group("browser")
_numbers = count(1)
FRAME_IS_KEPT = "caches.open('viahe-frame').then((cache) => cache.keys()).then((kept) => kept.length > 0)"


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """The application as its sources are now."""
    build_application(choose_var(None))


@pytest.fixture
def inspector(committed_city: Any) -> Any:
    """Who walks today."""
    user = a_staff().inspector
    user.set_password("a long enough one")
    user.save()
    return user


@pytest.fixture
def phone(chromium: Any, live_server: Any, in_flight: InFlight, inspector: Any) -> Iterator[BrowserContext]:
    """A phone on which the inspector is signed in."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, permissions=["geolocation"],
        geolocation={"longitude": lonlat(150, 112)[0], "latitude": lonlat(150, 112)[1], "accuracy": 6},
    )  # fmt: skip
    context.add_cookies([{"name": "django_language", "value": "vi", "url": live_server.url}])
    page = context.new_page()
    page.goto("/sign-in/?next=/app/route")
    page.fill("#username", inspector.get_username())
    page.fill("#password", "a long enough one")
    page.click("main button")
    page.wait_for_url("**/app/route**")
    yield context
    in_flight.close([context])


def a_job(city: Any, east_m: float, code: str = "") -> Case:
    """A case about parked vehicles on the sidewalk, given by the office's rules."""
    from django.contrib.gis.geos import Point
    from django.utils import timezone

    from cases.actions.assigning import assign_case
    from cases.models import Case, Unit

    case = Case.objects.create(
        code=code or f"VH-2611-{next(_numbers):04d}", city=city, use="parking", point=Point(*lonlat(east_m, 112), srid=4326),
        accuracy_m=1.0, unit=Unit.objects.get(code="police-00001"), unit_code="00001", sidewalk_key="w1",
        opened_at=timezone.now(),
    )  # fmt: skip
    assign_case(case.pk)
    return case


def photos_in(folder: Path, number: int) -> list[Path]:
    """Two different pictures."""
    paths = []
    for at, part in enumerate(("overview", "measure")):
        path = folder / f"{number}-{part}.jpg"
        path.write_bytes(a_geotagged_photo(seed=10 * number + at))
        paths.append(path)
    return paths


def fill_in(page: Page, case: Case, photos: list[Path]) -> None:
    """The form of one job, as a thumb would."""
    page.click(f"a[href='/app/route/{case.pk}']")
    page.click("text=Ghi kết quả kiểm tra")
    page.fill("input[aria-label='Gõ bề rộng bằng mét']", "1,05")
    page.keyboard.press("Tab")
    for path, kind in zip(photos, ("overview", "measure"), strict=True):
        page.set_input_files(f"input[data-kind={kind}]", path)
        page.wait_for_selector(f"figcaption:has-text('{'Toàn cảnh' if kind == 'overview' else 'Vị trí đo'}')")
    page.check("input[value=warned]", force=True)
    page.fill("#unsigned", "Người bán đã rời đi")


def hand_in(page: Page) -> None:
    """The main button; the route comes back."""
    page.click("text=Nộp phiếu kiểm tra")
    page.wait_for_url("**/app/route")


def wait_until_kept(page: Page) -> None:
    """Until the phone could open the application without network."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_for(lambda: page.evaluate(FRAME_IS_KEPT), what="the frame is kept on the phone")
    page.reload()
    page.wait_for_selector("ol li")


def test_a_shift_without_network_is_sent_whole_and_once(
    phone: BrowserContext, committed_city: Any, tmp_path: Path
) -> None:
    from cases.models import Inspection, InspectionSubmission
    from intake.queries import read_media

    jobs = [a_job(committed_city, 120 + 30 * number) for number in range(3)]
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li >> nth=2")
    wait_until_kept(page)

    phone.set_offline(True)
    page.reload()
    page.wait_for_selector("text=Ngoại tuyến")
    taken: dict[str, list[Path]] = {}
    for number, job in enumerate(jobs):
        taken[str(job.pk)] = photos_in(tmp_path, number)
        fill_in(page, job, taken[str(job.pk)])
        page.close()  # the application is killed in the middle of a form
        page = phone.new_page()
        page.goto(f"/app/route/{job.pk}/record")
        page.wait_for_selector("figure >> nth=1")
        assert page.input_value("input[aria-label='Gõ bề rộng bằng mét']") == "1,05"
        assert page.input_value("#unsigned") == "Người bán đã rời đi"
        hand_in(page)
    assert "Chưa gửi 6 ảnh" in page.inner_text(".strip")
    assert Inspection.objects.exclude(outcome="").count() == 0

    phone.set_offline(False)
    page.wait_for_selector("text=Không còn gì chờ gửi.", timeout=60_000)
    for job in jobs:
        visit = Inspection.objects.get(case=job, outcome="warned")
        assert visit.free_width_m == pytest.approx(1.05)
        arrived = {sha256(read_media(photo.pk)).hexdigest() for photo in visit.photos.all()}
        assert arrived == {sha256(path.read_bytes()).hexdigest() for path in taken[str(job.pk)]}
    assert InspectionSubmission.objects.count() == 3


def test_a_job_given_away_meanwhile_is_kept_for_the_leader_and_said(
    phone: BrowserContext, committed_city: Any, tmp_path: Path
) -> None:
    from cases.models import Inspection, InspectionSubmission

    job = a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    wait_until_kept(page)
    phone.set_offline(True)
    fill_in(page, job, photos_in(tmp_path, 9))
    hand_in(page)
    visit = Inspection.objects.get(case=job)
    Inspection.objects.filter(pk=visit.pk).update(state="cancelled")
    phone.set_offline(False)
    page.wait_for_selector(".strip a", timeout=60_000)
    page.wait_for_selector("text=cần bạn quyết", timeout=60_000)
    page.click(".strip a")
    page.wait_for_selector("text=Lần kiểm tra này đã bị huỷ.")
    assert InspectionSubmission.objects.get().state == "conflict"


def test_a_form_that_was_begun_stays_when_the_job_is_given_away(phone: BrowserContext, committed_city: Any) -> None:
    from cases.models import Inspection

    job, other = a_job(committed_city, 150), a_job(committed_city, 160)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    page.click(f"a[href='/app/route/{job.pk}']")
    page.click("text=Ghi kết quả kiểm tra")
    page.fill("#note", "Bán phở")
    page.wait_for_selector("text=Đã lưu trên máy")
    Inspection.objects.filter(case__in=[job, other]).update(state="cancelled")
    page.evaluate("dispatchEvent(new Event('online'))")  # as when the network comes back: the day is asked for again
    page.wait_for_selector("text=nay đã giao cho người khác")
    assert page.input_value("#note") == "Bán phở"
    page.goto("/app/route")  # the untouched job has left the list, this one has not
    page.wait_for_selector(f"a[href='/app/route/{job.pk}']")
    assert not page.query_selector(f"a[href='/app/route/{other.pk}']")
    page.click(f"a[href='/app/route/{job.pk}']")
    page.click("text=Bỏ phiếu của tôi")
    page.wait_for_url("**/app/route")
    page.wait_for_selector(f"a[href='/app/route/{job.pk}']", state="detached")


def test_the_map_is_drawn_by_a_phone_that_keeps_nothing_but_what_it_packed(
    phone: BrowserContext, committed_city: Any
) -> None:
    """Script and tiles of the map's worker come from the service worker: the browser's own store may be emptied any day."""
    a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/map")
    page.wait_for_selector("[data-state=idle]")
    page.goto("/app/route")
    wait_until_kept(page)
    page.goto("/app/map")
    page.wait_for_selector("[data-state=idle]")
    phone.set_offline(True)
    phone.new_cdp_session(page).send("Network.clearBrowserCache")
    answered: list[bool] = []
    phone.on("response", lambda answer: answered.append(answer.from_service_worker) if ".pbf" in answer.url else None)
    page.reload()
    wait_for(lambda: page.evaluate("performance.getEntriesByName('map-usable').length"), what="the ground is drawn")
    assert answered and all(answered)


def test_a_session_that_ended_loses_nothing(
    phone: BrowserContext, committed_city: Any, inspector: Any, tmp_path: Path
) -> None:
    from django.contrib.sessions.models import Session

    from cases.models import Inspection

    job = a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    fill_in(page, job, photos_in(tmp_path, 5))
    Session.objects.all().delete()
    hand_in(page)
    page.wait_for_selector("text=Đăng nhập để gửi", timeout=30_000)
    page.click(".strip a.more")  # going on in the application takes neither the words nor the work away
    page.wait_for_selector("text=Đăng nhập để gửi")
    page.wait_for_selector("text=VH-2611-")
    again = phone.new_page()
    again.goto("/sign-in/?next=/app/route")
    again.fill("#username", inspector.get_username())
    again.fill("#password", "a long enough one")
    again.click("main button")
    again.wait_for_url("**/app/route**")
    again.wait_for_selector("text=Không còn gì chờ gửi.", timeout=60_000)
    assert Inspection.objects.get(case=job, outcome="warned").photos.count() == 2


def test_a_session_that_ended_before_the_application_is_opened_shows_the_kept_shift(
    phone: BrowserContext, committed_city: Any, inspector: Any, tmp_path: Path
) -> None:
    """Killed and opened anew in mid-shift: route, draft and what is unsent are there, and nothing else until signing in."""
    expect.set_options(timeout=30_000)
    from cases.models import Inspection

    job = a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    wait_until_kept(page)
    phone.set_offline(True)
    fill_in(page, job, photos_in(tmp_path, 7))
    page.close()
    phone.clear_cookies(name="sessionid")
    phone.set_offline(False)

    page = phone.new_page()
    page.goto("/app/route")
    expect(page.locator("ol li")).to_have_count(1)
    expect(page.locator(".strip", has_text="Đăng nhập để gửi")).to_be_visible(timeout=60_000)
    expect(page.locator(".strip", has_text="Chưa gửi 2 ảnh")).to_be_visible()
    page.goto("/app/cases")
    expect(page.locator("main .note.error")).to_contain_text("ăng nhập")
    expect(page.locator("main")).not_to_contain_text(job.code)
    page.goto(f"/app/route/{job.pk}/record")
    expect(page.locator("#unsigned")).to_have_value("Người bán đã rời đi")
    hand_in(page)

    again = phone.new_page()
    again.goto("/sign-in/?next=/")
    again.fill("#username", inspector.get_username())
    again.fill("#password", "a long enough one")
    again.click("main button")
    again.wait_for_url(lambda url: "/sign-in/" not in url)
    page.bring_to_front()
    expect(page.locator(".strip", has_text="Không còn gì chờ gửi.")).to_be_visible(timeout=90_000)
    assert Inspection.objects.get(case=job, outcome="warned").photos.count() == 2
    page.goto("/app/cases")
    expect(page.locator("main .note.error")).to_have_count(0)
    expect(page.locator("main h1")).to_be_visible()

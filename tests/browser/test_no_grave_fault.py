"""Every view of the menu with all that it leads to, and every citizens' page: no grave finding of axe, nothing wider than
the screen. The lists are the application's and the server's own, so that a new one is tried or the test fails.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ops.application import build_application
from ops.folders import choose_var
from tests.browser.axe import find_faults
from tests.browser.story import settle_through_the_interface
from tests.browser.test_field import a_job
from tests.browser.views import IS_DRAWN, list_page_names, list_views, list_ways_in
from tests.builders import ON_PARCEL_B, Staff, a_picture_at, a_report, a_staff, another, building_work, run_to_rest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
LOOKS = [(True, "vi"), (False, "en")]
IDS = ["desk-vi", "phone-en"]
INNER = ("/app/route/unsent", "/app/registers/issues")  # no link leads there while there is nothing to tell
RECORD_OF_A_JOB = "/record"
OF_NOBODY = "of-nobody"  # a link that nobody was sent: its page says so
# How each page of the server is opened without signing in; {code}, {follow} and {draft} are of this test's town.
CITIZENS = {
    "home": "/", "wards": "/wards/", "alerts": "/alerts/", "report": "/report/", "report_confirm": "/report/{draft}/",
    "follow_find": "/follow/", "follow": "{follow}", "cases": "/cases/", "case": "/cases/{code}/", "map": "/map/",
    "places": "/places/?lon={lon}&lat={lat}", "machine": "/what-the-machine-sees/", "sign_in": "/sign-in/",
    "alert_confirm": "/alerts/confirm/of-nobody/", "alert_end": "/alerts/end/of-nobody/",
}  # fmt: skip
ELSEWHERE = {"app", "app_inside", "needs_person"}  # ways of the menu: tried with the views
NO_PAGE = {
    "a file, a picture or a feed": {
        "feed", "report_worker", "report_picture", "follow_picture", "picture", "places_print", "app_words", "app_plan",
        "app_worker", "app_map_worker", "case_inspection",
    },
    "a part of a page": {"report_suggestion"},
    "an act that leads back to a page": {"follow_answer", "follow_rate", "follow_reopen", "set_language", "sign_out"},
}  # fmt: skip


class Town(NamedTuple):
    """Who is there, and what there is to see."""

    staff: Staff
    code: str
    follow: str
    draft: str


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def town(committed_city: Any, see: Any, tmp_path: Path) -> Town:
    """A case that was settled and published, a flag that waits, a visit to make, a report that is being sent."""
    from django.test import Client

    from intake.models import ServiceRequest

    staff = a_staff()
    see(building_work())
    photo = tmp_path / "IMG_2041.jpg"
    photo.write_bytes(a_picture_at(*ON_PARCEL_B))
    case = settle_through_the_interface(staff, photo)
    for observation_id in a_report():
        run_to_rest(observation_id)
    a_job(committed_city, 150, code="VH-2611-0901")
    with photo.open("rb") as file:
        draft = Client().post("/report/", {"media": file})["Location"].strip("/").split("/")[-1]
    with photo.open("rb") as file:
        sent = Client().post(f"/report/{draft}/", {"category": "construction"})
    follow = sent["Location"]
    with photo.open("rb") as file:
        draft = Client().post("/report/", {"media": file})["Location"].strip("/").split("/")[-1]
    assert ServiceRequest.objects.exists()
    return Town(staff, case.code, follow, draft)


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with a view once it is drawn, each with the address."""
    answer = page.goto(path)
    page.wait_for_function(IS_DRAWN, timeout=60_000)
    page.wait_for_load_state("networkidle")
    wide = ["wider than the screen"] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    lost = [] if OF_NOBODY in path or (answer and answer.ok) else ["it is no page"]
    return [f"{path}: {fault}" for fault in (*lost, *find_faults(page), *wide)]


@pytest.mark.parametrize(("on_desk", "language"), LOOKS, ids=IDS)
def test_no_view_of_the_menu_nor_what_it_leads_to(
    open_page: Open, sign_in: Callable[..., None], town: Town, on_desk: bool, language: str
) -> None:
    from cases.roles import Role

    views, faults, seen = list_views(), [], set()
    assert len(views) > 9, "the menu's list is read"
    for role in sorted({view.roles[0] for view in views}):
        page = open_page("/", on_desk=on_desk, language=language)
        sign_in(page, town.staff.inspector if role == "inspector" else another(Role(role)))
        mine = [view.path for view in views if view.roles[0] == role]
        waiting = [*mine, *(path for path in INNER if any(path.startswith(view) for view in mine))]
        while waiting:
            path = waiting.pop(0)
            if path in seen or not any(path.startswith(view.rstrip("/")) for view in mine):
                continue
            seen.add(path)
            faults += faults_of(page, path)
            waiting += list_ways_in(page)
            if path.startswith("/app/route/") and path not in INNER and not path.endswith(RECORD_OF_A_JOB):
                waiting.append(path + RECORD_OF_A_JOB)
    assert faults == []
    assert any(path.endswith(RECORD_OF_A_JOB) for path in seen) and "/app/operate/weights" in seen, sorted(seen)


@pytest.mark.parametrize(("on_desk", "language"), LOOKS, ids=IDS)
def test_no_page_of_citizens(open_page: Open, town: Town, on_desk: bool, language: str) -> None:
    from tests.small_city import lonlat

    assert {*CITIZENS, *ELSEWHERE, *set().union(*NO_PAGE.values())} == list_page_names(), "a new page is opened here"
    lon, lat = lonlat(*ON_PARCEL_B)
    page = open_page("/", on_desk=on_desk, language=language)
    asked = {"code": town.code, "follow": town.follow, "draft": town.draft, "lon": lon, "lat": lat}
    assert [fault for path in CITIZENS.values() for fault in faults_of(page, path.format(**asked))] == []

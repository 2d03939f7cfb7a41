"""Several people on one case see each other within 15 s and overwrite nothing; a signed-out device tells nobody anything."""

# ruff: noqa: F811 - fixtures are imported by their names
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

from tests.browser.test_application_views import built, staff  # noqa: F401 - fixtures
from tests.browser.test_field import _built, a_job, inspector, phone, wait_until_kept  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.builders import Staff

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]
LIVE_MS = 15_000
OPTIONS, VALUES = ".move option", "options => options.map((one) => one.value).filter(Boolean)"
LINKS = "links => links.map((link) => link.href).join(' ')"
LEAVE = "header .account button >> nth=-1"
KEPT = "caches.keys().then((names) => names.filter((name) => !name.includes('precache') && name !== 'viahe-frame'))"
STORES = "indexedDB.databases().then((all) => all.map((one) => one.name))"


def test_a_change_of_another_shows_within_15_seconds_and_is_not_overwritten(
    open_page: Open,
    sign_in: Callable[..., None],
    staff: Staff,
) -> None:
    from cases.actions import move_case
    from cases.models import Case
    from cases.roles import Role
    from tests.builders import another

    case = Case.objects.get()
    page = open_page("/", on_desk=True)
    sign_in(page, staff.leader)
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.headers.get("if-none-match", "")) if "case-files" in request.url else None,
    )
    page.goto(f"/app/cases/{case.code}")
    page.wait_for_selector(".move textarea")
    page.fill(".move textarea", "Chờ ý kiến phòng kinh tế")
    targets = page.eval_on_selector_all(OPTIONS, VALUES)
    before = page.inner_text("header .chip >> nth=0")
    move_case(case.pk, targets[0], by=another(Role.LEADER), reason="người khác đã quyết")
    expect(page.locator("header .chip").first).not_to_have_text(before, timeout=LIVE_MS)
    expect(page.locator(".note.warning")).to_be_visible(timeout=LIVE_MS)
    expect(page.locator(".move textarea")).to_have_value("Chờ ý kiến phòng kinh tế")
    case.refresh_from_db()
    assert case.state == targets[0]
    assert any(asked[1:]), "asks again by the ETag of the answer before"

    others = page.eval_on_selector_all(OPTIONS, VALUES)
    page.select_option(".move select", others[0])
    page.click(".move button.main")
    expect(page.locator(".move .note.error")).to_be_visible()
    expect(page.locator(".move textarea")).to_have_value("Chờ ý kiến phòng kinh tế")
    case.refresh_from_db()
    assert case.state == targets[0], "who saw the older state decides nothing"


def test_links_and_titles_name_nobody(open_page: Open, sign_in: Callable[..., None], staff: Staff) -> None:
    from cases.models import Case

    page = open_page("/", on_desk=True)
    sign_in(page, staff.leader)
    case = Case.objects.get()
    for path in ("/app/map", "/app/review", "/app/cases", f"/app/cases/{case.code}", "/app/figures"):
        page.goto(path)
        page.wait_for_selector("main h1, main .fold, main ol li")
        said = f"{page.title()} {page.url} {page.eval_on_selector_all('a[href]', LINKS)}".lower()
        for secret in filter(None, (staff.leader.get_username(), case.parcel_key, "phường nhỏ")):
            assert secret.lower() not in said.replace(case.code.lower(), ""), (path, secret)


@pytest.mark.parametrize("view", ["route", "cases"])
def test_a_signed_out_phone_keeps_nothing_of_anybody(phone: BrowserContext, committed_city: Any, view: str) -> None:
    a_job(committed_city, 150)
    page = phone.pages[0]
    page.goto("/app/route")
    page.wait_for_selector("ol li")
    wait_until_kept(page)
    page.goto(f"/app/{view}")
    page.wait_for_selector("main h1")
    assert page.evaluate(STORES)
    phone.set_offline(True)
    page.click(LEAVE)
    expect(page.locator(".note.error", has_text="Đăng xuất")).to_be_visible()
    assert page.evaluate(STORES), "still signed in: nothing is forgotten"
    phone.set_offline(False)
    page.click(LEAVE)
    page.wait_for_url(lambda url: "/app/" not in url)
    assert page.evaluate(KEPT) == []
    assert page.evaluate(STORES) == []
    assert set(page.evaluate("Object.keys(localStorage)")) <= {"viahe-theme"}
    phone.set_offline(True)
    with pytest.raises(PlaywrightError, match="ERR_"):  # not even the frame is here any more
        page.goto("/app/route")

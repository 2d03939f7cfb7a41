"""One story from a citizen's photo to the published before and after: a place that came back, a late step explained and seen
in the figures, a sender who is not content, another officer, and the rating at the end.

Citizen, reviewer, inspectors and leader, each in a browser of their own; the case before it goes through the interface for
machines alone. What each does stands in ``story``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from ops.application import build_application
from ops.folders import choose_var
from tests.browser.story import (
    Citizen,
    Leader,
    Photo,
    accept_what_came_back,
    record_visit,
    run_all,
    settle_through_the_interface,
)
from tests.builders import ON_PARCEL_B, a_picture_at, a_staff, another, building_work

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")
Open = Callable[..., "Page"]


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The application, built once per change."""
    build_application(choose_var(None))


@pytest.fixture
def photo(tmp_path: Path) -> Photo:
    """A photo that knows where it was taken; every name has other pixels."""

    def make(name: str) -> Path:
        path = tmp_path / f"{name}.jpg"
        path.write_bytes(a_picture_at(*ON_PARCEL_B))
        return path

    return make


@pytest.fixture
def sign_in_on(open_page: Open, sign_in: Callable[..., None]) -> Callable[..., Page]:
    """A browser of somebody's own, signed in."""

    def open_for(user: Any, *, on_desk: bool = True) -> Page:
        page = open_page("/", on_desk=on_desk)
        sign_in(page, user)
        return page

    return open_for


def test_from_a_citizens_photo_to_the_published_before_and_after(
    open_page: Open, sign_in_on: Callable[..., Page], committed_city: Any, see: Any, photo: Photo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from cases.models import Assignment, Case
    from cases.roles import Role
    from intake.models import ServiceRequest
    from rules.models import Flag

    staff = a_staff()
    see(building_work())
    before = settle_through_the_interface(staff, photo("first"))
    citizen = Citizen(open_page("/report/"))
    citizen.send(photo("again"))
    run_all()
    case = Case.objects.exclude(pk=before.pk).get()
    assert case.recurrence_of_id == before.pk
    accept_what_came_back(sign_in_on(staff.reviewer), before)
    assert Flag.objects.filter(case_flag__case=case, state="accepted").exists()

    # Time goes by: the visit is late.
    now = timezone.now
    monkeypatch.setattr("django.utils.timezone.now", lambda: now() + timedelta(days=4))
    record_visit(sign_in_on(staff.inspector, on_desk=False), case, "warned", photo("visit"))
    run_all()
    leader = Leader(sign_in_on(staff.leader))
    leader.explains_and_approves(case, before)
    leader.publishes(case, before)
    citizen.is_answered()
    Citizen(open_page("/cases/")).reads_published(case)

    # Not settled: a new photo, and another officer.
    second = another(Role.INSPECTOR)
    citizen.open_again(photo("still there"), "vẫn còn xây")
    assert Assignment.objects.get(case=case, is_current=True).inspector == second
    run_all()
    record_visit(sign_in_on(second, on_desk=False), case, "gone", photo("second visit"))
    run_all()
    leader.approves_again(case)
    citizen.is_content()
    assert ServiceRequest.objects.get(case_request__case=case).status == "closed"

    # Only what was followed for 30 days is counted as having come back, or not.
    monkeypatch.setattr("django.utils.timezone.now", lambda: now() + timedelta(days=36))
    Leader(sign_in_on(staff.leader)).reads_figures(case, before, timezone.now())

"""The little city, and readers of its pages: a visitor, and people with roles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.pipeline.conftest import _kept_city, media_folder, pack, see, small_city  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from django.test import Client

    from cases.models import Case
    from tests.builders import Staff


@pytest.fixture(autouse=True)
def drafts_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Drafts of one test, apart from all others."""
    folder = tmp_path / "drafts"

    def make() -> Path:
        folder.mkdir(exist_ok=True)
        return folder

    monkeypatch.setattr("web.drafts._root", make)
    return folder


@pytest.fixture
def staff(small_city: Any) -> Staff:  # noqa: F811 - the fixture imported above
    """One person per role."""
    from tests.builders import a_staff

    return a_staff()


@pytest.fixture
def as_person() -> Callable[[Any], Client]:
    """Gives a client that is signed in as somebody."""
    from django.test import Client

    def sign_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def case(small_city: Any, see: Any, staff: Staff, as_person: Callable[[Any], Client]) -> Case:  # noqa: F811
    """A case that a reviewer opened from a flag; its visit is drafted."""
    from cases.models import Case
    from rules.models import Flag
    from tests.builders import a_report, building_work, run_to_rest

    see(building_work())
    for observation_id in a_report():
        run_to_rest(observation_id)
    flag = Flag.objects.get(verdict="flagged")
    body = {"to": "accepted", "version": flag.version}
    as_person(staff.reviewer).post(f"/api/v1/flags/{flag.pk}/moves", body, content_type="application/json")
    return Case.objects.get()

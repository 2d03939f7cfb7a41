"""Public pages: figures of the wards with method and dates, recurrence both ways, waiting flags as counts alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cases.models import Case, Inspection
from geo.today import find_today
from tests.integration.cases import builders as b
from tiles.actions import approve_publication

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(client: Client) -> None:
    client.cookies["django_language"] = "en"


@pytest.fixture
def town() -> Any:
    return b.a_town()


def a_closed_case(town: Any, *, days: float, before: Case | None = None) -> Case:
    case = b.an_assigned_case(town)
    for state in ("given", "taken", "on_site", "completed"):
        Inspection.objects.filter(case=case).update(state=state)
    Inspection.objects.filter(case=case).update(outcome="warned", completed_at=timezone.now())
    for state in ("verifying", "warned", "recheck", "closed"):
        Case.objects.filter(pk=case.pk).update(state=state)
    Case.objects.filter(pk=case.pk).update(
        opened_at=b.long_ago(days + 5), closed_at=b.long_ago(days), recurrence_of=before
    )
    case.refresh_from_db()
    return case


def test_the_wards_page_tells_shares_method_and_dates(town: Any, client: Client) -> None:
    for number in range(32):
        first = a_closed_case(town, days=60)
        if number < 8:
            a_closed_case(town, days=40, before=first)
    b.a_flag(b.a_citizen_photo(b.a_request(town.city)), town.city)
    page = client.get("/wards/").content.decode()
    assert "Phường Đồi" in page
    assert "20 %" in page and "8/40" in page
    since = find_today() - timedelta(days=365)
    assert since.strftime("%d/%m/%Y") in page
    assert "Counted" in page or "How this is counted" in page
    row = page.split("Phường Đồi")[1].split("</tr>")[0]
    assert '<td class="n">1</td>' in row


def test_few_cases_give_no_figure(town: Any, client: Client) -> None:
    a_closed_case(town, days=60)
    b.a_flag(b.a_citizen_photo(b.a_request(town.city)), town.city)
    page = client.get("/wards/").content.decode()
    assert "under 5" in page and "too few" in page


def test_a_flag_that_waits_is_in_no_public_page_but_as_a_count(town: Any, client: Client) -> None:
    flag = b.a_flag(b.a_citizen_photo(b.a_request(town.city)), town.city)
    for path in ("/", "/cases/", "/wards/", "/feeds/cases.atom", "/api/v1/public/figures", "/map/"):
        text = client.get(path).content.decode()
        assert str(flag.pk) not in text
        assert str(flag.observation_id) not in text


def test_recurrence_is_told_both_ways_between_public_cases(town: Any, client: Client) -> None:
    first = a_closed_case(town, days=60)
    second = a_closed_case(town, days=40, before=first)
    approve_publication(first.pk, by=town.leader)

    def page(case: Case) -> str:
        return client.get(f"/cases/{case.code}/").content.decode()

    assert second.code not in page(first)  # the later case is not public yet
    approve_publication(second.pk, by=town.leader)
    assert "came back after this case" in page(first) and second.code in page(first)
    assert "settled before, and it came back" in page(second) and first.code in page(second)

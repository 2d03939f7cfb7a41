"""A hundredth of a year into real tables: counted, labelled, guarded, readable by the product's own lists."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.models import Case, CaseClock, Inspection
from cases.permissions import read_rights
from cases.queries import CaseFilter, count_by_ward, get_case, list_case_timeline, list_cases
from intake.models import ServiceRequest
from rules.models import Flag
from tests.integration.cases import builders as b


def test_a_small_year_stands_in_the_tables(db: None, capsys: Any) -> None:
    b.a_ward(b.a_city())
    call_command("simulate_year", seed=7, scale=0.01)
    assert (ServiceRequest.objects.count(), Flag.objects.count()) == (208, 600)
    assert Case.objects.exclude(code__startswith="SIM-").count() == 0
    assert CaseClock.objects.exists()
    assert Inspection.objects.filter(state="approved").exists()
    leader = _leader()
    rights = read_rights(leader)
    page = list_cases(rights, CaseFilter(), limit=10)
    assert len(page.items) == 10
    assert list_case_timeline(page.items[0].id)
    assert get_case(rights, case_id=page.items[0].id)
    assert count_by_ward(rights, now=timezone.now())
    with pytest.raises(CommandError, match="one of its own"):
        call_command("simulate_year", seed=7, scale=0.01)


def _leader() -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=f"sim-leader-{b.WARD}")

"""A hundredth of a year into real tables: counted, labelled, guarded, readable by the product's own lists."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.actions import refresh_clocks
from cases.late_pieces import NOT_SAID
from cases.lateness import Lateness, Part, Spent, Step
from cases.models import Case, CaseClock, Inspection, LatePiece
from cases.permissions import read_rights
from cases.queries import CaseFilter, count_by_ward, get_case, list_case_timeline, list_cases
from cases.queries.figures import ask_figure
from cases.queries.figures.late_sums import sum_pieces
from cases.queries.figures.lateness import late_clocks
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
    assert_sums_are_those_of_the_histories(rights)
    with pytest.raises(CommandError, match="one of its own"):
        call_command("simulate_year", seed=7, scale=0.01)


def assert_sums_are_those_of_the_histories(rights: Any) -> None:
    """What the database sums of late clocks is what each history gives when it is taken apart by itself."""
    ask = ask_figure(
        now=timezone.now(), until=timezone.now() + timedelta(days=400), since=timezone.now() - timedelta(days=400)
    )
    clocks = late_clocks(rights, ask).filter(stopped_at__isnull=False)
    by_step: dict[tuple[str, str], float] = defaultdict(float)
    for clock in clocks:
        found = Lateness(
            tuple(Spent(Step(s), Part(p), timedelta(seconds=c), timedelta(seconds=w)) for s, p, c, w in clock.spent),
            timedelta(seconds=clock.late_s), timedelta(), 0,
        )  # fmt: skip
        for step, late in found.late_by_step().items():
            by_step[step.value, clock.cause] += late.total_seconds()
    assert len(by_step) > 5
    kept = sum_pieces(LatePiece.objects.filter(clock__in=clocks))
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for (_, step_code, cause), one in kept.steps.items():
        sums[step_code, cause] += one.late_s
    assert {key: late for key, late in sums.items() if late} == pytest.approx(by_step)
    assert (kept.clocks, kept.handovers) == (clocks.count(), sum(clock.handovers for clock in clocks))
    assert kept.unexplained == clocks.filter(cause=NOT_SAID).count()
    before = [list(kind.objects.order_by("pk").values()) for kind in (CaseClock, LatePiece)]
    refresh_clocks(Case.objects.values_list("pk", flat=True))
    assert list(CaseClock.objects.order_by("pk").values()) == before[0]
    again = [{**row, "id": 0} for row in LatePiece.objects.order_by("clock_id", "id").values()]
    assert again == [{**row, "id": 0} for row in sorted(before[1], key=lambda row: (row["clock_id"], row["id"]))]


def _leader() -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=f"sim-leader-{b.WARD}")

"""Figures and clocks over HTTP: rows that lead to their cases, CSV, pauses and causes, and who may ask."""

from __future__ import annotations

from typing import Any

import pytest

from cases.actions import ReviewDecision, open_or_join_case, review_flag
from cases.models import Case
from tests.integration.cases import builders as b

API = "/api/v1"
NAMES = ("recurrence", "on-time", "first-reply", "ageing", "lateness", "precision", "ranking", "recall")


@pytest.fixture
def case(town: Any) -> Case:
    photo = b.a_citizen_photo(b.a_request(town.city))
    flag = b.a_flag(photo, town.city)
    open_or_join_case(photo.pk)
    review_flag(flag.pk, ReviewDecision.ACCEPT, by=town.reviewer)
    return Case.objects.get()


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_leads_to_its_cases_and_comes_as_csv(town: Any, as_person: Any, case: Case, name: str) -> None:
    leader = as_person(town.leader)
    group = "use" if name == "precision" else "unit" if name not in ("ageing", "lateness") else "all"
    answer = leader.get(f"{API}/figures/{name}?group={group}")
    assert answer.status_code == 200, answer.content
    rows = answer.json().get("rows", answer.json().get("by_step"))
    assert rows or name in ("recurrence", "on-time", "first-reply", "lateness", "recall")
    for row in rows:
        assert leader.get(row["cases"]).status_code == 200
    table = leader.get(answer.json()["csv"])
    assert (table.status_code, table["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert len(table.content.decode("utf-8-sig").splitlines()) >= 1


def test_a_few_samples_carry_no_percentage(town: Any, as_person: Any, case: Case) -> None:
    [row] = as_person(town.leader).get(f"{API}/figures/precision?group=use").json()["rows"]
    assert (row["key"], row["reviewed"]["hits"], row["reviewed"]["said"]) == ("trading", 1, None)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("recurrence?group=camera", "group"),
        ("recurrence?since=2026-10-01&until=2026-09-01", "until"),
        ("recurrence/cases?part=dismissed", "part"),
        ("nothing/cases", "figure"),
        ("on-time?since=then", "since"),
    ],
)
def test_a_question_that_makes_no_sense_is_named(town: Any, as_person: Any, path: str, field: str) -> None:
    answer = as_person(town.leader).get(f"{API}/figures/{path}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_figures_are_for_leaders_and_planners(town: Any, as_person: Any) -> None:
    who = {"lea": town.leader, "pla": town.planner, "ins": town.inspector, "rev": town.reviewer, "ope": town.operator}
    statuses = {name: as_person(user).get(f"{API}/figures/recurrence").status_code for name, user in who.items()}
    assert statuses == {"lea": 200, "pla": 200, "ins": 403, "rev": 403, "ope": 403}


def test_a_leader_holds_a_clock_with_a_paper(town: Any, as_person: Any, case: Case) -> None:
    leader, path = as_person(town.leader), f"{API}/cases/{case.pk}"
    before = leader.get(f"{path}/clocks").json()
    assert {clock["code"]: clock["state"] for clock in before["clocks"]} == {
        "triage": "done_on_time",
        "visit": "within",
    }
    assert before["clocks"][0]["is_day_only"]
    assert len(before["late_causes"]) == 10
    body = {"clock": "visit", "do": "pause", "reason": "storm_or_flood", "document": "112/TB-UBND 20/11/2026"}
    refused = leader.post(f"{path}/pauses", {**body, "document": ""}, content_type="application/json")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "document")
    held = leader.post(f"{path}/pauses", body, content_type="application/json").json()
    [visit] = [clock for clock in held["clocks"] if clock["code"] == "visit"]
    assert (visit["state"], visit["pauses"][0]["document"]) == ("paused", "112/TB-UBND 20/11/2026")
    assert leader.get(path).json()["properties"]["deadline"] == "paused"
    inspector = as_person(town.inspector)
    assert inspector.post(f"{path}/pauses", body, content_type="application/json").status_code == 403
    resumed = leader.post(f"{path}/pauses", {"clock": "visit", "do": "resume"}, content_type="application/json")
    assert resumed.status_code == 200
    early = leader.post(f"{path}/late-causes", {"clock": "visit", "cause": "dispute"}, content_type="application/json")
    assert early.status_code == 409

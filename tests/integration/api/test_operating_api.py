"""What an operator keeps: the law confirmed by a person, the calendar changed, roles given and ended; who may, and conflicts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from cases.actions.packs import load_calendar
from cases.models import CalendarEdition, RoleAssignment, RoleChange
from cases.queries.calendars import get_calendar
from geo.pack import read_pack
from geo.today import find_today
from ops.folders import ROOT
from rules.actions import load_law, save_law
from rules.models import OrdinanceSet
from rules.queries import get_law

API = "/api/v1"
PACK = ROOT / "cities" / "hcmc"
TODAY = find_today


@pytest.fixture
def kept(town: Any) -> Any:
    pack = read_pack(PACK)
    save_law(town.city, (PACK / "ordinances.toml").read_text())
    load_calendar(town.city, pack.read_table("calendar.toml"))
    return town


def post(client: Any, path: str, **body: Any) -> Any:
    return client.post(f"{API}/{path}", body, content_type="application/json")


def test_an_operator_confirms_the_law_and_the_rules_read_it(kept: Any, as_person: Any) -> None:
    operator = as_person(kept.operator)
    table = operator.get(f"{API}/law").json()
    item = next(one for one in table["items"] if one["kind"] == "figure" and one["name"] == "min_clear_width_m")
    word = {"item": item["key"], "value_print": item["value_print"], "version": table["version"], "do": "confirm"}
    assert post(operator, "law/confirmations", **word, source="").json()["errors"][0]["field"] == "source"
    answer = post(operator, "law/confirmations", **word, source="Văn bản 55/STP-VB, 20/11/2026")
    assert answer.status_code == 201, answer.content
    after = answer.json()
    assert after["waiting"] == table["waiting"] - 1
    found = next(one for one in after["items"] if one["key"] == item["key"])
    assert (found["confirmed"]["by"], found["is_confirmed"]) == (kept.operator.get_username(), True)
    assert after["history"][0]["added"]["item"] == item["key"]
    law = get_law(kept.city.slug)
    rule = law.at(date.fromisoformat(item["from_on"])).rule(item["code"])
    threshold = rule.threshold("min_clear_width_m") if rule else None
    assert threshold is not None
    assert threshold.is_confirmed
    late = post(operator, "law/confirmations", **word, source="Văn bản 56/STP-VB")
    assert (late.status_code, late.json()["errors"][0]["field"]) == (409, "version")
    assert load_law(kept.city, read_pack(PACK))["state"] == "unchanged", "the pack again keeps what people said"
    back = post(
        operator,
        "law/confirmations",
        **{**word, "version": after["version"], "do": "withdraw"},
        source="nhầm điều khoản",
    )
    assert back.json()["waiting"] == table["waiting"]
    assert OrdinanceSet.objects.filter(city=kept.city).count() == 3


def test_a_holiday_is_confirmed_and_open_cases_are_counted_anew(kept: Any, as_person: Any) -> None:
    operator = as_person(kept.operator)
    table = operator.get(f"{API}/calendar").json()
    day = next(one for one in table["days"] if not one["is_confirmed"])
    change = {
        "edition": table["edition"], "kind": day["kind"], "on": day["on"], "name_vi": day["name_vi"], "is_confirmed": True,
        "source": "Thông báo 9/TB-BNV",
    }  # fmt: skip
    answer = post(operator, "calendar/changes", **change)
    assert answer.status_code == 201, answer.content
    after = answer.json()
    assert next(one for one in after["days"] if one["on"] == day["on"])["by"] == kept.operator.get_username()
    assert after["history"][0]["source"] == "Thông báo 9/TB-BNV"
    assert post(operator, "calendar/changes", **change).status_code == 409
    policy = {
        "edition": after["edition"],
        "kind": "policy",
        "code": "decision",
        "is_confirmed": True,
        "source": "Luật XLVPHC 66",
    }
    assert post(operator, "calendar/changes", **policy).status_code == 201
    assert get_calendar(kept.city).pack.policy("decision", date(2026, 11, 2)).is_confirmed
    assert load_calendar(kept.city, read_pack(PACK).read_table("calendar.toml")).unchanged == 1
    assert CalendarEdition.objects.filter(city=kept.city).count() == 3


def test_roles_are_given_and_ended_with_a_decision(town: Any, as_person: Any) -> None:
    operator = as_person(town.operator)
    today = TODAY()
    role = {
        "username": town.planner.get_username(), "role": "reviewer", "unit": town.office.code,
        "valid_from": today.isoformat(), "reason": "QĐ 7/2026",
    }  # fmt: skip
    given = post(operator, "roles", **role)
    assert given.status_code == 201, given.content
    row = next(r for r in given.json()["rows"] if r["username"] == role["username"] and r["role"] == "reviewer")
    assert (row["standing"], row["version"], row["acts"][0]["by"]) == ("held", 1, town.operator.get_username())
    assert as_person(town.planner).get(f"{API}/review").status_code == 200
    assert post(operator, "roles", **role).status_code == 409
    assert post(operator, "roles", **{**role, "role": "auditor"}).json()["errors"][0]["field"] == "role"
    assert post(operator, "roles", **{**role, "username": town.operator.get_username()}).status_code == 403
    end = {"to": "ended", "valid_to": today.isoformat(), "reason": "QĐ 8/2026", "version": row["version"]}
    past = {**end, "valid_to": (today - timedelta(days=2)).isoformat()}
    assert post(operator, f"roles/{row['id']}/moves", **past).status_code == 400
    assert post(operator, f"roles/{row['id']}/moves", **end).status_code == 200
    assert post(operator, f"roles/{row['id']}/moves", **end).status_code == 409
    assert RoleAssignment.objects.get(pk=row["id"]).valid_to == today + timedelta(days=1), "today stays explained"
    assert [act.what for act in RoleChange.objects.all()] == ["given", "ended"]
    with pytest.raises(DatabaseError), transaction.atomic():
        RoleChange.objects.update(reason="x")


def test_who_may_look_and_who_may_change(kept: Any, as_person: Any) -> None:
    leader, inspector = as_person(kept.leader), as_person(kept.inspector)
    assert [leader.get(f"{API}/{path}").status_code for path in ("law", "calendar", "roles")] == [200, 200, 403]
    assert inspector.get(f"{API}/law").status_code == 200
    for path in ("law/confirmations", "calendar/changes", "roles"):
        assert post(leader, path).status_code == 403


def test_a_city_without_law_says_so(town: Any, as_person: Any) -> None:
    answer = as_person(town.operator).get(f"{API}/law")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (404, "city")

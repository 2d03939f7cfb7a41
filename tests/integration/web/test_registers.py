"""Pages and API about registers: who may look, what is told, how a run that waits is decided, and files of the faults."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.roles import Role
from geo.actions import apply_confirmed, load_source
from geo.load_summary import LoadSummary
from geo.models import City, Parcel, RegisterLoad
from geo.pack import read_pack
from pipeline import sweeps
from tests.builders import another

LATER = date(2026, 12, 1)


@pytest.fixture
def load(small_city: Any, tmp_path: Path) -> Callable[..., LoadSummary]:
    """Load changed parcels of the little city."""
    city = City.objects.get(slug="smallville")
    pack = read_pack(Path(city.pack_path))

    def load_changed(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], **options: Any) -> LoadSummary:
        source = replace(pack.get_source("parcels"), max_withdrawn_share=0.2)
        told = json.loads((pack.path / source.file).read_text())
        path = tmp_path / "parcels.geojson"
        path.write_text(json.dumps({**told, "features": change(told["features"])}))
        return load_source(source, path, city, pack, source_on=LATER, **options)

    return load_changed


def faulty(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row without an outline, one whose key is a formula of a spreadsheet."""
    lost = {**features[0], "geometry": None, "properties": {**features[0]["properties"], "key": "000010090001"}}
    odd = {**features[0], "properties": {**features[0]["properties"], "key": "=cmd()"}}
    return [*features, lost, odd]


@pytest.fixture
def operator(staff: Any, as_person: Any) -> Any:
    """Signed in as an operator."""
    return as_person(another(Role.OPERATOR))


@pytest.fixture
def planner(staff: Any, as_person: Any) -> Any:
    """Signed in as a planner."""
    return as_person(another(Role.PLANNER))


@pytest.mark.parametrize("path", ["/registers/", "/registers/parcels/", "/register-issues/", "/register-issues.csv"])
def test_who_may_look(staff: Any, as_person: Any, planner: Any, operator: Any, client: Any, path: str) -> None:
    assert client.get(path).status_code == 302
    assert as_person(staff.inspector).get(path).status_code == 403
    assert planner.get(path).status_code == operator.get(path).status_code == 200


def test_the_list_says_dates_rows_and_faults(operator: Any, load: Callable[..., LoadSummary]) -> None:
    load(faulty)
    page = operator.get("/registers/?lang=en").content.decode()
    assert "parcels (" in page
    assert "01/12/2026" in page
    run = RegisterLoad.objects.filter(source__name="parcels").first()
    assert run is not None
    assert f"/register-issues/?load={run.pk}" in page
    told = operator.get(f"/registers/runs/{run.pk}/").content.decode()
    assert "fault=no_geometry" in told
    assert 'value="apply"' not in told


def test_a_run_that_would_withdraw_much_waits_for_an_operator(
    planner: Any, operator: Any, load: Callable[..., LoadSummary]
) -> None:
    asked = load(lambda features: features[:3])
    path = f"/registers/runs/{asked.load_id}/"
    assert "rút bỏ 9 trong 12 dòng" in operator.get("/registers/").content.decode()
    assert 'value="apply"' not in planner.get(path).content.decode()
    assert planner.post(path, {"do": "apply"}).status_code == 403
    assert 'value="apply"' in operator.get(path).content.decode()
    assert operator.post(path, {"do": "something"}).status_code == 422
    assert operator.post(path, {"do": "apply"}).status_code == 303
    assert Parcel.objects.filter(is_listed=True).count() == 12
    assert sweeps.apply_register_runs() == 1
    assert Parcel.objects.filter(is_listed=True).count() == 3
    run = RegisterLoad.objects.get(pk=asked.load_id)
    assert (run.state, run.decided_by) == ("done", "another-operator")
    assert operator.post(path, {"do": "apply"}).status_code == 409


def test_a_preview_is_discarded(operator: Any, load: Callable[..., LoadSummary]) -> None:
    seen = load(lambda features: features[:11], dry_run=True)
    assert operator.post(f"/registers/runs/{seen.load_id}/", {"do": "discard"}).status_code == 303
    assert RegisterLoad.objects.get(pk=seen.load_id).state == "discarded"
    assert apply_confirmed() == []


def test_a_confirmed_run_that_cannot_be_applied_says_why(operator: Any, load: Callable[..., LoadSummary]) -> None:
    from django.db import connection

    asked = load(lambda features: features[:3])
    operator.post(f"/registers/runs/{asked.load_id}/", {"do": "apply"})
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE geo_stage_{asked.load_id}")
    assert apply_confirmed() == []
    run = RegisterLoad.objects.get(pk=asked.load_id)
    assert run.state == "discarded"
    assert "cannot be applied" in run.message


def test_faults_by_filter_and_as_files(operator: Any, load: Callable[..., LoadSummary]) -> None:
    load(faulty)
    page = operator.get("/register-issues/?fault=no_geometry&action=left_out").content.decode()
    assert "000010090001" in page
    assert "=cmd()" not in page
    assert operator.get("/register-issues/?after=x").status_code == 422
    text = b"".join(operator.get("/register-issues.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["fault"] for row in rows} == {"no_geometry", "key_form"}
    assert "'=cmd()" in {row["key"] for row in rows}
    told = json.loads(b"".join(operator.get("/register-issues.geojson?fault=key_form").streaming_content))
    assert [feature["properties"]["fault"] for feature in told["features"]] == ["key_form", "key_form"]


def test_the_same_over_http_for_machines(
    staff: Any, as_person: Any, planner: Any, operator: Any, load: Callable[..., LoadSummary]
) -> None:
    load(faulty)
    (parcels,) = [row for row in planner.get("/api/v1/registers").json() if row["name"] == "parcels"]
    assert (parcels["source_on"], parcels["rows_listed"], parcels["issues"]) == ("2026-12-01", 13, 3)
    runs = planner.get("/api/v1/registers/parcels/loads").json()
    assert runs[0]["counts"]["left_out"] == 1
    page = planner.get("/api/v1/register-issues", {"limit": 1}).json()
    assert (page["numberReturned"], page["next"] is not None) == (1, True)
    second = planner.get(page["next"]).json()
    assert second["features"][0]["id"] < page["features"][0]["id"]
    asked = load(lambda features: features[:3])
    path = f"/api/v1/register-loads/{asked.load_id}"
    assert planner.get(path).json()["may_decide"] is True
    assert planner.post(f"{path}/decision", {"do": "apply"}, content_type="application/json").status_code == 403
    told = operator.post(f"{path}/decision", {"do": "apply"}, content_type="application/json").json()
    assert told["state"] == "confirmed"
    assert planner.get("/api/v1/registers/lakes/loads").status_code == 404
    assert as_person(staff.inspector).get("/api/v1/registers").status_code == 403

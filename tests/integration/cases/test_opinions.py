"""Two reviewers may disagree and it shows; similar decisions; what a camera missed; a border belongs to both sides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from cases.actions import ReviewDecision, open_or_join_case, review_flag
from cases.actions.opining import give_opinion
from cases.models import Case, Inspection
from cases.permissions import may_act_on_case, read_rights, scope_cases
from cases.queries.figures import ask_figure, read_recall
from cases.queries.opinions import list_opinions, list_similar
from cases.roles import Role
from errors import Conflict, InputError, NotAllowed
from geo.models import AdminUnit
from intake.models import CameraCalibration
from rules.models import Flag
from tests.integration.cases import builders as b


def a_camera_flag(town: Any, **changes: Any) -> Flag:
    return b.a_flag(b.a_frame(b.a_camera(town.city, f"camera-{next(b._numbers)}")), town.city, rule_code="r", **changes)


def test_a_second_reviewer_disagrees_and_it_shows(town: Any) -> None:
    second = b.a_person("rev2", town.city, town.office, Role.REVIEWER)
    flag = a_camera_flag(town)
    with pytest.raises(Conflict):
        give_opinion(flag.pk, "accepted", by=second)
    review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason="temporary")
    assert not list_opinions(flag.pk).disagree
    with pytest.raises(NotAllowed):
        give_opinion(flag.pk, "accepted", by=town.reviewer)
    with pytest.raises(InputError):
        give_opinion(flag.pk, "dismissed", by=second)
    give_opinion(flag.pk, "accepted", by=second)
    with pytest.raises(Conflict):
        give_opinion(flag.pk, "accepted", by=second)
    found = list_opinions(flag.pk)
    assert found.disagree
    assert [(one.by, one.says, one.is_decision) for one in found.given] == [
        ("rev", "dismissed", True), ("rev2", "accepted", False),
    ]  # fmt: skip
    flag.refresh_from_db()
    assert flag.state == "dismissed"


def test_similar_flags_decided_before_are_told(town: Any) -> None:
    near, other = a_camera_flag(town), a_camera_flag(town, use="parking")
    far = a_camera_flag(town, point=Point(b.LON, b.north(300), srid=4326))
    for flag in (near, far, other):
        review_flag(flag.pk, ReviewDecision.DISMISS, by=town.reviewer, reason="permitted")
    asked = Flag.objects.select_related("observation").get(pk=a_camera_flag(town).pk)
    [similar] = list_similar(read_rights(town.reviewer), asked)
    assert (similar.id, similar.decided, similar.label, similar.by) == (near.pk, "dismissed", "permitted", "rev")
    assert list_similar(read_rights(town.stranger), asked) == ()


def test_what_a_camera_missed_of_citizens_reports_is_counted(town: Any) -> None:
    camera = b.a_camera(town.city)
    CameraCalibration.objects.create(
        camera=camera, valid_from=timezone.now() - timedelta(days=100), anchor=camera.point, calibration={},
        view_footprint=Point(b.LON, b.LAT, srid=4326).buffer(0.002), residual_m=0.1, source="invented",
    )  # fmt: skip
    for metres, is_seen in ((0, True), (120, False)):
        point = Point(b.LON, b.north(metres), srid=4326)
        if is_seen:
            b.a_flag(b.a_frame(camera), town.city, point=point, seen_at=timezone.now() - timedelta(hours=2))
        case = Case.objects.create(
            code=f"VH-{next(b._numbers):06d}", city=town.city, use="trading", state="warned", point=point,
            unit_code=b.WARD, unit=town.office, opened_at=timezone.now(),
        )  # fmt: skip
        from cases.models import CaseRequest

        CaseRequest.objects.create(case=case, service_request=b.a_request(town.city), joined_at=timezone.now())
        Inspection.objects.create(
            case=case, inspector=town.inspector, state="completed", outcome="warned", created_at=timezone.now(),
            completed_at=timezone.now(),
        )  # fmt: skip
    ask = ask_figure(now=timezone.now(), until=timezone.now() + timedelta(hours=1))
    [row] = read_recall(read_rights(town.leader), ask)
    assert (row.key, row.seen.hits, row.seen.total, row.seen.said) == ("camera-7", 1, 2, None)
    assert read_recall(read_rights(town.stranger), ask) == ()


def test_a_case_on_a_shared_border_is_both_wards_business(town: Any) -> None:
    own = AdminUnit.objects.get(code=b.WARD)
    west, south, east, upper = town.city.bounds
    middle = b.LON + 5 / b.M_PER_DEG
    AdminUnit.objects.filter(pk=own.pk).update(geom=MultiPolygon(Polygon.from_bbox((west, south, middle, upper))))
    AdminUnit.objects.create(
        city=town.city, source=own.source, load=own.load, key="90002", valid_from=own.valid_from, row_sha256="0",
        code="90002", level="ward", name="Phường Bên", name_plain="phuong ben",
        geom=MultiPolygon(Polygon.from_bbox((middle, south, east, upper))),
    )  # fmt: skip
    for lon in (b.LON, b.LON - 500 / b.M_PER_DEG):
        open_or_join_case(b.a_citizen_photo(b.a_request(town.city), lon=lon).pk)
    border, inside = Case.objects.order_by("opened_at")
    assert (border.border_codes, inside.border_codes) == (["90002"], [])
    strangers = read_rights(town.stranger)
    assert list(scope_cases(strangers)) == [border]
    assert may_act_on_case(strangers, border, {Role.LEADER})
    assert not may_act_on_case(strangers, inside, {Role.LEADER})

"""Every endpoint and page, walked as every role: nothing of a sender comes out, whatever is asked.

A report is planted with a name, a telephone number and an arrival at a minute at which nothing else happens. Then every path of
the project is asked with every parameter filled in, by GET and by POST, as every role, a stranger and nobody.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.laws.test_every_door_names_its_callers import list_views
from tests.laws.test_what_the_database_refuses import plan_today
from tests.small_city import write_small_city

NAME, PHONE = "Nguyễn Thị Bí Mật", "0909 123 456"
ARRIVED = datetime(2026, 11, 20, 3, 47, 37, 123456, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 4, 12, 5, tzinfo=UTC)
# The minute of arrival as people and machines write it, in UTC and by the city's clock.
MINUTES = ("03:47", "10:47", "3h47", "10h47", "10 giờ 47")
ROLES = ("inspector", "reviewer", "planner", "leader", "operator", "auditor")
USUAL = {"int": 1, "path": "x", "slug": "x"}
SENDERS_OWN = ("reports", "follow")  # behind the secret, which no role has


class Walk:
    """The planted report, what may fill a path's parameters, and a client per role."""

    def __init__(self, secret: str, code: str, values: dict[str, Any], people: dict[str, Any]) -> None:
        self.values, self.people = values, people
        self.planted = [NAME, "Bí Mật", PHONE, PHONE.replace(" ", ""), secret, code, *MINUTES]

    def paths(self) -> list[str]:
        """Every path of the project with its parameters filled in; a new kind of record has to be named here."""
        found, unknown = [], set()
        for pattern, _ in list_views():
            path = pattern.replace("^", "").replace("$", "").replace("\\Z", "")
            for part in re.findall(r"<[^>]+>", path):
                converter, _, name = part.strip("<>").rpartition(":")
                value = self._value_for(name, path) or USUAL.get(converter)
                if value is None:
                    unknown.add(f"{name} in {pattern}")
                path = path.replace(part, str(value))
            found.append("/" + path)
        assert unknown == set(), f"say what fills these parameters: {sorted(unknown)}"
        return sorted(set(found))

    def _value_for(self, name: str, path: str) -> Any:
        if name == "code" and not any(path.startswith(("api/v1/" + own, own)) for own in SENDERS_OWN):
            return self.values["case_code"]
        return self.values.get(name)

    def told_by(self, answer: Any) -> list[str]:
        """Which planted words an answer holds, in body, headers or address."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = body.decode("utf-8", "ignore") + " ".join(f"{k}: {v}" for k, v in answer.items())
        return [word for word in self.planted if word in text]


@pytest.fixture
def walk(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Walk]:
    """A citizen's report that went all the way: seen, accepted, visited, approved, asked about, its vault asked to open."""
    from django.core.files.storage import FileSystemStorage, default_storage

    from detection.default_detector import use_detector

    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(location=tmp_path / "media"))
    settings.SECURE_SSL_REDIRECT = False
    yield _plant(write_small_city(tmp_path), monkeypatch)
    use_detector(None)


def _plant(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    from django.utils import timezone

    from cases.actions import (
        InspectionOutcome,
        InspectionRecord,
        ReviewDecision,
        ask_opening,
        ask_sender,
        move_inspection,
    )
    from cases.models import Case, DayPlan, Inspection
    from detection.default_detector import use_detector
    from intake.actions import UploadedMedia, receive_request
    from intake.models import MediaFile, ServiceRequest
    from pipeline import decisions
    from pipeline.city_loading import load_city
    from rules.models import Flag
    from tests import builders as b

    list(load_city(pack, with_tiles=False))
    people = _people(b.a_staff())
    use_detector(b.building_work())
    monkeypatch.setattr(timezone, "now", lambda: ARRIVED)
    received = receive_request(
        [UploadedMedia("1.jpg", b.a_picture_at(*b.ON_PARCEL_B))], category="construction",
        contact=f"{NAME}, {PHONE}", description="Xây nhà không phép",
    )  # fmt: skip
    [observation] = received.observation_ids
    b.run_to_rest(observation)
    monkeypatch.setattr(timezone, "now", lambda: LATER)
    flag = Flag.objects.get(verdict="flagged")
    decisions.review_flag(flag.pk, ReviewDecision.ACCEPT, by=people["reviewer"])
    plan_today(people["inspector"])
    case, visit = Case.objects.get(), Inspection.objects.get()
    decisions.record_inspection(visit.pk, InspectionRecord(InspectionOutcome.NO_VIOLATION), by=people["inspector"])
    visit.refresh_from_db()
    move_inspection(visit.pk, "approved", by=people["leader"], version=visit.version)
    handle = ServiceRequest.objects.get().handle
    ask_sender(case.pk, handle, "Công trình nằm trong hẻm hay ngoài mặt tiền?", by=people["inspector"])
    opening = ask_opening(case.pk, handle, reason="Người phản ánh có thể bị đe doạ, cần báo ngay.", by=people["leader"])
    copy = MediaFile.objects.filter(parent__isnull=False).first()
    values = {
        "case_id": case.pk, "case_code": case.code, "flag_id": flag.pk, "observation_id": observation,
        "media_id": copy.pk if copy else uuid4(), "inspection_id": visit.pk, "handle": handle,
        "opening_id": opening, "route_id": DayPlan.objects.get().pk,
        "code": "PA-2611-000000", "token": "none", "name": "recurrence",
        "form": "csv", "key": "000010010002", "notice_id": _first_notice(), "submission_id": uuid4(),
        "file": "map-worker-1.js",
    }  # fmt: skip
    return Walk(received.secret, received.code, values, people)


def _first_notice() -> Any:
    """A notice of what happened so far, where one was written."""
    from cases.models import Notice

    return Notice.objects.values_list("pk", flat=True).first() or uuid4()


def _people(staff: Any) -> dict[str, Any]:
    """One person per role, an auditor and somebody of another ward among them."""
    from django.contrib.auth import get_user_model

    from cases.models import RoleAssignment
    from geo.models import City

    people = {role: getattr(staff, role, None) for role in ROLES}
    city = City.objects.get(slug="smallville")
    for role in (name for name, person in people.items() if person is None):
        people[role] = get_user_model().objects.create(username=f"the-{role}")
        RoleAssignment.objects.create(user=people[role], unit=None, city=city, role=role, valid_from="2025-07-01")
    people["stranger"] = get_user_model().objects.create(username="the-stranger")
    return people | {"nobody": None}


@pytest.mark.filterwarnings("ignore")
def test_no_answer_to_any_role_holds_a_senders_identity(walk: Walk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for role in (*ROLES, "stranger", "nobody"):
            told, answered = _walk_as(walk, role)
            assert (role, told) == (role, [])
            assert answered > 100
    assert [word for word in walk.planted[:6] if word in caplog.text] == []


def _walk_as(walk: Walk, role: str) -> tuple[list[str], int]:
    """What one role is told of the planted words on all paths, and how many answers were no failure of ours."""
    from django.test import Client

    client, person = Client(raise_request_exception=False), walk.people[role]
    told, answered = [], 0
    for path in walk.paths():
        if person is not None:
            client.force_login(person)  # signing out is among the paths
        for answer in (client.get(path), client.post(path, {}, content_type="application/json")):
            answered += answer.status_code < 500
            told += [f"{path} {answer.status_code}: {word}" for word in walk.told_by(answer)]
    return told, answered


def test_the_walk_would_find_a_leak(walk: Walk) -> None:
    """The same search finds the planted words where they may stand: on the sender's own page."""
    from django.test import Client
    from django.utils import translation

    secret, code = walk.planted[4], walk.planted[5]
    with translation.override("vi"):
        answer = Client().get(f"/follow/{code}/?s={secret}")
    assert answer.status_code == 200
    assert {secret, code} <= set(walk.told_by(answer))
    assert any(minute in answer.content.decode() for minute in MINUTES)


def test_the_operators_admin_shows_nothing_of_it(walk: Walk) -> None:
    from django.contrib import admin
    from django.test import Client

    client, boss = Client(raise_request_exception=False), walk.people["operator"]
    boss.is_staff = boss.is_superuser = True
    boss.save()
    client.force_login(boss)
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        rows = [base, *(f"{base}{pk}/change/" for pk in model._default_manager.values_list("pk", flat=True)[:3])]
        for path in rows:
            told = [word for word in walk.told_by(client.get(path)) if word not in MINUTES]
            assert told == [], path

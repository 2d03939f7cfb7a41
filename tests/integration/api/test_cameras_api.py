"""Cameras for offices: health in words for those who may see it, calibration tried and saved, stills only when made."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from cases.models import RoleAssignment
from cases.roles import Role
from intake.models import Camera, CameraCalibration
from pipeline.camera_leases import take_cameras
from pipeline.camera_store import HealthNotes, save_health
from pipeline.models import CameraHealth
from tests.builders import CAMERA_NAME
from tests.pipeline.conftest import _kept_city, pack, small_city  # noqa: F401 - fixtures
from tests.small_city import CAMERA_M, FRAME_PX, lonlat, to_frame

PLACES = [(east, north) for north in (101.0, 106.0, 110.0, 114.0) for east in (199.0, 205.0, 211.0)]
PAIRS = [[*to_frame(e, n), e - CAMERA_M[0], n - CAMERA_M[1]] for e, n in PLACES]


@pytest.fixture
def camera(small_city: Any) -> Camera:  # noqa: F811
    Camera.objects.filter(name=CAMERA_NAME).update(stream="rtsp://root:secret@10.0.0.7/street")
    return Camera.objects.get(name=CAMERA_NAME)


@pytest.fixture
def client_of(camera: Camera, as_person: Any, django_user_model: Any) -> Any:
    def make(role: Role) -> Any:
        user = django_user_model.objects.create(username=f"a-{role.value}")
        RoleAssignment.objects.create(user=user, city=camera.city, role=role.value, valid_from=date(2024, 1, 1))
        return as_person(user)

    return make


def test_health_is_told_in_words_and_the_stream_only_to_operators(camera: Camera, client_of: Any) -> None:
    (grant,) = take_cameras("me", 1)
    notes = HealthNotes(
        state="stalled", last_frame_at=timezone.now() - timedelta(seconds=40), notes=("no_notice_sign",)
    )
    notes.note_fault("stalled", timezone.now())
    save_health(grant, "me", notes)
    operator = client_of(Role.OPERATOR).get("/api/v1/cameras?lang=en").json()["features"][0]["properties"]
    assert operator["state"] == "stalled" and "stopped sending frames" in operator["words"]
    assert 39 < operator["frame_age_s"] < 60
    assert "secret" not in str(operator) and "10.0.0.7" in operator["stream"]
    assert "notice sign" in operator["note_words"][0]
    planner = client_of(Role.PLANNER).get(f"/api/v1/cameras/{camera.pk}").json()["properties"]
    assert "stream" not in planner and "Camera ngừng gửi hình" in planner["words"]
    assert client_of(Role.INSPECTOR).get("/api/v1/cameras").status_code == 403


def test_a_dead_runner_is_not_taken_for_a_live_one(camera: Camera, client_of: Any) -> None:
    client = client_of(Role.OPERATOR)
    assert client.get("/api/v1/cameras").json()["features"][0]["properties"]["state"] == "never_run"
    (grant,) = take_cameras("me", 1)
    save_health(grant, "me", HealthNotes(state="live"))
    assert client.get("/api/v1/cameras").json()["features"][0]["properties"]["state"] == "live"
    CameraHealth.objects.update(told_at=timezone.now() - timedelta(minutes=2))
    assert client.get("/api/v1/cameras").json()["features"][0]["properties"]["state"] == "no_runner"


def test_a_calibration_is_tried_without_a_trace_and_then_saved(camera: Camera, client_of: Any) -> None:
    client, before = client_of(Role.OPERATOR), CameraCalibration.objects.count()
    body = {"pairs": PAIRS, "image_size_px": list(FRAME_PX), "source": "a test"}
    tried = client.post(f"/api/v1/cameras/{camera.pk}/calibration", body, format="json")
    assert tried.status_code == 200 and CameraCalibration.objects.count() == before
    answer = tried.json()
    assert answer["residual_m"] < 0.05 and len(answer["pairs"]) == 12
    assert [f["properties"]["error_m"] for f in answer["regions"]["features"]] == [0.5, 1.0, 2.0]
    assert answer["warning_words"] == [] and answer["sidewalks"][0]["rings_px"]
    u, v = answer["pairs"][0]["fit_px"]
    assert abs(u - PAIRS[0][0]) < 2 and abs(v - PAIRS[0][1]) < 2
    saved = client.post(f"/api/v1/cameras/{camera.pk}/calibration", body | {"save": True}, format="json")
    assert saved.status_code == 201 and saved.json()["saved"]
    row = CameraCalibration.objects.get(pk=saved.json()["calibration_id"])
    assert row.view_footprint is not None and row.calibration["image_size_px"] == list(FRAME_PX)


def test_pairs_on_the_map_give_the_same_camera(camera: Camera, client_of: Any) -> None:
    placed = [[*to_frame(e, n), *lonlat(e, n)] for e, n in PLACES]
    body = {"pairs_lonlat": placed, "image_size_px": list(FRAME_PX)}
    answer = client_of(Role.OPERATOR).post(f"/api/v1/cameras/{camera.pk}/calibration", body, format="json").json()
    assert answer["residual_m"] < 0.05
    assert answer["camera_height_m"] == pytest.approx(CAMERA_M[2], abs=0.6)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"pairs": PAIRS[:3]}, "at least 4"),
        ({"pairs": [[n, 2 * n, n, n] for n in range(6)]}, "line"),
        ({"pairs": [*PAIRS[:6], PAIRS[0]]}, "same"),
        ({"pairs": [[u, v, n, e] for u, v, e, n in PAIRS]}, "mirrored"),
        ({"pairs": "many"}, "no point pairs"),
        ({"pairs": [[1, 2, 3]]}, "four numbers"),
        ({"pairs": PAIRS, "image_size_px": [0, 0]}, "size"),
        ({}, "no point pairs"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(camera: Camera, client_of: Any, body: Any, word: str) -> None:
    answer = client_of(Role.OPERATOR).post(f"/api/v1/cameras/{camera.pk}/calibration?lang=en", body, format="json")
    assert answer.status_code in (400, 422)
    assert word in answer.json()["errors"][0]["message"]


def test_the_view_shows_sidewalks_in_the_frame(camera: Camera, client_of: Any) -> None:
    features = client_of(Role.PLANNER).get(f"/api/v1/cameras/{camera.pk}/view").json()["features"]
    kinds = [feature["properties"]["kind"] for feature in features]
    assert kinds.count("view_footprint") == 1 and kinds.count("error_band") == 3
    (walk,) = [f["properties"] for f in features if f["properties"]["kind"] == "sidewalk"]
    vs = [v for ring in walk["rings_px"] for _, v in ring]
    near, far = to_frame(205.0, 110.0)[1], to_frame(205.0, 114.0)[1]
    assert min(vs) == pytest.approx(far, abs=3) and max(vs) == pytest.approx(near, abs=3)


def test_a_still_is_made_when_asked_for_and_only_for_operators(camera: Camera, client_of: Any) -> None:
    client = client_of(Role.OPERATOR)
    (grant,) = take_cameras("me", 1)
    save_health(grant, "me", HealthNotes(state="live"))
    answer = client.get(f"/api/v1/cameras/{camera.pk}/still")
    assert answer.status_code == 202 and answer["Retry-After"] == "2"
    assert save_health(grant, "me", HealthNotes(state="live")) is True
    CameraHealth.objects.update(still=b"\xff\xd8jpeg", still_at=timezone.now())
    answer = client.get(f"/api/v1/cameras/{camera.pk}/still")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert client_of(Role.PLANNER).get(f"/api/v1/cameras/{camera.pk}/still").status_code == 403


def test_calibrate_from_a_file(camera: Camera, tmp_path: Path, capsys: Any) -> None:
    import json

    from django.core.management import CommandError, call_command

    path, drawn = tmp_path / "pairs.json", tmp_path / "bands.geojson"
    path.write_text(json.dumps({"pairs": PAIRS, "image_size_px": FRAME_PX}))
    call_command("calibrate", CAMERA_NAME, str(path), geojson=drawn)
    told = json.loads(capsys.readouterr().out)
    assert told["saved"] and told["residual_m"] < 0.05
    assert len(json.loads(drawn.read_text())["features"]) == 3
    path.write_text(json.dumps(PAIRS[:5]))
    call_command("calibrate", CAMERA_NAME, str(path), dry_run=True)
    assert "fewer_than_6_pairs" in json.loads(capsys.readouterr().out)["warnings"]
    path.write_text(json.dumps(PAIRS[:3]))
    with pytest.raises(CommandError, match="at least 4"):
        call_command("calibrate", CAMERA_NAME, str(path))
    with pytest.raises(CommandError, match="no such camera"):
        call_command("calibrate", "nowhere", str(path))


def test_the_calibration_on_record_is_told_with_its_pairs_in_degrees(camera: Camera, client_of: Any) -> None:
    client, address = client_of(Role.OPERATOR), f"/api/v1/cameras/{camera.pk}/calibration"
    body = {"pairs": PAIRS, "image_size_px": list(FRAME_PX), "source": "a test", "save": True}
    assert client.post(address, body, format="json").status_code == 201
    current = client.get(address).json()["current"]
    assert current["image_size_px"] == list(FRAME_PX) and len(current["earlier"]) == 1
    again = client.post(
        address, {"pairs_lonlat": current["pairs_lonlat"], "image_size_px": list(FRAME_PX)}, format="json"
    )
    assert again.json()["residual_m"] == pytest.approx(0, abs=0.05)
    assert client_of(Role.PLANNER).get(address).status_code == 403


def test_warnings_and_refusals_come_in_the_readers_language(camera: Camera, client_of: Any) -> None:
    client, address = client_of(Role.OPERATOR), f"/api/v1/cameras/{camera.pk}/calibration"
    few = client.post(f"{address}?lang=vi", {"pairs": PAIRS[:5], "image_size_px": list(FRAME_PX)}, format="json")
    assert any("Ít hơn 6" in words for words in few.json()["warning_words"])
    refused = client.post(f"{address}?lang=vi", {"pairs": PAIRS[:3]}, format="json")
    assert refused.status_code in (400, 422)
    assert "ít nhất 4 cặp điểm" in refused.json()["errors"][0]["message"]
    swapped = [list(pair) for pair in PAIRS]
    swapped[0][2:], swapped[7][2:] = swapped[7][2:], swapped[0][2:]
    told = client.post(address + "?lang=en", {"pairs": swapped, "image_size_px": list(FRAME_PX)}, format="json").json()
    assert any("1 and 8 look swapped" in words for words in told["warning_words"])

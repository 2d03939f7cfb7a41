"""The two steps of a report, by plain forms: what is kept, what is asked, what is refused and how."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from intake.models import Observation, ReporterContact, ServiceRequest
from pipeline.models import Progress
from tests.builders import AT, ON_PARCEL_B, a_picture_at
from tests.data.exif_block import an_exif_block, text
from tests.data.photos import a_photo
from tests.data.tracks import a_track
from tests.small_city import lonlat

pytestmark = pytest.mark.django_db


def a_file(data: bytes, name: str = "IMG_1.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")


def chosen(client: Client, *data: bytes, **typed: str) -> Any:
    files = [a_file(one, f"IMG_{number}.jpg") for number, one in enumerate(data)]
    return client.post("/report/", {"media": files, **typed})


def to_step_2(client: Client, data: bytes) -> str:
    answer = chosen(client, data)
    assert answer.status_code == 303
    return str(answer["Location"])


def hidden(html: str) -> dict[str, str]:
    """The fields of step 2 as a browser would hand them in."""
    found = re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', html)
    return {name: value for name, value in found if name not in ("category", "csrfmiddlewaretoken")}


def test_a_photo_with_a_place_is_sent_in_two_steps(small_city: Any, client: Client, drafts_folder: Path) -> None:
    path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
    page = client.get(path)
    html = page.content.decode()
    assert page.status_code == 200
    assert "Đọc từ ảnh" in html
    assert "<svg" in html and "touch358" in html
    sent = client.post(path, hidden(html) | {"category": "construction", "contact": "0901 234 567", "do": "send"})
    assert sent.status_code == 303
    request = ServiceRequest.objects.get()
    assert sent["Location"].startswith(f"/follow/{request.code}/?s=")
    observation = Observation.objects.get()
    assert (request.category, observation.pin_point) == ("construction", None)
    assert Progress.objects.filter(observation=observation).exists()
    assert b"0901" not in bytes(ReporterContact.objects.get().ciphertext)
    assert list(drafts_folder.iterdir()) == []
    followed = client.get(sent["Location"])
    assert followed.status_code == 200
    assert request.code in followed.content.decode()


def test_a_touch_on_the_map_is_kept_beside_the_files_own_place(small_city: Any, client: Client) -> None:
    path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
    fields = hidden(client.get(path).content.decode())
    moved = client.post(path, fields | {"touch358.x": "300", "touch358.y": "40"})
    html = moved.content.decode()
    assert moved.status_code == 200
    assert "Bạn đặt" in html and "Về vị trí trong ảnh" in html
    assert Observation.objects.count() == 0
    client.post(path, hidden(html) | {"category": "construction", "do": "send"})
    observation = Observation.objects.get()
    lon, lat = lonlat(*ON_PARCEL_B)
    assert observation.pin_point.x > lon and observation.pin_point.y > lat
    assert observation.pin_accuracy_m >= 3


def test_without_a_place_nothing_is_guessed_and_sending_asks_for_it(small_city: Any, client: Client) -> None:
    path = to_step_2(client, a_photo())
    html = client.get(path).content.decode()
    assert "Chạm vào nơi xảy ra" in html
    assert hidden(html)["lon"] == ""
    refused = client.post(path, hidden(html) | {"description": "chắn hết lối đi", "do": "send"})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "Chưa ai biết nơi này ở đâu." in said and "chắn hết lối đi" in said
    assert ServiceRequest.objects.count() == 0
    lon, lat = lonlat(*ON_PARCEL_B)
    sent = client.post(path, hidden(said) | {"lon": f"{lon:.7f}".replace(".", ","), "lat": f"{lat:.7f}", "do": "send"})
    assert sent.status_code == 303
    assert Observation.objects.get().pin_accuracy_m == 5.0


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        pytest.param(b"not a photo", 422, "Đây không phải ảnh", id="not an image"),
        pytest.param(b"", 422, "trống", id="empty file"),
        pytest.param(a_photo()[:900], 422, "Không mở được ảnh", id="truncated"),
        pytest.param(b"%PDF-1.7 ...", 422, "Đây không phải ảnh", id="a document"),
    ],
)
def test_a_bad_file_comes_back_with_the_reason(
    small_city: Any, client: Client, data: bytes, status: int, said: str
) -> None:
    answer = chosen(client, data)
    assert answer.status_code == status
    assert said in answer.content.decode()


def test_an_empty_form_asks_for_a_photo(small_city: Any, client: Client) -> None:
    answer = client.post("/report/", {})
    assert answer.status_code == 422
    assert "Cần một ảnh hoặc video." in answer.content.decode()


def test_too_large_a_file_is_413(small_city: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from intake.media import MediaLimits

    monkeypatch.setattr("web.upload_check.read_limits", lambda: MediaLimits(photo_bytes=1000))
    answer = chosen(client, a_photo())
    assert answer.status_code == 413
    assert "Tệp quá lớn." in answer.content.decode()


def test_a_file_of_zero_zero_says_so(small_city: Any, client: Client) -> None:
    from tests.data.exif_block import an_exif_block, gps_tags

    path = to_step_2(client, a_photo(exif=an_exif_block(gps=gps_tags(0.0, 0.0))))
    assert "0, 0" in client.get(path).content.decode()


def test_a_place_outside_every_city_is_refused_beside_the_map(small_city: Any, client: Client) -> None:
    path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
    fields = hidden(client.get(path).content.decode())
    answer = client.post(path, fields | {"lon": "13.19", "lat": "55.69", "do": "send"})
    assert answer.status_code == 422
    assert 'class="where bad"' in answer.content.decode()
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize("name", ["x", "0" * 32 + ".a.b", "..%2f..%2fetc"])
def test_a_forged_draft_is_not_found(small_city: Any, client: Client, name: str) -> None:
    assert client.get(f"/report/{name}/").status_code == 404
    assert client.get(f"/report/{name}/picture/0/").status_code == 404


def test_a_draft_shows_its_own_picture_and_no_other(small_city: Any, client: Client) -> None:
    path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
    picture = client.get(f"{path}picture/0/")
    assert picture.status_code == 200
    assert picture["Content-Type"] == "image/jpeg"
    assert b"Exif" not in picture.content[:200]
    assert client.get(f"{path}picture/7/").status_code == 404


def test_sending_twice_makes_one_report(small_city: Any, client: Client) -> None:
    path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
    fields = hidden(client.get(path).content.decode()) | {"do": "send"}
    assert client.post(path, fields).status_code == 303
    assert client.post(path, fields).status_code == 404
    assert ServiceRequest.objects.count() == 1


def test_the_page_as_a_fragment_is_what_the_module_asks_for(small_city: Any, client: Client) -> None:
    picture = a_file(a_picture_at(*ON_PARCEL_B))
    answer = client.post("/report/", {"media": picture}, headers={"X-Fragment": "place"})
    assert answer.status_code == 200
    assert answer["X-Confirm"].startswith("/report/")
    assert "<html" not in answer.content.decode()
    sent = client.post(
        answer["X-Confirm"], hidden(answer.content.decode()) | {"do": "send"}, headers={"X-Fragment": "place"}
    )
    assert sent.status_code == 201
    assert sent["Location"].startswith("/follow/")


def test_too_many_reports_of_one_connection_wait(
    small_city: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.throttle.read_limit", lambda: 1)
    statuses = []
    for _ in range(2):
        path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
        sent = client.post(path, hidden(client.get(path).content.decode()) | {"do": "send"}, REMOTE_ADDR="192.0.2.7")
        statuses.append(sent.status_code)
    assert statuses == [303, 429]
    assert ServiceRequest.objects.count() == 1


def test_following_what_is_here_already_joins_it(small_city: Any, client: Client, see: Any) -> None:
    from cases.models import CaseRequest
    from tests.builders import a_report, building_work, run_to_rest

    see(building_work())
    for observation_id in a_report():
        run_to_rest(observation_id)
    case = CaseRequest.objects.get().case
    type(case).objects.filter(pk=case.pk).update(opened_at=timezone.now())
    path = to_step_2(client, a_picture_at(*ON_PARCEL_B))
    html = client.get(path).content.decode()
    assert "Đã có 1 phản ánh ở đây" in html
    sent = client.post(path, hidden(html) | {"joins": case.code})
    assert sent.status_code == 303
    for observation in Observation.objects.exclude(service_request=CaseRequest.objects.get().service_request):
        run_to_rest(observation.pk)
    assert case.case_requests.count() == 2


def an_unplaced_photo() -> bytes:
    """A camera's photo: it tells the moment in the city's time, and no place."""
    return a_photo(exif=an_exif_block(exif=[text(0x9003, f"{AT:%Y:%m:%d %H:%M:%S}")]))


def a_gpx(**options: Any) -> SimpleUploadedFile:
    data = a_track(options.pop("began", AT), *lonlat(*ON_PARCEL_B), **options)
    return SimpleUploadedFile("walk.gpx", data, "application/gpx+xml")


def test_a_recorded_track_places_the_photo(small_city: Any, client: Client, drafts_folder: Path) -> None:
    path = to_step_2(client, an_unplaced_photo())
    html = client.post(path, {"do": "track", "track": a_gpx()}).content.decode()
    assert "Đọc từ vết của bạn" in html
    sent = client.post(path, hidden(html) | {"category": "construction", "do": "send"})
    assert sent.status_code == 303
    tag = Observation.objects.get().geotag
    assert (tag.method, tag.captured_at, tag.track) == ("gpx_track", AT, [])
    assert (tag.point.x, tag.point.y) == pytest.approx(lonlat(*ON_PARCEL_B), abs=1e-6)
    assert Observation.objects.get().pin_point is None
    assert list(drafts_folder.iterdir()) == []


@pytest.mark.parametrize(
    ("track", "said"),
    [
        pytest.param(lambda: SimpleUploadedFile("a.gpx", a_photo()), "Đây không phải vết GPX.", id="a photo"),
        pytest.param(lambda: a_gpx(times=False), "không ghi thời điểm", id="a route"),
        pytest.param(lambda: a_gpx(began=AT - timedelta(days=1)), "đến 2026-11-19 03:01:00 UTC", id="of another day"),
        pytest.param(None, "Chưa chọn tệp vết.", id="none"),
    ],
)
@pytest.mark.parametrize("button", ["track", "send"])
def test_a_wrong_track_is_told_beside_its_field_and_nothing_is_lost(
    small_city: Any, client: Client, track: Callable[[], SimpleUploadedFile] | None, said: str, button: str
) -> None:
    if track is None and button == "send":
        said = "Chưa ai biết nơi này ở đâu."
    path = to_step_2(client, an_unplaced_photo())
    typed = {"description": "chắn hết lối đi", "category": "parking", "do": button}
    answer = client.post(path, typed | ({"track": track()} if track else {}))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html and "chắn hết lối đi" in html
    assert re.search(r'value="parking" checked', html)
    assert client.get(f"{path}picture/0/").status_code == 200
    right = client.post(path, typed | {"do": "send", "track": a_gpx()})
    assert right.status_code == 303
    assert Observation.objects.get().geotag.method == "gpx_track"

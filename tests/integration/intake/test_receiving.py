"""A citizen's request from form to rows: whole or not at all, once per key, each file once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile, TemporaryUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from errors import Conflict, InputError, MediaTooLarge, NotFound, PlaceError, UnreadableMedia
from geo.models import City
from geo.position import Position, PositionMethod
from intake import actions
from intake.actions import receiving
from intake.kinds import Category, MediaKind, RequestStatus
from intake.models import MediaFile, Observation, ReporterContact, ServiceRequest, ServiceRequestEvent
from intake.notices import Notice
from intake.queries import get_observation, get_request, list_nearby_requests, read_media
from intake.secrets import is_secret_of, normalise_code
from intake.vault import open_contact
from tests.data import clips, photos

pytestmark = pytest.mark.usefixtures("city")
NOW = datetime(2026, 7, 31, 18, 30, tzinfo=UTC)  # already August where the city is
PIN = Position(106.7009, 10.7869, 5.0, PositionMethod.SENDER_PIN)
ROWS = (ServiceRequest, ServiceRequestEvent, MediaFile, Observation, ReporterContact)


def upload(data: bytes, name: str = "a.jpg") -> InMemoryUploadedFile:
    return SimpleUploadedFile(name, data)


def count_rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in ROWS}


def test_a_photo_becomes_a_request_with_a_code_and_a_secret(city: City, media_folder: Path) -> None:
    data = photos.a_geotagged_photo(106.7009, 10.7869)
    received = actions.receive_request(
        [upload(data)], category="parking", description="  chắn lối đi ", contact="0903 000 000", now=NOW, language="vi"
    )
    assert normalise_code(received.code) == received.code
    assert received.code.startswith(f"{settings.ENV.publication.request_prefix}-2608-")
    assert is_secret_of(received.code, received.secret, settings.ENV.security.secret_key)
    assert received.notices == ()
    request = ServiceRequest.objects.get(code=received.code)
    assert (request.city, request.category, request.description) == (city, "parking", "chắn lối đi")
    assert request.status == RequestStatus.SUBMITTED.value
    assert request.events.get().to_status == RequestStatus.SUBMITTED.value
    (observation_id,) = received.observation_ids
    facts = get_observation(observation_id)
    assert (facts.kind, facts.width_px, facts.height_px) == (MediaKind.PHOTO, 160, 120)
    digest = sha256(data).hexdigest()
    assert (media_folder / "originals" / digest[:2] / digest).read_bytes() == data == read_media(facts.media_id)
    sealed = ReporterContact.objects.get(service_request=request).ciphertext
    assert open_contact(sealed, settings.ENV.security.vault_key) == "0903 000 000"


def test_a_clip_in_a_temporary_file_is_received() -> None:
    file = TemporaryUploadedFile("a.mp4", "video/mp4", 0, None)
    file.write(clips.a_clip(metadata={"location": "+10.7869+106.7009/"}))
    file.size = file.tell()
    file.flush()
    received = actions.receive_request([file], now=NOW)
    facts = get_observation(received.observation_ids[0])
    assert facts.kind is MediaKind.VIDEO
    assert facts.duration_s == pytest.approx(2, abs=0.2)
    assert received.notices == ()


def test_several_files_keep_their_order_and_one_chosen_twice_is_kept_once() -> None:
    first, second = photos.a_geotagged_photo(seed=4), photos.a_geotagged_photo(seed=5)
    received = actions.receive_request([upload(first), upload(second), upload(first)], pin=PIN, now=NOW)
    assert received.notices[0] is Notice.SAME_FILE_TWICE
    kept = [read_media(get_observation(pk).media_id) for pk in received.observation_ids]
    assert kept == [first, second]


def test_bytes_received_before_are_one_file_and_two_voices() -> None:
    data = photos.a_geotagged_photo()
    first = actions.receive_request([upload(data)], pin=PIN, now=NOW)
    second = actions.receive_request([upload(data)], pin=PIN, now=NOW)
    assert Notice.RECEIVED_BEFORE not in first.notices
    assert Notice.RECEIVED_BEFORE in second.notices
    assert MediaFile.objects.count() == 1
    assert not get_observation(first.observation_ids[0]).is_duplicate_media
    assert get_observation(second.observation_ids[0]).is_duplicate_media


def test_the_same_key_gives_the_same_answer() -> None:
    files = [photos.a_geotagged_photo(seed=6), photos.a_geotagged_photo(seed=7)]
    first = actions.receive_request([upload(f) for f in files], pin=PIN, idempotency_key="k-1", now=NOW)
    before = count_rows()
    assert actions.receive_request([upload(f) for f in files], pin=PIN, idempotency_key="k-1", now=NOW) == first
    assert count_rows() == before


def test_the_same_key_with_other_files_gives_nothing_away() -> None:
    actions.receive_request([upload(photos.a_geotagged_photo(seed=8))], idempotency_key="k-2", now=NOW)
    with pytest.raises(Conflict) as caught:
        actions.receive_request([upload(photos.a_geotagged_photo(seed=9))], idempotency_key="k-2", now=NOW)
    assert caught.value.field == "idempotency_key"


def test_a_key_taken_a_moment_ago_by_another_process_gives_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    data = photos.a_geotagged_photo(seed=10)
    first = actions.receive_request([upload(data)], idempotency_key="k-3", now=NOW)
    find, calls = receiving._find_earlier, []

    def blind_once(form: object) -> object:
        calls.append(form)
        return None if len(calls) == 1 else find(form)

    monkeypatch.setattr(receiving, "_find_earlier", blind_once)
    again = actions.receive_request([upload(data)], idempotency_key="k-3", now=NOW)
    assert (again.code, again.observation_ids) == (first.code, first.observation_ids)
    assert ServiceRequest.objects.count() == 1


BAD: dict[str, tuple[Callable[[], dict[str, object]], type[InputError], str]] = {
    "no file": (lambda: {"files": []}, InputError, "media"),
    "too many files": (lambda: {"files": [upload(photos.a_photo())] * 50}, InputError, "media"),
    "empty file": (lambda: {"files": [upload(b"")]}, UnreadableMedia, "media"),
    "not an image": (lambda: {"files": [upload(b"hello", "photo.jpg")]}, UnreadableMedia, "media"),
    "truncated": (lambda: {"files": [upload(photos.a_truncated_jpeg())]}, UnreadableMedia, "media"),
    "bomb": (lambda: {"files": [upload(photos.a_png_bomb())]}, MediaTooLarge, "media"),
    "clip without frames": (lambda: {"files": [upload(clips.a_silent_sound(), "a.mp4")]}, UnreadableMedia, "media"),
    "second file bad": (
        lambda: {"files": [upload(photos.a_photo()), upload(b"\xff\xd8\xff")]}, UnreadableMedia, "media"
    ),
    "unknown kind": (lambda: {"category": "noise"}, InputError, "category"),
    "long text": (lambda: {"description": "x" * 5000}, InputError, "description"),
    "long contact": (lambda: {"contact": "x" * 500}, InputError, "contact"),
    "long key": (lambda: {"idempotency_key": "x" * 100}, InputError, "idempotency_key"),
    "fix outside": (lambda: {"files": [upload(photos.a_geotagged_photo(2.35, 48.85))]}, PlaceError, "place"),
    "fix 0,0": (lambda: {"files": [upload(photos.a_geotagged_photo(0.0, 0.0))]}, InputError, "place"),
    "no place at all": (lambda: {"files": [upload(photos.a_photo("HEIF"))]}, InputError, "place"),
    "pin outside": (lambda: {"pin": Position(2.35, 48.85, 5, PositionMethod.SENDER_PIN)}, PlaceError, "lon"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "error", "field"), BAD.values(), ids=BAD)
def test_a_bad_form_writes_nothing(
    make: Callable[[], dict[str, object]], error: type[InputError], field: str, media_folder: Path
) -> None:
    form = {"files": [upload(photos.a_geotagged_photo())], "now": NOW} | make()
    files = form.pop("files")
    with pytest.raises(error) as caught:
        actions.receive_request(files, **form)
    assert caught.value.field == field
    assert caught.value.cure
    assert set(count_rows().values()) == {0}
    assert not [path for path in media_folder.rglob("*") if path.is_file()]


def test_a_failure_while_writing_leaves_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Observation.objects, "create", fail)
    with pytest.raises(DatabaseError):
        actions.receive_request([upload(photos.a_geotagged_photo())], contact="x", now=NOW)
    assert set(count_rows().values()) == {0}


def test_text_that_no_database_keeps_is_cleaned() -> None:
    received = actions.receive_request([upload(photos.a_geotagged_photo())], description="a\x00b\ud800", now=NOW)
    assert ServiceRequest.objects.get(code=received.code).description == "ab"


def test_evidence_is_append_only() -> None:
    received = actions.receive_request([upload(photos.a_geotagged_photo())], now=NOW)
    for change in (
        lambda: Observation.objects.filter(pk=received.observation_ids[0]).update(category="other"),
        lambda: MediaFile.objects.all().delete(),
        lambda: ServiceRequestEvent.objects.all().update(reason="x"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_sender_reads_only_the_own_request() -> None:
    received = actions.receive_request([upload(photos.a_geotagged_photo())], category=Category.EVENT, now=NOW)
    facts = get_request(f" {received.code.lower()}", received.secret)
    assert (facts.code, facts.category, facts.observation_ids) == (
        received.code,
        Category.EVENT,
        received.observation_ids,
    )
    said = set()
    for code, secret in ((received.code, "x"), ("PA-2608-00000X", received.secret), ("", ""), ("ạ" * 300, "\ud800")):
        with pytest.raises(NotFound) as caught:
            get_request(code, secret)
        said.add((caught.value.message, caught.value.cure))
    assert len(said) == 1


def test_open_requests_nearby_come_nearest_first() -> None:
    near = Position(106.70092, 10.7869, 5, PositionMethod.SENDER_PIN)
    far = Position(106.7109, 10.7869, 5, PositionMethod.SENDER_PIN)
    codes = [
        actions.receive_request(
            [upload(photos.a_photo(pixels=photos.a_scene(seed=n)))], pin=pin, now=NOW, category=kind
        ).code
        for n, (pin, kind) in enumerate([(near, "parking"), (PIN, "parking"), (far, "parking"), (PIN, "event")])
    ]
    ServiceRequest.objects.filter(code=codes[3]).update(status=RequestStatus.REFUSED.value)
    found = list_nearby_requests(PIN, since=NOW)
    assert [request.code for request in found] == [codes[1], codes[0]]
    assert found[0].distance_m == pytest.approx(0, abs=0.01)
    assert found[1].distance_m == pytest.approx(2.2, abs=0.1)
    assert list_nearby_requests(PIN, since=NOW, category=Category.EVENT) == []


def test_receiving_asks_the_database_a_bounded_number_of_times() -> None:
    files = [photos.a_geotagged_photo(seed=seed) for seed in (11, 12)]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actions.receive_request([upload(f) for f in files], pin=PIN, contact="x", idempotency_key="q", now=NOW)
    assert len(queries) <= 28

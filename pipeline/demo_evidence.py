"""The sample evidence of a city pack's demo.toml, filed once through the same doors as anybody's, for ``make demo``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from errors import ConfigurationError, ProjectError
from geo.models import City
from geo.pack import Pack, read_pack
from intake.actions import UploadedMedia, receive_frame, receive_request
from intake.kinds import Category
from intake.models import Camera
from pipeline import advance

KEY = "demo-evidence"
CLIP_BEGAN_BEFORE = timedelta(minutes=20)  # clips end before now: nobody has seen the future


def file_evidence(folder: Path) -> Iterator[dict[str, Any]]:
    """File every sample of every loaded pack and start its pipeline; one line each. A second run finds them filed."""
    for city in City.objects.order_by("-is_default", "slug"):
        pack = read_pack(Path(city.pack_path))
        for number, sample in enumerate(pack.read_table("demo.toml").get("sample", [])):
            yield {"file": sample["file"], **_file_one(pack, folder, f"{KEY}-{pack.slug}-{number}", sample)}


def _file_one(pack: Pack, folder: Path, key: str, sample: Mapping[str, Any]) -> dict[str, Any]:
    path = (pack.path if sample.get("pack") else folder) / sample["file"]
    if not path.is_file():
        raise ConfigurationError(
            "A sample is missing.", field="file", value=path, cure="Make it: python -m demo.make_evidence."
        )
    try:
        ids = _receive(path, key, sample)
    except ProjectError as refused:
        return {"refused": refused.code, "field": refused.field, "cure": refused.cure}
    for observation_id in ids:
        advance.start(observation_id)
    return {"observations": [str(observation_id) for observation_id in ids]}


def _receive(path: Path, key: str, sample: Mapping[str, Any]) -> tuple[UUID, ...]:
    category = Category(sample.get("category", Category.UNSTATED.value))
    if sample.get("by") == "camera":
        camera = Camera.objects.get(name=sample["camera"])
        return (receive_frame(camera, path.read_bytes(), captured_at=_moment(camera), category=category),)
    received = receive_request(
        [UploadedMedia(path.name, path)],
        category=category,
        description=sample.get("description", ""),
        pin=None,
        contact="",
        channel="demo",
        language="vi",
        idempotency_key=key,
        now=timezone.now(),
    )
    return tuple(received.observation_ids)


def _moment(camera: Camera) -> datetime:
    """When a camera's sample began: today, unless it was filed before, since the same clip of one moment is one."""
    earlier = camera.observations.order_by("received_at").first()
    return earlier.captured_at if earlier and earlier.captured_at else timezone.now() - CLIP_BEGAN_BEFORE

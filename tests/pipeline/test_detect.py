"""Stage 3: raw claims on record and a redacted copy, both or neither."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from errors import ConfigurationError, TemporaryError, UnreadableMedia
from pipeline.stages import Outcome

See = Callable[[Any], None]


def test_a_photo_gets_its_claims_and_its_redacted_copy(small_city: Any, see: See) -> None:
    from detection.models import DetectionRun
    from intake.exif import read_exif
    from intake.models import MediaFile
    from intake.queries import read_media
    from pipeline.detect import run
    from tests import builders as b

    see(b.building_work())
    data = b.a_picture_at(*b.ON_PARCEL_B)
    [observation] = b.a_report(data)
    outcome = run(observation)
    assert (outcome.outcome, outcome.detail["detections"], outcome.detail["frames"]) == (Outcome.DONE, 2, 1)
    stored = DetectionRun.objects.get()
    assert [claim["label"] for claim in stored.detections] == ["hardhat", "site machinery"]
    assert (stored.weights, stored.runtime) == ([{"name": "fake", "sha256": "0" * 64}], "fake")
    assert (stored.width_px, stored.height_px) == (320, 240)
    copy = MediaFile.objects.get(derivation="redacted")
    assert copy.derivation_detail["parent_sha256"] == copy.parent.sha256
    assert read_exif(data, "image/jpeg").is_present
    assert not read_exif(read_media(copy.pk), "image/jpeg").is_present


def test_a_clip_gets_tracks_and_one_redacted_still(small_city: Any, see: See) -> None:
    from detection.models import DetectionRun
    from intake.models import MediaFile
    from pipeline.detect import run
    from tests import builders as b

    see(b.standing(("motorcycle", 195.0, 111.5)))
    observation = b.a_camera_clip(b.a_clip(frames=5))
    outcome = run(observation)
    stored = DetectionRun.objects.get()
    assert (outcome.detail["tracks"], outcome.detail["frames"]) == (1, 5)
    assert stored.frame_times_s == [0.0, 30.0, 60.0, 90.0, 120.0]
    assert stored.tracks[0]["last_s"] == 120.0
    still = MediaFile.objects.get(derivation="still")
    assert (still.content_type, still.derivation_detail["frame_s"]) == ("image/jpeg", 0.0)
    assert not MediaFile.objects.filter(derivation="redacted").exists()


def test_twice_gives_the_same_rows(small_city: Any, see: See) -> None:
    from detection.fake_detector import FakeDetector
    from pipeline.detect import run
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report()
    first = run(observation)
    before = b.read_rows()
    see(FakeDetector([b.a_detection("car")]))  # the first answer stays, whatever is seen later
    assert run(observation).detail["run"] == first.detail["run"]
    assert b.read_rows() == before


def test_nothing_is_kept_where_redaction_fails(small_city: Any, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    from detection.models import DetectionRun
    from intake.models import MediaFile
    from pipeline import detect
    from tests import builders as b

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the network for faces broke")

    see(b.building_work())
    [observation] = b.a_report()
    monkeypatch.setattr(detect, "redact", fail)
    with pytest.raises(RuntimeError):
        detect.run(observation)
    assert DetectionRun.objects.count() == 0
    assert not MediaFile.objects.exclude(parent=None).exists()


def test_a_copy_left_by_a_worker_that_died_is_used(small_city: Any, see: See, monkeypatch: pytest.MonkeyPatch) -> None:
    from detection.models import DetectionRun
    from intake.models import MediaFile
    from pipeline import detect
    from tests import builders as b

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    see(b.building_work())
    [observation] = b.a_report()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(detect, "record_run", die)
        detect.run(observation)
    copy = MediaFile.objects.get(derivation="redacted").pk
    detect.run(observation)
    assert (MediaFile.objects.get(derivation="redacted").pk, DetectionRun.objects.count()) == (copy, 1)


@pytest.mark.parametrize("fault", ["missing", "altered"])
def test_without_its_weights_an_operator_is_asked(
    small_city: Any, see: See, fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    from detection import default_detector, weights_record
    from detection.models import DetectionRun
    from intake.models import MediaFile
    from pipeline.detect import run
    from tests import builders as b

    see(None)
    if fault == "missing":
        monkeypatch.setattr(
            default_detector, "open_detector", lambda names, *_, **__: weights_record.read_record(names[0], tmp_path)
        )
    else:
        monkeypatch.setattr(weights_record, "sha256_of", lambda _: "f" * 64)
    [observation] = b.a_report()
    with pytest.raises(ConfigurationError) as caught:
        run(observation)
    assert caught.value.cure
    progress = b.run_to_rest(observation)
    assert (progress.stage, progress.state) == ("detect", "needs_person")
    assert progress.reason.startswith(caught.value.message[:60])
    assert DetectionRun.objects.count() == 0
    assert not MediaFile.objects.exclude(parent=None).exists()


def test_bytes_that_cannot_be_opened_any_more(small_city: Any, see: See, media_folder: Any) -> None:
    from pipeline.detect import run
    from tests import builders as b

    see(b.building_work())
    [observation] = b.a_report()
    for path in (media_folder / "originals").glob("*/*"):
        path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(UnreadableMedia):
        run(observation)


def test_want_of_memory_is_tried_again_and_told(small_city: Any, see: See) -> None:
    from detection.models import DetectorState
    from detection.network_faults import no_memory
    from pipeline.detect import run
    from tests import builders as b

    class Crowded(type(b.building_work())):
        """A detector whose machine has no memory left."""

        def detect(self, *_: object, **__: object) -> list[Any]:
            raise no_memory()

    see(Crowded())
    [observation] = b.a_report()
    with pytest.raises(TemporaryError):
        run(observation)
    state = DetectorState.objects.get()
    assert (state.ok, "out of memory" in state.says, "DETECTOR_WORKERS" in state.cure) == (False, True, True)
    see(b.building_work())
    run(observation)
    assert DetectorState.objects.get().ok


def test_a_calibrated_camera_is_looked_at_by_its_layout(small_city: Any, see: See, settings: Any) -> None:
    from dataclasses import replace

    from detection.fake_detector import FakeDetector
    from detection.models import DetectionRun
    from detection.queries import get_run
    from pipeline.detect import run
    from tests import builders as b

    class Noting(FakeDetector):
        """A detector that remembers how it was told to look."""

        layouts: set[Any] = set()

        def detect(self, *given: Any, **options: Any) -> list[Any]:
            self.layouts.add(options["layout"])
            return super().detect(*given, **options)

    settings.ENV = replace(settings.ENV, detection=replace(settings.ENV.detection, most_cost=12.0))
    double = Noting()
    see(double)
    observation = b.a_camera_clip(b.a_clip(frames=3))
    run(observation)
    assert double.layouts == {get_run(observation).layout}
    [citizen] = b.a_report()
    run(citizen)
    assert DetectionRun.objects.get(observation_id=citizen).layout == {}

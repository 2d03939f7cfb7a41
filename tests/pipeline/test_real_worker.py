"""A real worker, broker, database and detector: a report goes in, a flag comes out, also when workers are killed."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from ops.folders import ROOT
from tests.data.exif_block import an_exif_block, gps_tags
from tests.pipeline.workers import POLL_S, RealWorker, broker_url, database_url, wait_for
from tests.small_city import lonlat

pytestmark = pytest.mark.xdist_group("real-worker")
SOURCES = ROOT / "demo" / "sources"
HEIGHT_PX = 600
BEFORE_REVIEW = ["receive", "geotag", "detect", "locate", "check", "open_case", "assign"]


def a_site_photo(east_m: float, north_m: float) -> bytes:
    """Two real photographs of building work side by side, with the place of the little city in the file."""
    parts = [Image.open(SOURCES / name).convert("RGB") for name in ("site-loading.jpg", "site-trench.jpg")]
    parts = [part.resize((round(part.width * HEIGHT_PX / part.height), HEIGHT_PX)) for part in parts]
    whole = Image.new("RGB", (sum(part.width for part in parts), HEIGHT_PX))
    left = 0
    for part in parts:
        whole.paste(part, (left, 0))
        left += part.width
    out = io.BytesIO()
    exif = b"Exif\x00\x00" + an_exif_block(gps=gps_tags(*lonlat(east_m, north_m)))
    whole.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


@pytest.fixture
def worker(committed_city: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealWorker]:
    """A worker that is not started yet; whatever runs of it is ended, before the tables are emptied."""
    import redis
    from django.db import connection

    from config.celery import app
    from pipeline import tasks

    url = broker_url()
    redis.Redis.from_url(url).flushdb()
    broker = app.connection_for_write(url)
    monkeypatch.setattr(tasks.run_stage, "apply_async", partial(tasks.run_stage.apply_async, connection=broker))
    worker = RealWorker(database_url(str(connection.settings_dict["NAME"])), url, tmp_path)
    yield worker
    worker.kill()
    broker.release()


@pytest.fixture
def quick_sweep(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep of this process loses patience after two seconds."""
    from pipeline import sweeps

    settings.ENV = replace(settings.ENV, queue=replace(settings.ENV.queue, stale_after_s=2, max_attempts=9))
    monkeypatch.setattr(sweeps, "QUEUED_PATIENCE_S", 2)


def rests_at(observation: UUID, stage: str) -> bool:
    from pipeline.models import RESTING, Progress

    row = Progress.objects.get(pk=observation)
    return row.stage == stage and row.state in RESTING


def test_a_report_goes_in_and_a_flag_comes_out(worker: RealWorker) -> None:
    from cases.actions import InspectionOutcome, InspectionRecord, ReviewDecision
    from cases.models import Inspection
    from detection.models import DetectionRun
    from intake.models import MediaFile
    from pipeline import advance, decisions
    from pipeline.models import Progress, StageRun
    from rules.models import Flag
    from tests import builders as b

    staff = b.a_staff()
    worker.start()
    [observation] = b.a_report(a_site_photo(*b.ON_PARCEL_B))
    advance.start(observation)
    wait_for(lambda: rests_at(observation, "assign"), what=f"the review\n{Progress.objects.values()}\n{worker.log()}")

    flag = Flag.objects.get()
    assert (flag.rule_code, flag.verdict, flag.parcel_keys) == ("construction_permit", "flagged", ["000010010002"])
    seen = DetectionRun.objects.get()
    assert "fake" not in seen.runtime
    assert {one["name"] for one in seen.weights} >= {"building-site-int8"}
    assert {"site machinery"} <= {claim["label"] for claim in seen.detections}
    assert MediaFile.objects.filter(derivation="redacted").count() == 1
    assert list(StageRun.objects.values_list("stage", flat=True)) == BEFORE_REVIEW

    decisions.review_flag(flag.pk, ReviewDecision.ACCEPT, by=staff.reviewer)
    wait_for(lambda: rests_at(observation, "inspect"), what=f"the visit\n{worker.log()}")
    record = InspectionRecord(InspectionOutcome.NO_VIOLATION)
    decisions.record_inspection(Inspection.objects.get().pk, record, by=staff.inspector)
    wait_for(lambda: rests_at(observation, "publish"), what=f"publication\n{worker.log()}")
    assert Progress.objects.get().state == "finished"
    worker.stop()
    assert "Traceback" not in worker.log()


def test_a_killed_worker_loses_and_doubles_nothing(worker: RealWorker, quick_sweep: None) -> None:
    """Three reports; the worker is killed while it looks at a picture; another one finishes what both left."""
    from pipeline import advance, sweeps
    from pipeline.models import RESTING, Progress, StageRun
    from tests import builders as b

    places = ((110.0, 130.0), (130.0, 144.0), (150.0, 160.0))
    reports = [b.a_report(a_site_photo(*place))[0] for place in places]
    for observation in reports:
        advance.start(observation)

    def all_rest() -> bool:
        sweeps.ring_stuck()
        return Progress.objects.filter(state__in=RESTING).count() == len(reports)

    worker.start()
    busy = Progress.objects.filter(state="running", stage="detect")
    wait_for(busy.exists, what=f"a look at a picture\n{worker.log()}", pause_s=POLL_S)
    worker.kill()
    assert not all_rest()
    worker.start()
    wait_for(all_rest, what=f"rest\n{Progress.objects.values()}\n{worker.log()}", pause_s=0.5)

    rows = Progress.objects.values_list("stage", "state", "reason")
    assert list(rows) == [("assign", "waiting", "review")] * len(reports)
    runs = Counter(StageRun.objects.values_list("observation_id", "stage"))
    assert runs == Counter({(observation, stage): 1 for observation in reports for stage in BEFORE_REVIEW})
    counts = {table: int(rows.split()[0]) for table, rows in b.read_rows().items()}
    for table in ("intake_geotag", "detection_detectionrun", "detection_sighting", "rules_flag", "cases_caseflag"):
        assert counts[table] == len(reports), table
    assert (counts["intake_mediafile"], counts["cases_case"], counts["cases_caserequest"]) == (6, 1, 3)

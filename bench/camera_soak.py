"""Camera runners killed at random for a while: is every motorbike told, each once, and how fast are cameras taken over?

Painted cameras (``bench.painted_street``) show motorbikes on a sidewalk by a timetable; clips of moving traffic run beside them
and must lead to nothing. Several ``run_cameras`` processes share all of them; one after the other is killed (SIGKILL) and
started again. Then every clip goes through the nine stages, and flags are counted against the timetable. Needs a server in
``DATABASE_URL``; works in a database of its own. Exit code 1 when anything was lost, doubled, or false.

    python -m bench.camera_soak --clips FOLDER [--minutes 60] [--cameras 6] [--runners 3] [--kill-every 60] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.city.database import prepare, use_database
from bench.machine import describe_machine

DATABASE = "bench_camera_soak"
DWELL_S = 40
NOT_TAKEN_OVER_S = 120.0
START_S = 600.0
TAKEOVER_AIM_S = 30.0
RUNNERS_LOG = Path(tempfile.gettempdir()) / "camera-soak-runners.log"


@dataclass(slots=True)
class Storm:
    """What happened: takeovers in seconds (from kill to the next runner's first frame), kills, runners."""

    takeovers_s: list[float] = field(default_factory=list)
    kills: int = 0
    pending: dict[int, float] = field(default_factory=dict)


def main() -> None:
    """Set up, storm, count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--cameras", type=int, default=6)
    parser.add_argument("--runners", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=60)
    parser.add_argument("--clip-period", type=float, default=1.0, help="seconds between sampled frames of the clips")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("bench/results"))
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--runner", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.runner:  # started by the storm, in whose environment the database is named already
        prepare()
        run_one()
        return
    RUNNERS_LOG.unlink(missing_ok=True)
    use_database(asked.database)
    prepare()
    result = storm(asked)
    text = report(asked, result)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "camera_soak.md").write_text(text, encoding="utf-8")
    print(text)
    sys.exit(1 if result["lost"] or result["doubled"] or result["false"] else 0)


def run_one() -> None:
    """One runner process, with a detector that reads the paint."""
    from bench.painted_street import PaintDetector
    from detection.default_detector import get_default_detector, use_detector
    from pipeline.camera_runner import CameraRunner

    use_detector(PaintDetector(get_default_detector()))
    runner = CameraRunner()
    signal.signal(signal.SIGTERM, runner.stop)
    runner.run()


def storm(asked: argparse.Namespace) -> dict[str, Any]:
    """All of it; the counts."""
    from bench.painted_street import list_episodes, serve

    episodes: list[Any] = []
    server, address = serve(episodes)
    set_up(address, asked)
    happened, chance = Storm(), random.Random(asked.seed)
    runners = [_start(asked.database) for _ in range(asked.runners)]
    _wait_until_watched()
    began_s, until_s = time.time() + 5, time.time() + 5 + asked.minutes * 60
    episodes += list_episodes(began_s, asked.cameras, until_s)
    next_kill = began_s + 30
    done = threading.Event()
    stages = threading.Thread(target=_run_stages, args=(done,), daemon=True)
    stages.start()
    try:
        while time.time() < until_s:
            time.sleep(0.5)
            _watch_takeovers(happened)
            if time.time() >= next_kill and time.time() < until_s - 60:
                next_kill = time.time() + asked.kill_every * chance.uniform(0.5, 1.5)
                _kill_one(runners, chance, happened, asked.database)
    finally:
        for runner in runners:
            runner.terminate()
        for runner in runners:
            runner.wait(120)
        server.shutdown()
        done.set()
        stages.join(3600)
    return count(episodes, happened, asked)


def _wait_until_watched() -> None:
    """Until every camera was sampled: a motorbike that nobody could have seen is not lost."""
    from intake.models import Camera
    from pipeline.models import CameraHealth

    until = time.time() + START_S
    while time.time() < until:
        if CameraHealth.objects.filter(seen__gt=0).count() >= Camera.objects.exclude(stream="").count():
            return
        time.sleep(1)


def set_up(address: str, asked: argparse.Namespace) -> None:
    """The little city with a law of short stays, and the cameras."""
    from django.core.management import call_command

    from intake.models import Camera, CameraCalibration
    from pipeline.city_loading import load_city
    from tests.small_city import CAMERA_NAME, write_small_city

    call_command("flush", interactive=False, verbosity=0)
    call_command("register_weights", verbosity=0)
    pack = write_small_city(Path(tempfile.mkdtemp(prefix="camera-soak-")))
    law = pack / "ordinances.toml"
    law.write_text(
        re.sub(r"(dwell_vehicle_s[^\n]*?value\s*=\s*)\d+", rf"\g<1>{DWELL_S}", law.read_text(encoding="utf-8"))
    )
    list(load_city(pack, with_tiles=False))
    first = Camera.objects.get(name=CAMERA_NAME)
    calibration = first.calibrations.get()
    streams = {f"painted-{n}": f"{address}/{n}" for n in range(asked.cameras)}
    streams |= {path.stem: str(path.resolve()) for path in sorted(asked.clips.glob("*.mp4"))} if asked.clips else {}
    for name, stream in streams.items():
        camera = Camera.objects.create(
            city=first.city,
            name=name,
            title=name,
            point=first.point,
            stream=stream,
            sample_period_s=1.0 if name.startswith("painted") else asked.clip_period,
        )
        CameraCalibration.objects.create(
            camera=camera, valid_from=calibration.valid_from, anchor=calibration.anchor, residual_m=0.01,
            calibration=calibration.calibration, view_footprint=calibration.view_footprint, source="bench",
        )  # fmt: skip


def _run_stages(done: threading.Event) -> None:
    """The nine stages on every clip that was filed, while the storm goes on and until none is left."""
    from bench.painted_street import PaintDetector
    from detection.default_detector import get_default_detector, use_detector
    from intake.models import Observation
    from tests.builders import run_to_rest

    use_detector(PaintDetector(get_default_detector()))
    finished: set[Any] = set()
    while True:
        is_last = done.is_set()
        waiting = [
            pk for pk in Observation.objects.order_by("received_at").values_list("pk", flat=True) if pk not in finished
        ]
        for pk in waiting:
            run_to_rest(pk)
            finished.add(pk)
        if is_last and not waiting:
            return
        done.wait(2.0)


def _start(database: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.camera_soak", "--runner", "--database", database]
    with RUNNERS_LOG.open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, env=os.environ.copy())  # noqa: S603


def _kill_one(runners: list[subprocess.Popen[bytes]], chance: random.Random, happened: Storm, database: str) -> None:
    from pipeline.models import CameraLease

    number = chance.randrange(len(runners))
    mark = f":{runners[number].pid}:"
    held = list(CameraLease.objects.filter(holder__contains=mark).values_list("camera_id", flat=True))
    os.kill(runners[number].pid, signal.SIGKILL)
    runners[number].wait(10)
    happened.kills += 1
    happened.pending |= {camera_id: time.time() for camera_id in held}
    runners[number] = _start(database)


def _watch_takeovers(happened: Storm) -> None:
    """A camera is taken over when another runner has sampled a frame of it after the kill."""
    from pipeline.models import CameraHealth

    now = time.time()
    rows = CameraHealth.objects.filter(pk__in=list(happened.pending)).values_list("pk", "last_frame_at", "told_at")
    for camera_id, last_frame_at, told_at in rows:
        killed_s = happened.pending[camera_id]
        is_back = last_frame_at and last_frame_at.timestamp() > killed_s + 0.5 and told_at.timestamp() > killed_s + 1
        if is_back or now - killed_s > NOT_TAKEN_OVER_S:
            happened.takeovers_s.append((last_frame_at.timestamp() if is_back and last_frame_at else now) - killed_s)
            happened.pending.pop(camera_id)


def count(episodes: list[Any], happened: Storm, asked: argparse.Namespace) -> dict[str, Any]:
    """Clips and flags against the timetable."""
    from intake.models import Observation
    from rules.models import Flag

    rows = list(Observation.objects.select_related("camera", "media").order_by("received_at"))
    clips: dict[tuple[int, int], int] = {(e.camera, e.number): 0 for e in episodes}
    flags = dict(clips)
    false = 0
    for row in rows:
        episode = _episode_of(row, episodes)
        if episode is None:
            false += 1
            continue
        key = (episode.camera, episode.number)
        clips[key] += 1
        flags[key] += Flag.objects.filter(observation=row).exclude(verdict="compliant").count()
    return {
        "episodes": len(episodes),
        "clips": len(rows),
        "lost": sum(n == 0 for n in clips.values()),
        "doubled": sum(n > 1 for n in clips.values()),
        "false": false,
        "flags": sum(flags.values()),
        "episodes_with_a_flag": sum(n > 0 for n in flags.values()),
        "flags_doubled": sum(n > 1 for n in flags.values()),
        "kills": happened.kills,
        "takeovers": len(happened.takeovers_s),
        "takeover_median_s": round(median(happened.takeovers_s or [0.0]), 1),
        "takeover_most_s": round(max(happened.takeovers_s, default=0.0), 1),
        "takeovers_over_30_s": sum(seconds > TAKEOVER_AIM_S for seconds in happened.takeovers_s),
        **_dropped_by_camera(),
    }


def _dropped_by_camera() -> dict[str, Any]:
    """Frames of the painted cameras that were sampled, and those that nobody had time to look at."""
    from pipeline.models import CameraHealth

    rows = list(CameraHealth.objects.filter(camera__name__startswith="painted-").values_list("seen", "dropped"))
    return {"painted_frames_sampled": sum(seen for seen, _ in rows), "of_these_dropped": sum(lost for _, lost in rows)}


def _episode_of(row: Any, episodes: list[Any]) -> Any:
    """The episode whose time this clip's end lies in, on its camera."""
    if not row.camera.name.startswith("painted-") or row.captured_at is None:
        return None
    number, ends = int(row.camera.name.rsplit("-", 1)[1]), row.captured_at.timestamp() + (row.media.duration_s or 0)
    return next((e for e in episodes if e.camera == number and e.begins_s <= ends <= e.ends_s + 60), None)


def report(asked: argparse.Namespace, result: dict[str, Any]) -> str:
    """The page of figures."""
    rows = [f"| {name.replace('_', ' ')} | {value} |" for name, value in result.items()]
    return "\n".join(
        [
            "# Camera runners killed at random",
            "",
            f"{asked.minutes:.0f} minutes, {asked.runners} runners, {asked.cameras} painted cameras"
            + (f" and clips of moving traffic, looped, a frame every {asked.clip_period:g} s" if asked.clips else "")
            + f"; a motorbike stands 120 s of every 220 s, hidden in 15 % of the frames; the law's stay is {DWELL_S} s here.",
            "",
            "| what | count |",
            "|---|---|",
            *rows,
            "",
            "`lost`: motorbikes without a clip; `doubled`: with more than one; `false`: clips of anything else. Takeover: from "
            "the kill to the next runner's first frame. Made by `python -m bench.camera_soak --clips FOLDER "
            f"--minutes {asked.minutes:.0f} --cameras {asked.cameras} --kill-every {asked.kill_every:.0f} "
            f"--clip-period {asked.clip_period:g}`; {describe_machine()}.",
            "",
            f"<!-- {json.dumps(result)} -->",
            "",
        ]
    )


if __name__ == "__main__":
    main()

"""Reports arrive while workers and the broker are killed at random; then: is every one there, and each once?

Run ``make demo-up`` first. Kills only processes that ``demo.json`` names (SIGKILL to their process group); the demo's
supervisor starts them again. ``--database`` and ``--web`` kill those too. Exit code 1 when anything was lost or doubled.

    python -m bench.chaos [--reports 30] [--kills 8] [--var var] [--database] [--web] [--seed 1]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg

from bench.flow import with_comment

PLACE = (106.68956, 10.78378)
UPLOAD_LIMIT_S = 120.0
TRY_AGAIN_S = 1.0
CALM_S = 1.0
USUAL = ("worker-detection", "worker-stages", "broker", "beat")

# What must be there once per picture, however often a worker died over it: (name, count per observation).
ONCE_EACH = {
    "geotags": "SELECT count(*) FROM intake_geotag WHERE observation_id = o.id",
    "looks of the detector": "SELECT count(*) FROM detection_detectionrun WHERE observation_id = o.id",
    "scenes placed": "SELECT count(*) FROM detection_sighting WHERE observation_id = o.id",
    "redacted copies": "SELECT count(*) FROM intake_mediafile WHERE parent_id = o.media_id",
    "cases": "SELECT count(*) FROM cases_caserequest WHERE service_request_id = o.service_request_id",
}
AT_MOST_ONCE = {
    "flags of one rule": "SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM rules_flag WHERE observation_id = o.id"
    " GROUP BY rule_code, sighting_id) f",
    "runs of one stage": "SELECT coalesce(max(n), 0) FROM (SELECT count(*) n FROM pipeline_stagerun"
    " WHERE observation_id = o.id AND stage IN ('receive', 'geotag', 'detect', 'locate', 'check', 'open_case', 'assign')"
    " GROUP BY stage) r",
}


@dataclass(slots=True)
class Told:
    """What happened while it stormed."""

    accepted: list[tuple[str, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)


def read_demo(var: Path) -> dict[str, Any]:
    """The running demo; pids change while it runs."""
    found: dict[str, Any] = json.loads((var / "demo.json").read_text())
    return found


def send_reports(demo: dict[str, Any], jpeg: bytes, count: int, told: Told, over_s: float) -> None:
    """Send so many reports, each until it is accepted; the same key makes a second try harmless, as in the page."""
    with httpx.Client(base_url=demo["url"], timeout=30.0) as client:
        for number in range(count):
            began = time.monotonic()
            _send_one(client, with_comment(jpeg), number, told)
            time.sleep(max(0.0, over_s / count - (time.monotonic() - began)))


def _send_one(client: httpx.Client, jpeg: bytes, number: int, told: Told) -> None:
    form = {"lon": f"{PLACE[0] + 1e-4 * (number % 7)}", "lat": f"{PLACE[1] + 1e-4 * (number // 7)}"}
    key, ends = f"chaos-{os.getpid()}-{number}", time.monotonic() + UPLOAD_LIMIT_S
    while time.monotonic() < ends:
        try:
            answer = client.post(
                "/api/v1/reports", data=form | {"category": "construction"}, headers={"Idempotency-Key": key},
                files={"media": ("photo.jpg", jpeg, "image/jpeg")},
            )  # fmt: skip
        except httpx.TransportError as error:
            told.answers[type(error).__name__] += 1
        else:
            told.answers[str(answer.status_code)] += 1
            if answer.status_code == httpx.codes.CREATED:
                told.accepted.append((answer.json()["code"], answer.json()["secret"]))
                return
        time.sleep(TRY_AGAIN_S)


def storm(var: Path, names: tuple[str, ...], kills: int, over_s: float, told: Told, dice: random.Random) -> None:
    """Kill so many processes, one at a time, spread over the time."""
    for _ in range(kills):
        time.sleep(over_s / kills * dice.uniform(0.5, 1.5))
        pids = read_demo(var)["pids"]
        name = dice.choice([name for name in names if name in pids])
        try:
            os.killpg(pids[name], signal.SIGKILL)
        except ProcessLookupError:
            continue  # it is just being started again
        told.killed[name] += 1


def wait_for_rest(demo: dict[str, Any], told: Told, limit_s: float) -> tuple[float, int]:
    """Seconds until every accepted report rests, and how many still do not after the limit."""
    began, todo = time.monotonic(), list(told.accepted)
    with httpx.Client(base_url=demo["url"], timeout=30.0) as client:
        while todo and time.monotonic() - began < limit_s:
            todo = [(code, secret) for code, secret in todo if _is_processing(client, code, secret)]
            time.sleep(CALM_S)
    return time.monotonic() - began, len(todo)


def _is_processing(client: httpx.Client, code: str, secret: str) -> bool:
    try:
        answer = client.get(f"/api/v1/reports/{code}", params={"secret": secret})
        return answer.status_code != httpx.codes.OK or bool(answer.json()["processing"])
    except httpx.TransportError:
        return True


def count_faults(demo: dict[str, Any], told: Told) -> Counter[str]:
    """What is lost, doubled or stuck, by name, over all accepted reports; straight from the tables."""
    faults: Counter[str] = Counter()
    codes = [code for code, _ in told.accepted]
    columns = ", ".join(f"({sql})" for sql in (*ONCE_EACH.values(), *AT_MOST_ONCE.values()))
    with psycopg.connect(demo["database_url"]) as connection:
        rows: list[tuple[UUID, str, str, str, *tuple[int, ...]]] = connection.execute(
            f"SELECT o.id, r.code, coalesce(p.state, ''), coalesce(p.reason, ''), {columns}"  # type: ignore[arg-type]  # noqa: S608
            " FROM intake_servicerequest r JOIN intake_observation o ON o.service_request_id = r.id"
            " LEFT JOIN pipeline_progress p ON p.observation_id = o.id WHERE r.code = ANY(%s)",
            [codes],
        ).fetchall()
    faults["lost reports"] = len(set(codes) - {row[1] for row in rows})
    faults["doubled reports"] = len(rows) - len({row[1] for row in rows})
    for _, code, state, reason, *counts in rows:
        if state != "waiting":
            faults[f"{state or 'never begun'} {reason}".strip()] += 1
            print(f"  {code}: {state} {reason}")
        for name, found in zip(ONCE_EACH, counts, strict=False):
            faults[f"lost {name}"] += found == 0
            faults[f"doubled {name}"] += found > 1
        for name, found in zip(AT_MOST_ONCE, counts[len(ONCE_EACH) :], strict=True):
            faults[f"doubled {name}"] += found > 1
    return faults


def main() -> int:
    """Storm, wait, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=30)
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0, help="over which reports and kills are spread")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds to wait for rest afterwards")
    parser.add_argument("--var", type=Path, default=Path("var"))
    parser.add_argument("--photo", type=Path, default=Path("demo/sources/site-loading.jpg"))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--database", action="store_true", help="kill the database too")
    parser.add_argument("--web", action="store_true", help="kill the web process too")
    asked = parser.parse_args()
    names = USUAL + (("database",) if asked.database else ()) + (("web",) if asked.web else ())
    demo, told, dice = read_demo(asked.var), Told(), random.Random(asked.seed)  # noqa: S311 - chance, no secret
    sender = threading.Thread(
        target=send_reports, args=(demo, asked.photo.read_bytes(), asked.reports, told, asked.seconds)
    )
    sender.start()
    storm(asked.var, names, asked.kills, asked.seconds, told, dice)
    sender.join()
    seconds, restless = wait_for_rest(demo, told, asked.limit)
    faults = +count_faults(demo, told)
    print(f"{asked.reports} reports over {asked.seconds:.0f} s; killed: {dict(told.killed)}")
    print(f"  answers to uploads: {dict(told.answers)}; accepted {len(told.accepted)}")
    print(f"  all at rest {seconds:.0f} s after the last kill; still at work: {restless}")
    print(f"  lost, doubled or stuck: {dict(faults) or 'nothing'}")
    return 1 if faults or restless or len(told.accepted) < asked.reports else 0


if __name__ == "__main__":
    sys.exit(main())

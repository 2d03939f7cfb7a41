"""``make chaos``: reports arrive while web, workers, broker and database are killed at random; is every one there, each once?

Starts a copy of its own in ``--var`` (private servers, doubles of the providers that notices go to) and stops it after; with
``--running`` it storms over one that runs already, whose notices are then not counted. Kills only processes that ``demo.json``
names (SIGKILL to their process group); the supervisor starts them again. Exit code 1 when anything was lost or doubled, or a
sender was told twice. Writes ``bench/results/chaos.md``.

    python -m bench.chaos [--reports 1000] [--kills 100] [--seconds 900] [--var FOLDER] [--seed 1] [--running] [--spare web]
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
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
from bench.machine import describe_machine
from demo.doubles import KEYS, Doubles
from ops.folders import ROOT, choose_var

PLACE = (106.68956, 10.78378)
UPLOAD_LIMIT_S = 120.0
TRY_AGAIN_S = 1.0
CALM_S = 1.0
RECEIPT = "Đã nhận phản ánh"
VICTIMS = ("web", "worker-detection", "worker-stages", "broker", "database", "beat")

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
    phones: list[str] = field(default_factory=list)
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
    key, ends, phone = f"chaos-{os.getpid()}-{number}", time.monotonic() + UPLOAD_LIMIT_S, f"09{number:08d}"
    while time.monotonic() < ends:
        try:
            answer = client.post(
                "/api/v1/reports", data=form | {"category": "construction", "contact": phone}, headers={"Idempotency-Key": key},
                files={"media": ("photo.jpg", jpeg, "image/jpeg")},
            )  # fmt: skip
        except httpx.TransportError as error:
            told.answers[type(error).__name__] += 1
        else:
            told.answers[str(answer.status_code)] += 1
            if answer.status_code == httpx.codes.CREATED:
                told.accepted.append((answer.json()["code"], answer.json()["secret"]))
                told.phones.append(phone)
                return
        time.sleep(TRY_AGAIN_S)


def storm(var: Path, names: tuple[str, ...], kills: int, over_s: float, told: Told, dice: random.Random) -> None:
    """Kill so many processes, one at a time, spread over the time."""
    while told.killed.total() < kills:
        time.sleep(over_s / kills * dice.uniform(0.5, 1.5))
        pids = read_demo(var)["pids"]
        name = dice.choice([name for name in names if name in pids])
        try:
            os.killpg(pids[name], signal.SIGKILL)
        except ProcessLookupError:
            continue  # it is just being started again: another one
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
            f"SELECT o.id, r.code, coalesce(p.state, ''), coalesce(p.reason, ''), {columns}"  # noqa: S608
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


def count_notices(doubles: Doubles, told: Told, limit_s: float) -> tuple[Counter[str], int]:
    """Receipts lost or doubled at the provider, once it had time; and how many second requests it dropped by their key."""
    ends = time.monotonic() + limit_s
    receipts: Counter[str] = Counter()
    while time.monotonic() < ends:
        receipts = Counter(message["to"] for message in doubles.told.of("sms") if RECEIPT in message["text"])
        if all(receipts[phone] for phone in told.phones):
            break
        time.sleep(CALM_S)
    faults = Counter({
        "lost receipts": sum(receipts[phone] == 0 for phone in told.phones),
        "receipts sent twice": sum(count > 1 for count in receipts.values()),
    })  # fmt: skip
    return faults, sum(count - 1 for count in doubles.told.requests.values())


def start_copy(var: Path, doubles: Doubles) -> None:
    """A copy of its own, whose short messages go to the double."""
    given = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "PORT")}
    given |= {
        "VAR_DIR": str(var), "REPORTS_PER_HOUR": "0", "SMS_URL": f"{doubles.url}/sms", "SMS_TOKEN": KEYS["sms"],
        "PUBLIC_URL": "http://localhost", "STAGE_MAX_ATTEMPTS": "50",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "ops", "demo-up"], cwd=ROOT, env=given, check=True)


def rest_cameras(demo: dict[str, Any]) -> None:
    """Nobody kills the cameras' runner and none of its frames is counted: the processor belongs to the reports."""
    with psycopg.connect(demo["database_url"]) as connection:
        connection.execute("UPDATE intake_camera SET is_active = false")


def stop_copy(var: Path) -> None:
    """Stop it and all that belongs to it."""
    subprocess.run(
        [sys.executable, "-m", "ops", "demo-down"], cwd=ROOT, env=os.environ | {"VAR_DIR": str(var)}, check=False
    )


def main() -> int:
    """Storm, wait, count, print."""
    asked = _read_arguments()
    with Doubles() as doubles:
        if not asked.running:
            start_copy(asked.var, doubles)
        try:
            return _storm_and_count(asked, doubles)
        finally:
            if not asked.running:
                stop_copy(asked.var)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=900.0, help="over which reports and kills are spread")
    parser.add_argument("--limit", type=float, default=1800.0, help="seconds to wait for rest afterwards")
    parser.add_argument("--var", type=Path, default=choose_var(os.environ.get("VAR_DIR")).var / "chaos")
    parser.add_argument("--photo", type=Path, default=Path("demo/sources/site-loading.jpg"))
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--running", action="store_true", help="storm over the copy that runs in --var")
    parser.add_argument("--spare", nargs="*", default=[], choices=VICTIMS, help="never kill these")
    return parser.parse_args()


def _storm_and_count(asked: argparse.Namespace, doubles: Doubles) -> int:
    names = tuple(name for name in VICTIMS if name not in asked.spare)
    rest_cameras(read_demo(asked.var))
    demo, told, dice = read_demo(asked.var), Told(), random.Random(asked.seed)  # noqa: S311 - chance, no secret
    sender = threading.Thread(
        target=send_reports, args=(demo, asked.photo.read_bytes(), asked.reports, told, asked.seconds)
    )
    sender.start()
    storm(asked.var, names, asked.kills, asked.seconds, told, dice)
    sender.join()
    seconds, restless = wait_for_rest(demo, told, asked.limit)
    faults = +count_faults(demo, told)
    dropped = 0
    if not asked.running:
        notices, dropped = count_notices(doubles, told, asked.limit)
        faults += +notices
    text = _say(asked, told, seconds=seconds, restless=restless, faults=faults, dropped=dropped)
    (ROOT / "bench" / "results" / "chaos.md").write_text(text)
    print(text)
    return 1 if faults or restless or len(told.accepted) < asked.reports else 0


def _say(
    asked: argparse.Namespace, told: Told, *, seconds: float, restless: int, faults: Counter[str], dropped: int
) -> str:
    killed = ", ".join(f"{name} {count}" for name, count in sorted(told.killed.items()))
    answers = ", ".join(f"{name} {count}" for name, count in told.answers.most_common())
    found = ", ".join(f"{name}: {count}" for name, count in faults.items()) or "nothing"
    receipts = (
        "not counted" if asked.running else f"{len(told.phones)} asked for; second requests dropped by key: {dropped}"
    )
    return (
        "# Kill -9 while reports arrive\n\n"
        f"`python -m bench.chaos --reports {asked.reports} --kills {asked.kills} --seconds {asked.seconds:.0f}`\n\n"
        f"| | |\n|---|---|\n| reports sent, accepted | {asked.reports}, {len(told.accepted)} |\n"
        f"| killed ({sum(told.killed.values())}) | {killed} |\n| answers to uploads, tries included | {answers} |\n"
        f"| all at rest after the last kill | {seconds:.0f} s; still at work: {restless} |\n"
        f"| receipts at the provider's double | {receipts} |\n"
        f"| lost, doubled or stuck | {found} |\n\n{describe_machine()}\n"
    )


if __name__ == "__main__":
    sys.exit(main())

"""Photo uploaded -> flag visible, on the running demo: median and p95 over single uploads on an idle machine.

Run ``make demo-up`` first. Every upload is the same real photo with a comment of its own (so no two are the same bytes), at
places of the demo ward. Also prints the memory of each process of the demo.

    python -m bench.flow [--uploads 40] [--var var]
"""

from __future__ import annotations

import argparse
import json
import statistics
import struct
import time
import uuid
from pathlib import Path

import httpx

POLL_S = 0.02
LIMIT_S = 60.0


def with_comment(jpeg: bytes) -> bytes:
    """The same picture with a JPEG comment of its own."""
    comment = uuid.uuid4().bytes
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", 2 + len(comment)) + comment + jpeg[2:]


def measure_once(client: httpx.Client, staff: httpx.Client, jpeg: bytes, place: tuple[float, float]) -> float:
    """Seconds from the start of the upload until the staff's flag list shows a flag of it."""
    began = time.perf_counter()
    form = {"lon": str(place[0]), "lat": str(place[1]), "category": "construction"}
    answer = client.post("/api/v1/reports", data=form, files={"media": ("photo.jpg", with_comment(jpeg), "image/jpeg")})
    answer.raise_for_status()
    sent = answer.json()
    while time.perf_counter() - began < LIMIT_S:
        report = client.get(f"/api/v1/reports/{sent['code']}", params={"secret": sent["secret"]}).json()
        for observation in report["observations"]:
            shown = staff.get(f"/api/v1/observations/{observation['id']}")
            if shown.status_code == 200 and shown.json()["properties"]["flags"]:
                return time.perf_counter() - began
        time.sleep(POLL_S)
    raise TimeoutError(f"No flag of {sent['code']} within {LIMIT_S} s")


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children, shared pages counted once each (PSS), in MB."""
    total, todo = 0.0, [pid]
    while todo:
        one = todo.pop()
        folder = Path(f"/proc/{one}")
        try:
            rollup = (folder / "smaps_rollup").read_text()
            todo += [int(child) for child in (folder / "task" / str(one) / "children").read_text().split()]
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024
    return total


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uploads", type=int, default=40)
    parser.add_argument("--var", type=Path, default=Path("var"))
    parser.add_argument("--photo", type=Path, default=None)
    options = parser.parse_args()
    demo = json.loads((options.var / "demo.json").read_text())
    photo = options.photo or sorted((options.var / "demo").glob("*.jpg"))[0]
    jpeg = photo.read_bytes()
    center = (106.68956, 10.78378)
    with (
        httpx.Client(base_url=demo["url"], timeout=LIMIT_S) as client,
        httpx.Client(
            base_url=demo["url"], timeout=LIMIT_S, headers={"Authorization": f"Token {demo['api_token']['inspector']}"}
        ) as staff,
    ):
        times = [
            measure_once(client, staff, jpeg, (center[0] + 1e-4 * (i % 7), center[1] + 1e-4 * (i // 7)))
            for i in range(options.uploads)
        ]
    times.sort()
    p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
    print(f"photo uploaded -> flag visible, {len(times)} single uploads of {photo.name} ({len(jpeg) // 1000} kB)")
    print(
        f"  median {statistics.median(times):.2f} s   p95 {p95:.2f} s   least {times[0]:.2f} s   most {times[-1]:.2f} s"
    )
    for name, pid in demo["pids"].items():
        print(f"  memory {name}: {memory_mb(pid):.0f} MB")


if __name__ == "__main__":
    main()

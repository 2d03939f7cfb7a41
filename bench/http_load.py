"""Asks a list of paths at c=4 with ``wrk`` (apt install wrk) and tells answers a second and their times."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 4
_SCRIPT = """
local paths = {{}}
for line in io.lines("{paths}") do paths[#paths + 1] = line end
local at = 0
request = function()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], {headers})
end
local wrong = 0
done = function(summary, latency, requests)
  local form = '\\nJSON {{"answers": %d, "seconds": %.3f, "p50_ms": %.3f, "p95_ms": %.3f, "wrong": %d, "bytes": %d}}\\n'
  local p50, p95 = latency:percentile(50) / 1e3, latency:percentile(95) / 1e3
  io.write(string.format(form, summary.requests, summary.duration / 1e6, p50, p95,
    summary.errors.status + summary.errors.read + summary.errors.timeout, summary.bytes))
end
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """One round, or the medians of several. ``wrong`` counts errors, timeouts and refusals."""

    a_second: float
    p50_ms: float
    p95_ms: float
    wrong: int
    mean_bytes: float


def ask(base: str, paths: Sequence[str], *, seconds: float, headers: Mapping[str, str] | None = None) -> Answers:
    """One round over the paths, again and again until the time is over."""
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is missing: apt install wrk")
    sent = {"Accept-Encoding": "gzip", **(headers or {})}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "paths").write_text("\n".join(paths) + "\n")
        table = "{" + ", ".join(f'["{name}"] = "{value}"' for name, value in sent.items()) + "}"
        script = Path(folder) / "ask.lua"
        script.write_text(_SCRIPT.format(paths=Path(folder) / "paths", headers=table))
        argv = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "60s", "-s", str(script), base]
        told = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
    row = json.loads(told.rsplit("JSON ", 1)[1])
    count = max(row["answers"], 1)
    return Answers(row["answers"] / row["seconds"], row["p50_ms"], row["p95_ms"], row["wrong"], row["bytes"] / count)


def alternate(ours: Callable[[], Answers], peer: Callable[[], Answers], rounds: int) -> tuple[Answers, Answers]:
    """Ours and the peer in turn, so that a busy moment meets both; medians of each."""
    ours(), peer()  # warm both
    pairs = [(ours(), peer()) for _ in range(rounds)]
    return median([one for one, _ in pairs]), median([other for _, other in pairs])


def median(rounds: Sequence[Answers]) -> Answers:
    """The middle of every figure; errors are added up."""
    middle = [statistics.median(getattr(one, name) for one in rounds) for name in ("a_second", "p50_ms", "p95_ms")]
    size = statistics.median(one.mean_bytes for one in rounds)
    return Answers(middle[0], middle[1], middle[2], sum(one.wrong for one in rounds), size)


def busy() -> str:
    """The load of the machine just now."""
    return f"{os.getloadavg()[0]:.1f}"

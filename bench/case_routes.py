"""500 inspections for 20 inspectors: our plan within 5 s beside pyvroom given 2 s, on the same ways, shifts and deadlines.

    python -m bench.case_routes [--peer-python PATH]

Distances are along the streets of a generated grid city, measured by the product. Both begin at the ward offices and are not
sent home. Deadlines are hard for pyvroom; how late anybody of ours is stands beside the length, and a day of ours with
somebody late, or left out, is no answer to compare. ``--peer-python`` is an
interpreter with pyvroom (requirements/bench.txt), or PEER_PYTHON; without it only our own side is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import describe_machine
from cases.routes.preview import preview_day
from cases.routes.solver import plan_day
from cases.routes.streets import measure_ways
from cases.routes.values import Crew, DayRoutes, Stop, Ways
from ops.folders import ROOT

STOPS, CREWS, OFFICES = 500, 20, 4
SHIFT_S, WITHIN_S, PEER_S = 8 * 3600, 5.0, 2
SPEED_M_S = 5.0
_SIDE_M, _BLOCK_M = 8000, 200


def main() -> None:
    """Measure and write one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", default=os.environ.get("PEER_PYTHON", ""))
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args()
    rows, ratios = [], []
    for seed in range(1, asked.seeds + 1):
        stops, crews, ways, matrix_s = make_day(seed)
        first, first_s = _time(lambda stops=stops, crews=crews, ways=ways: preview_day(stops, crews, ways))
        plan, plan_s = _time(lambda stops=stops, crews=crews, ways=ways: plan_within(stops, crews, ways))
        peer = ask_vroom(asked.peer_python, stops, crews, ways) if asked.peer_python else None
        rows.append((seed, matrix_s, first, first_s, plan, plan_s, peer))
        if peer:
            is_fair = not any(route.late_s for route in plan.routes) and not plan.left_out and not peer["left_out"]
            ratios.append(peer["metres"] / plan.metres if is_fair else 0.0)
    text = _say(rows, ratios)
    (ROOT / "bench" / "results" / "case_routes.md").write_text(text)
    print(text)


def plan_within(stops: list[Stop], crews: list[Crew], ways: Ways) -> DayRoutes:
    """The product's plan, all of it within five seconds: preview and reading the answer are part of that."""
    return plan_day(stops, crews, ways, budget_s=WITHIN_S - 0.5)


def make_day(seed: int) -> tuple[list[Stop], list[Crew], Ways, float]:
    """A grid city with its diagonal avenues, four offices, stops anywhere; a third of them with a deadline."""
    dice = np.random.default_rng(seed)
    ticks = np.arange(0, _SIDE_M + 1, _BLOCK_M, dtype=float)
    lines = [np.column_stack([ticks, np.full(len(ticks), tick)]) for tick in ticks]
    lines += [np.column_stack([np.full(len(ticks), tick), ticks]) for tick in ticks]
    lines += [np.column_stack([ticks, ticks]), np.column_stack([ticks, ticks[::-1]])]
    places = np.vstack([dice.uniform(0, _SIDE_M, (STOPS, 2)), dice.uniform(1500, _SIDE_M - 1500, (OFFICES, 2))])
    began = time.perf_counter()
    ways = measure_ways(places, lines, speed_m_s=SPEED_M_S)
    spent = time.perf_counter() - began
    dues = dice.uniform(5400, SHIFT_S, STOPS)
    stops = [
        Stop(str(i), i, int(dice.choice([300, 600, 900])), int(dues[i]) if dice.random() < 1 / 3 else None)
        for i in range(STOPS)
    ]
    return stops, [Crew(str(i), STOPS + i % OFFICES, 0, SHIFT_S) for i in range(CREWS)], ways, spent


def ask_vroom(python: str, stops: list[Stop], crews: list[Crew], ways: Ways) -> dict[str, Any]:
    """pyvroom's answer in its own interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "day.json"
        file.write_text(json.dumps({
            "metres": ways.metres.tolist(), "seconds": ways.seconds.tolist(), "shift": SHIFT_S, "limit": PEER_S,
            "stops": [[s.place, s.service_s, s.due_s] for s in stops], "starts": [crew.start for crew in crews],
        }))  # fmt: skip
        done = subprocess.run([python, "-c", _VROOM, str(file)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"pyvroom: {done.stderr[-600:]}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


_VROOM = """
import json, sys, time
from datetime import timedelta
import numpy as np, vroom
day = json.load(open(sys.argv[1]))
metres, seconds = (np.array(day[name], dtype=np.uint32) for name in ("metres", "seconds"))
problem = vroom.Input()
problem.set_durations_matrix("car", seconds); problem.set_distances_matrix("car", metres); problem.set_costs_matrix("car", metres)
for i, start in enumerate(day["starts"]):
    problem.add_vehicle([vroom.Vehicle(i, start=start, time_window=vroom.TimeWindow(0, day["shift"]))])
problem.add_job([vroom.Job(i, location=place, default_service=service,
                           time_windows=[vroom.TimeWindow(0, due if due is not None else day["shift"])])
                 for i, (place, service, due) in enumerate(day["stops"])])
began = time.perf_counter()
solution = problem.solve(exploration_level=5, nb_threads=2, timeout=timedelta(seconds=day["limit"]))
print(json.dumps({"seconds": time.perf_counter() - began, "metres": solution.summary.distance,
                  "left_out": solution.summary.unassigned, "version": getattr(vroom, "__version__", "")}))
"""


def _time(run: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    found = run()
    return found, time.perf_counter() - began


def _say(rows: list[Any], ratios: list[float]) -> str:
    lines = [
        "# Travel order: 500 inspections, 20 inspectors",
        "",
        f"`python -m bench.case_routes --peer-python ...`: a grid city of {_SIDE_M / 1000:.0f} km, {OFFICES} offices, shifts of"
        " 8 h, visits of 5 to 15 minutes, a third with a deadline. Metres along streets, without any way home. pyvroom:"
        f" exploration 5, 2 threads, time limit {PEER_S} s, deadlines as hard windows. Target: within {WITHIN_S:.0f} s, and"
        " pyvroom's day at least 10 % longer.",
        "",
        "| seed | matrix s | preview s | preview km | plan s | plan km | late | left out"
        " | pyvroom s | pyvroom km | its left out | its / ours |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for seed, matrix_s, first, first_s, plan, plan_s, peer in rows:
        late = sum(route.late_s for route in plan.routes)
        theirs = (
            f"{peer['seconds']:.1f} | {peer['metres'] / 1000:.1f} | {peer['left_out']} | {peer['metres'] / plan.metres:.2f}"
            if peer else "not measured | | |"
        )  # fmt: skip
        lines.append(
            f"| {seed} | {matrix_s:.1f} | {first_s:.2f} | {first.metres / 1000:.1f} | {plan_s:.1f} | {plan.metres / 1000:.1f}"
            f" | {late} s | {len(plan.left_out)} | {theirs} |"
        )
    if ratios:
        fair = [ratio for ratio in ratios if ratio]
        lines += ["", f"{len(fair)} of {len(ratios)} days with nobody late and nobody left out on either side."]
        if fair:
            lines += [f"On these pyvroom's is {100 * (sum(fair) / len(fair) - 1):.0f} % longer on average."]
    return "\n".join([*lines, "", describe_machine(), ""])


if __name__ == "__main__":
    main()

"""A sample of the generated year lived through the product's own actions, with a moved clock, and compared row by row.

    python -m bench.lived_year [--database viahe_lived] [--scale 0.02] [--seed 1]

Twice in one transaction that is rolled back: what arrives is the same, then once the generator writes what came of it, and once
every person's act and every sweep of the year is done by the action that does it in the product, in order of time, with Django's
clock set to the moment. What stands in the tables afterwards must be equal, column by column.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter

from bench.machine import describe_machine
from ops.folders import ROOT

DATABASE = "viahe_lived"


def main() -> None:
    """Live, compare, write; exit 1 where rows differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--scale", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    from bench.city.database import prepare, use_database

    use_database(asked.database)
    prepare()
    from django.core.management import call_command
    from django.utils import timezone

    from bench.lived_acts import compare_year
    from bench.lived_rows import APART
    from geo.models import City
    from pipeline.year.simulate import FLAGS, REPORTS

    if not City.objects.exists():
        call_command("load_city", str(ROOT / "cities" / "hcmc"), "--no-tiles", stdout=sys.stderr)
    began = time.perf_counter()
    generated, lived = compare_year(seed=asked.seed, scale=asked.scale, ends_at=timezone.now())
    spent_s = time.perf_counter() - began
    differing = {name: count_differences(generated[name], lived[name]) for name in generated}
    rows = "\n".join(
        f"| {name} | {len(generated[name])} | {len(lived[name])} | {differing[name]} |" for name in generated
    )
    text = (
        "# A sample of the year lived through the real actions\n\n"
        f"`python -m bench.lived_year --scale {asked.scale} --seed {asked.seed}`: {100 * asked.scale:g} % of the year's"
        f" {REPORTS:,} reports and {FLAGS:,} flags. Pictures and flags are given to both sides; opening and joining, review,"
        " assignment, visits, approvals, causes of lateness, moves, closing and the sweeps (flags over, interim replies, answers"
        " nobody objects to) are written once by the generator and once by the product's actions. Compared are all columns but"
        f" {', '.join(sorted(APART))}. Left out of both: notices (nobody has an address) and escalations.\n\n"
        f"| table | generated rows | lived rows | different |\n|---|---|---|---|\n{rows}\n\n{spent_s:.0f} s."
        f" {describe_machine()}\n"
    )
    (ROOT / "bench" / "results" / "lived_year.md").write_text(text)
    print(text)
    if any(differing.values()):
        sys.exit("The generator writes what the actions do not.")


def count_differences(generated: list[str], lived: list[str]) -> int:
    """Rows of one side that the other does not have, on the side that has more of them."""
    first, second = Counter(generated), Counter(lived)
    return max((first - second).total(), (second - first).total())


if __name__ == "__main__":
    main()

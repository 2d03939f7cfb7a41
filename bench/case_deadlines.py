"""Deadline states of all open cases: computed from the kept clocks, and rebuilt whole from the histories.

    python -m bench.case_deadlines [--database viahe_year]

Target: recomputed for all open cases in at most 2 s. All cases of the year are rebuilt once too, open or not: what a city with so
many open ones would take.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from bench.machine import describe_machine
from bench.year import DATABASE, open_year
from ops.folders import ROOT

ROUNDS = 5


def main() -> None:
    """Measure and write one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=DATABASE)
    asked = parser.parse_args()
    open_year(database=asked.database)
    from django.utils import timezone

    from cases.actions.clocks import refresh_clocks
    from cases.lifecycle import OPEN_CASES
    from cases.models import Case, CaseClock
    from cases.queries.clocks import standing_of

    ids = list(Case.objects.filter(state__in=[s.value for s in OPEN_CASES]).values_list("pk", flat=True))
    computed, rebuilt, states = [], [], Counter[str]()
    for _ in range(ROUNDS):
        began, now = time.perf_counter(), timezone.now()
        states = Counter(standing_of(clock, now).value for clock in CaseClock.objects.filter(case_id__in=ids))
        computed.append(time.perf_counter() - began)
        began = time.perf_counter()
        refresh_clocks(ids)
        rebuilt.append(time.perf_counter() - began)
    everything = list(Case.objects.values_list("pk", flat=True))
    began = time.perf_counter()
    clocks = refresh_clocks(everything)
    whole_s = time.perf_counter() - began
    text = (
        "# Deadline states of all open cases\n\n"
        f"`python -m bench.case_deadlines`: {len(ids):,} open cases, {sum(states.values()):,} clocks"
        f" ({', '.join(f'{name} {n:,}' for name, n in states.most_common())}); best of {ROUNDS}, worst in brackets."
        " Target: 2 s.\n\n"
        "| how | s |\n|---|---|\n"
        f"| states computed from the kept clocks, as lists and the escalation do | {min(computed):.2f} ({max(computed):.2f}) |\n"
        f"| clocks read anew out of the whole histories and written | {min(rebuilt):.2f} ({max(rebuilt):.2f}) |\n\n"
        f"All {len(everything):,} cases of the year, open or not, rebuilt once: {clocks:,} clocks in {whole_s:.1f} s.\n\n"
        f"{describe_machine()}\n"
    )
    (ROOT / "bench" / "results" / "case_deadlines.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()

"""Lists and dashboards over the generated year, as a leader of one ward and of the whole city asks for them.

    python -m bench.case_lists [--database viahe_year] [--rounds 30]

Whole requests through the product's views, without the network: rights, queries, answer. Target: p95 at most 200 ms.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import Any

from bench.machine import describe_machine
from bench.year import DATABASE, open_year
from ops.folders import ROOT

PATHS = (
    "/api/v1/cases?limit=100", "/api/v1/cases?open=true&limit=100", "/api/v1/cases?reply_owed=true&limit=100",
    "/api/v1/flags?limit=100&state=new", "/api/v1/wards/figures", "/api/v1/figures/recurrence?group=spot",
    "/api/v1/figures/recurrence?group=unit", "/api/v1/figures/on-time", "/api/v1/figures/first-reply",
    "/api/v1/figures/ageing", "/api/v1/figures/lateness", "/api/v1/figures/precision?group=rule",
    "/api/v1/figures/ranking", "/api/v1/flags/spots",
)  # fmt: skip
TARGET_MS = 200.0


def main() -> None:
    """Measure and write one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    open_year(database=asked.database)
    from django.conf import settings

    import config.wsgi  # noqa: F401 - as the web process begins: everything loaded, and set apart from the collector

    settings.ALLOWED_HOSTS = ["testserver"]
    rows = [row for who, user in _people() for row in _measure(who, user, asked.rounds)]
    worst = max(row[3] for row in rows)
    table = "\n".join(
        f"| {who} | `{path}` | {median:.0f} | {p95:.0f} | {size} |" for who, path, median, p95, size in rows
    )
    text = (
        "# Lists and dashboards over a generated year\n\n"
        f"`python -m bench.case_lists`: {asked.rounds} requests each, in one process, without the network. Target: p95 at most"
        f" {TARGET_MS:.0f} ms; worst p95 here {worst:.0f} ms ({'kept' if worst <= TARGET_MS else 'missed'}).\n\n"
        f"{_counts()}\n\n| who | path | median ms | p95 ms | kB |\n|---|---|---|---|---|\n{table}\n\n{describe_machine()}\n"
    )
    (ROOT / "bench" / "results" / "case_lists.md").write_text(text)
    print(text)


def _people() -> list[tuple[str, Any]]:
    from datetime import date

    from django.contrib.auth import get_user_model

    from cases.models import RoleAssignment
    from geo.models import City

    users = get_user_model().objects
    ward = users.filter(username__startswith="sim-leader-").order_by("username").first()
    everyone, _ = users.get_or_create(username="sim-city-leader")
    city = City.objects.get(is_default=True)
    for role in ("leader", "reviewer"):
        RoleAssignment.objects.get_or_create(
            user=everyone, unit=None, city=city, role=role, valid_from=date(2020, 1, 1)
        )
        RoleAssignment.objects.get_or_create(
            user=ward, unit=ward.roles.first().unit, city=city, role=role, valid_from=date(2020, 1, 1)
        )
    return [("leader of a ward", ward), ("leader of the city", everyone)]


def _measure(who: str, user: Any, rounds: int) -> list[tuple[str, str, float, float, int]]:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found = []
    for path in PATHS:
        times, size = [], 0
        for number in range(rounds + 1):
            began = time.perf_counter()
            answer = client.get(path)
            spent = (time.perf_counter() - began) * 1000
            if answer.status_code != 200:  # noqa: PLR2004
                raise SystemExit(f"{path}: {answer.status_code}")
            size = len(answer.content) // 1000
            if number:  # the first one fills caches of code and templates
                times.append(spent)
        times.sort()
        found.append((who, path, statistics.median(times), times[min(len(times) - 1, round(0.95 * len(times)))], size))
    return found


def _counts() -> str:
    from cases.lifecycle import OPEN_CASES
    from cases.models import Case, CaseEvent
    from intake.models import ServiceRequest
    from rules.models import Flag

    still = Case.objects.filter(state__in=[s.value for s in OPEN_CASES]).count()
    return (
        f"{ServiceRequest.objects.count():,} reports, {Flag.objects.count():,} flags, {Case.objects.count():,} cases"
        f" ({still:,} open), {CaseEvent.objects.count():,} entries of history."
    )


if __name__ == "__main__":
    main()

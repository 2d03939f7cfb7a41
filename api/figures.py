"""The project's own gauges beside those of the framework: what waits, what is open, late, stuck."""

from __future__ import annotations

import structlog
from django.db import DatabaseError, InterfaceError
from django.db.models import Count
from django.utils import timezone
from prometheus_client import Gauge

from cases.lifecycle import OPEN_CASES
from cases.models import Case
from cases.queries.cases import BEFORE_VISIT
from pipeline.models import Progress
from rules.finding import FlagState, Verdict
from rules.models import Flag

log = structlog.get_logger("api")
FLAGS_WAITING = Gauge(
    "viahe_flags_waiting", "Flags that wait for a reviewer", ["verdict"], multiprocess_mode="mostrecent"
)
CASES_OPEN = Gauge("viahe_cases_open", "Cases that have not ended", multiprocess_mode="mostrecent")
CASES_LATE = Gauge("viahe_cases_late", "Cases past the due moment of their visit", multiprocess_mode="mostrecent")
OBSERVATIONS = Gauge(
    "viahe_observations", "Observations by state of the pipeline", ["state"], multiprocess_mode="mostrecent"
)
_WAITING = (FlagState.NEW.value, FlagState.IN_REVIEW.value)


def refresh() -> None:
    """Count anew; without a database the last figures stand."""
    try:
        waiting = Flag.objects.filter(state__in=_WAITING).values_list("verdict").annotate(Count("pk"))
        counted = dict(waiting.order_by("verdict"))
        for verdict in Verdict:
            FLAGS_WAITING.labels(verdict.value).set(counted.get(verdict.value, 0))
        CASES_OPEN.set(Case.objects.filter(state__in=[state.value for state in OPEN_CASES]).count())
        CASES_LATE.set(Case.objects.filter(state__in=BEFORE_VISIT, due_at__lt=timezone.now()).count())
        states = dict(Progress.objects.values_list("state").annotate(Count("pk")).order_by("state"))
        for state in Progress._meta.get_field("state").choices or []:
            OBSERVATIONS.labels(str(state[0])).set(states.get(state[0], 0))
    except (DatabaseError, InterfaceError) as error:
        log.warning("figures_not_counted", error=type(error).__name__)

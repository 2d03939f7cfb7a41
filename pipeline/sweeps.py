"""Periodic jobs that find what got stuck: pictures never begun, lost messages, killed workers, flags nobody looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from cases import actions as case_actions
from cases.actions.following import draft_due_follow_ups
from cases.actions.interim import refresh_promises, send_interim_replies
from cases.actions.keeping import erase_what_is_over
from cases.actions.reopening import close_silent_requests as close_silent
from geo import actions as register_actions
from geo.models import City
from geo.register_drawing import list_cities_with_new_parcels, list_undrawn, mark_drawn
from geo.register_files import read_received_files
from geo.today import find_today, today_in
from intake.actions import sweep_orphans
from intake.actions.custody import link_entries
from intake.area_alerts import forget_unconfirmed
from intake.models import Observation
from pipeline import advance
from pipeline.camera_store import forget_abandoned
from pipeline.models import Progress, ProgressState
from pipeline.recheck import recheck_parcels
from pipeline.stages import get_stage
from tiles.register_tiles import build_registers

log = structlog.get_logger("pipeline")
BATCH = 500
QUEUED_PATIENCE_S = 10  # a queued row this old has lost its message, or waits behind others
LONGEST_PATIENCE = timedelta(minutes=2)
UNBEGUN_WINDOW = timedelta(days=7)  # older rows were all seen by a sweep before; bounds what each sweep reads


def start_unbegun() -> int:
    """Begin what was received just before its receiver died, and so never began; how many."""
    now = timezone.now()
    late = Observation.objects.filter(
        received_at__gte=now - UNBEGUN_WINDOW, received_at__lt=now - timedelta(seconds=QUEUED_PATIENCE_S), progress=None
    )
    ids = list(late.order_by("received_at").values_list("pk", flat=True)[:BATCH])
    for observation_id in ids:
        advance.start(observation_id)
    if ids:
        log.info("begun_late", found=len(ids))
    return len(ids)


def ring_stuck(now: datetime | None = None) -> int:
    """Ring for every observation that was queued or running too long ago; how many.

    Each ring is twice as far from the last stage as the one before, up to ``LONGEST_PATIENCE``: a long queue fills with second
    bells otherwise, each costs a worker a look, and the queue grows faster than they can work it off.
    """
    now = now or timezone.now()
    queued = Q(state=ProgressState.QUEUED, updated_at__lt=now - timedelta(seconds=QUEUED_PATIENCE_S))
    stale_after = timedelta(seconds=settings.ENV.queue.stale_after_s)
    running = Q(state=ProgressState.RUNNING, updated_at__lt=now - stale_after)
    is_due = Q(ring_again_at=None) | Q(ring_again_at__lte=now)
    rows = list(Progress.objects.filter(queued | running, is_due).order_by("updated_at")[:BATCH])
    rung = sum(_ring_later_again(row, now) for row in rows)
    if rows:
        log.info("swept", found=len(rows), rung=rung)
    return rung


def _ring_later_again(row: Progress, now: datetime) -> bool:
    if not advance.ring(row.observation_id, get_stage(row.stage)):
        return False  # the broker does not answer: the next sweep tries
    again_at = now + min(now - row.updated_at, LONGEST_PATIENCE)
    Progress.objects.filter(pk=row.pk, updated_at=row.updated_at).update(ring_again_at=again_at)
    return True


def expire_flags() -> int:
    """Move flags that nobody looked at in time to ``expired``; how many."""
    return case_actions.expire_flags(timezone.now())


def escalate() -> int:
    """Tell those in charge what is late, by the steps of their city; how many steps were taken."""
    return case_actions.escalate(timezone.now())


def draft_follow_ups() -> int:
    """Draft the visits after an abatement whose day has come; how many."""
    return draft_due_follow_ups(timezone.now())


def close_silent_requests() -> int:
    """Close answers nobody objected to, and reports whose sender added nothing; how many."""
    return close_silent(timezone.now())


def reply_in_the_interim() -> int:
    """Tell senders honestly that nobody has replied yet, before the promised reply is due; how many were told."""
    refresh_promises()
    return send_interim_replies(timezone.now())


def forget_alerts() -> int:
    """Forget e-mail addresses whose owners never confirmed them; how many."""
    return forget_unconfirmed(timezone.now())


def keep_custody() -> int:
    """Link what a killed process left out of the chain, and erase what is past its time; how many."""
    linked = link_entries()
    erased = erase_what_is_over(timezone.now())
    if any(erased.values()):
        log.info("evidence_erased", **erased)
    return linked + sum(erased.values())


def forget_frames() -> int:
    """Remove the kept frames and stills of cameras that nobody watches any more; how many."""
    gone = forget_abandoned(timezone.now())
    if any(gone.values()):
        log.info("camera_frames_forgotten", **gone)
    return sum(gone.values())


def remove_orphans() -> int:
    """Remove stored bytes that no record names, left by a receiver that died before its rows; how many."""
    return sweep_orphans(timezone.now())


def apply_register_runs() -> int:
    """Apply what operators have confirmed since the last look; how many runs."""
    done = register_actions.apply_confirmed()
    for summary in done:
        log.info("register_applied", load_id=summary.load_id, source=summary.source, state=summary.state)
    return len(done)


def read_register_files() -> int:
    """Read the files that operators sent, each as a preview; how many."""
    done = read_received_files()
    for summary in done:
        log.info("register_read", load_id=summary.load_id, source=summary.source, state=summary.state)
    return len(done)


def draw_new_vintages() -> int:
    """Bring what any load has changed to the tiles: the layers of its registers are built anew; how many loads that were.

    Flags that wait are held against new parcels first.
    """
    ids, registers = list_undrawn()
    if ids:
        for city in City.objects.only("timezone").filter(pk__in=list_cities_with_new_parcels()).order_by("pk"):
            told = recheck_parcels(city.pk, today_in(city.timezone))
            log.info("flags_rechecked", city_id=city.pk, looked_at=told.looked_at, told=told.told)
        counts = build_registers(registers, find_today())
        mark_drawn(ids)
        log.info("vintages_drawn", loads=ids, records=counts)
    return len(ids)

"""The weights on record: registered from their files, put to work, refused or taken back by a person. One transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from detection.models import DetectionRun, Weights, WeightsComparison, WeightsDecision
from detection.queries.weights import list_decisions, list_weights_in_use
from detection.weights_choice import WeightsAction, last_promotion
from detection.weights_record import WeightsRecord
from detection.weights_shelf import find_record
from errors import Conflict, InputError

_LOCK = 0x7669616865  # one decision on weights at a time
_LEAST_WHY = 5


@transaction.atomic
def register_weights(records: Sequence[WeightsRecord], now: datetime | None = None) -> dict[str, str]:
    """Put the committed records into the table: name -> "added", "updated", "replaced" or "unchanged".

    A name whose file changed after a run had used it keeps the older record beside the new one, as NAME@HASH: old flags name
    the hash that made them.
    """
    return {record.name: _register_one(record, now or timezone.now()) for record in records}


def _register_one(record: WeightsRecord, now: datetime) -> str:
    stated = _stated(record)
    row = Weights.objects.select_for_update().filter(name=record.name).first()
    if row is None:
        Weights.objects.create(name=record.name, registered_at=now, **stated)
        return "added"
    if all(getattr(row, field) == value for field, value in stated.items()):
        return "unchanged"
    used = [{"name": row.name, "sha256": row.sha256}]
    if row.sha256 != record.sha256 and DetectionRun.objects.filter(weights__contains=used).exists():
        Weights.objects.filter(pk=row.pk).update(name=f"{row.name}@{row.sha256[:12]}")
        Weights.objects.create(name=record.name, registered_at=now, **stated)
        return "replaced"
    for field, value in stated.items():
        setattr(row, field, value)
    row.save()
    return "updated"


def _stated(record: WeightsRecord) -> dict[str, Any]:
    return {
        "sha256": record.sha256,
        "licence": record.licence,
        "label_set": list(record.labels),
        "runtime": "+".join(record.runtimes)[:16],
        "figures": record.figures,
        "source": record.source,
    }


@transaction.atomic
def promote_weights(name: str, *, replaces: str, by: str, why: str) -> WeightsDecision:
    """Put weights to work in place of others that work now. The files are checked first.

    Conflict when nobody compared the two on a frozen set, or ``replaces`` does not work now.
    """
    _one_at_a_time()
    record = find_record(name)
    for runtime in record.runtimes:
        record.open_files(runtime)
    working = list_weights_in_use(settings.ENV.detection.weights)
    if replaces not in working:
        raise Conflict("These weights do not work now.", field="replaces", value=replaces, cure=_one_of(working))
    if name in working:
        raise Conflict("These weights work already.", field="weights", value=name)
    compared = WeightsComparison.objects.filter(
        old=replaces, old_sha256=find_record(replaces).sha256, new=name, new_sha256=record.sha256
    ).first()
    if compared is None:
        raise Conflict(
            "Nobody has compared these weights with those that work.",
            field="weights",
            value=name,
            cure=f"Run: manage.py compare_weights {replaces} {name} --data SET.yaml --by NAME.",
        )
    return _decide(WeightsAction.PROMOTE, record, replaces=replaces, by=by, why=why, comparison=compared)


@transaction.atomic
def refuse_weights(name: str, *, by: str, why: str) -> WeightsDecision:
    """State that weights are not put to work, and why."""
    _one_at_a_time()
    record = find_record(name)
    if name in list_weights_in_use(settings.ENV.detection.weights):
        raise Conflict("These weights work now.", field="weights", value=name, cure="Roll back instead.")
    compared = WeightsComparison.objects.filter(new=name, new_sha256=record.sha256).first()
    return _decide(WeightsAction.REFUSE, record, by=by, why=why, comparison=compared)


@transaction.atomic
def roll_back_weights(*, by: str, why: str) -> WeightsDecision:
    """Take the last promotion back: what worked before works again, and keeps its version. Conflict when there is none."""
    _one_at_a_time()
    last = last_promotion(list_decisions())
    if last is None:
        raise Conflict("No promotion is left to take back.", field="weights", value="")
    find_record(last.replaces)
    return _decide(WeightsAction.ROLL_BACK, find_record(last.weights), replaces=last.replaces, by=by, why=why)


def _decide(
    action: WeightsAction,
    record: WeightsRecord,
    *,
    by: str,
    why: str,
    replaces: str = "",
    comparison: WeightsComparison | None = None,
) -> WeightsDecision:
    if len(why.strip()) < _LEAST_WHY:
        raise InputError(
            "A decision on weights needs its reason.", field="why", value=why, cure="Say why in a sentence."
        )
    return WeightsDecision.objects.create(
        action=action.value,
        weights=record.name,
        sha256=record.sha256,
        replaces=replaces,
        comparison=comparison,
        at=timezone.now(),
        by=by,
        why=why.strip(),
    )


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _one_of(names: Sequence[str]) -> str:
    return f"One of: {', '.join(names)}."

"""The Celery application. Tasks live in ``pipeline.tasks`` alone; late acknowledgement, so a killed worker loses nothing."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery
from django.conf import settings
from kombu.entity import Queue as BrokerQueue

from pipeline.queues import Queue

app = Celery("viahe")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_acks_on_failure_or_timeout=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_default_queue="intake",
    task_queues=[BrokerQueue(queue.value) for queue in Queue],  # type: ignore[no-untyped-call]
    task_create_missing_queues=False,
    task_serializer="json",
    accept_content=["json"],
    timezone="UTC",
    enable_utc=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 600, "socket_timeout": 10, "socket_connect_timeout": 3},
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1, "interval_step": 0.2},
    worker_send_task_events=False,
    beat_scheduler="django_celery_beat.schedulers:DatabaseScheduler",
    worker_hijack_root_logger=False,
    beat_schedule={
        "sweep-stuck": {"task": "pipeline.sweep_stuck", "schedule": 10.0, "options": {"expires": 9.0}},
        "deliver-notices": {"task": "pipeline.deliver_notices", "schedule": 5.0, "options": {"expires": 4.0}},
        "redact-visits": {
            "task": "pipeline.redact_visits",
            "schedule": 20.0,
            "options": {"expires": 19.0, "queue": "detection"},
        },
        "sweep-cases": {"task": "pipeline.sweep_cases", "schedule": 600.0, "options": {"expires": 500.0}},
        "sweep-frames": {"task": "pipeline.sweep_frames", "schedule": 300.0, "options": {"expires": 250.0}},
        "sweep-registers": {"task": "pipeline.sweep_registers", "schedule": 10.0, "options": {"expires": 9.0}},
        "sweep-media": {"task": "pipeline.sweep_media", "schedule": 86_400.0, "options": {"expires": 3_600.0}},
    },
    include=["pipeline.tasks"],
)

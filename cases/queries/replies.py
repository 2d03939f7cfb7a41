"""The first reply that a sender is promised: when it is due, and when a person gave it.

The promise runs from the moment of sending, which no officer may learn: callers tell officers counts and days, no moment.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from cases.calendar_pack import PolicyCode
from cases.deadline import Deadline, due
from cases.interim import REPLIES
from cases.queries.calendars import get_calendar
from geo.models import City
from intake.kinds import RelaySide
from intake.models import RelayMessage, ServiceRequest, ServiceRequestEvent


def promise_of(request: ServiceRequest, city: City) -> Deadline:
    """The first reply's deadline, by the calendar of the city and the policy of the day of sending."""
    calendar = get_calendar(city).pack
    on = request.submitted_at.astimezone(ZoneInfo(city.timezone)).date()
    return due(request.submitted_at, calendar.policy(PolicyCode.FIRST_REPLY, on), calendar.calendar)


def first_reply_at(request: ServiceRequest) -> datetime | None:
    """When a person first answered, refused, joined or asked; what the machine said in the interim is no reply."""
    moved = request.events.filter(to_status__in=REPLIES).values_list("at", flat=True)
    asked = request.relay.filter(side=RelaySide.OFFICE.value).values_list("at", flat=True)
    return min((at for at in (moved.order_by("at").first(), asked.order_by("at").first()) if at), default=None)


def without_reply() -> Q:
    """A condition on service requests: nobody has replied yet."""
    moved = ServiceRequestEvent.objects.filter(service_request=OuterRef("pk"), to_status__in=REPLIES)
    asked = RelayMessage.objects.filter(service_request=OuterRef("pk"), side=RelaySide.OFFICE.value)
    return ~Exists(moved) & ~Exists(asked)

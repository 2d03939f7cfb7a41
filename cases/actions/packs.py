"""Loads a city pack's offices and calendar, and changes the calendar by hand. Loading twice changes nothing; a faulty pack
changes nothing either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.actions.clocks import refresh_clocks
from cases.calendar_amending import CalendarChange, amend, carry_over
from cases.calendar_pack import parse_calendar
from cases.field_form import parse_field_form
from cases.lifecycle import OPEN_CASES
from cases.models import CalendarEdition, Case, FieldFormEdition, Unit
from cases.offices_pack import parse_offices
from errors import ConfigurationError, Conflict, NotFound
from geo.models import City
from geo.pack import Pack

OFFICES, CALENDAR, FIELD_FORM = "offices.toml", "calendar.toml", "inspection.toml"


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What a load did."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


def load_offices(city: City, pack: Pack) -> dict[str, Any]:
    """Put the pack's offices and calendar on record, both or neither; what was counted, for the operator."""
    with transaction.atomic():
        offices = load_units(city, pack.read_table(OFFICES))
        calendar = load_calendar(city, pack.read_table(CALENDAR))
        forms = load_field_form(city, pack.read_table(FIELD_FORM))
    state = "unchanged" if calendar.unchanged else "done"
    return {**asdict(offices), "calendar": state, "field_form": "unchanged" if forms.unchanged else "done"}


def load_units(city: City, pack: Mapping[str, Any]) -> LoadCounts:
    """Add and update the city's units by their code; ConfigurationError names the faulty entry."""
    offices = parse_offices(pack)
    new = changed = 0
    with transaction.atomic():
        for office in offices:
            values = asdict(office) | {
                "admin_unit_codes": list(office.admin_unit_codes), "uses": list(office.uses), "city_id": city.pk,
            }  # fmt: skip
            code = values.pop("code")
            unit = Unit.objects.select_for_update().filter(code=code).first()
            if unit is None:
                Unit.objects.create(code=code, **values)
                new += 1
            elif unit.city_id != city.pk:
                raise ConfigurationError(
                    "Another city has a unit of this code.",
                    field="code",
                    value=code,
                    cure="Begin codes with the city's name.",
                )
            elif any(getattr(unit, name) != value for name, value in values.items()):
                Unit.objects.filter(pk=unit.pk).update(**values)
                changed += 1
    return LoadCounts(new, changed, len(offices) - new - changed)


def load_calendar(city: City, pack: Mapping[str, Any]) -> LoadCounts:
    """Keep the calendar as a new edition when it differs from the last one; what people changed by hand stays."""
    last = CalendarEdition.objects.filter(city=city).order_by("-id").first()
    whole = carry_over(pack, last.content) if last is not None else pack
    parse_calendar(whole, city.timezone)
    return _keep_edition(city, CalendarEdition, whole)


@transaction.atomic
def change_calendar(city: City, change: CalendarChange, *, by: str, edition_id: int) -> int:
    """One change by a person: a new edition, and the clocks of open cases counted anew with it. The edition's id.

    Conflict when another edition came since; InputError for a change that makes no sense.
    """
    City.objects.select_for_update(no_key=True).get(pk=city.pk)
    last = CalendarEdition.objects.filter(city=city).order_by("-id").first()
    if last is None:
        raise NotFound(
            "No calendar is loaded for this city.", field="city", value=city.slug, cure="Load the city's pack."
        )
    if last.pk != edition_id:
        raise Conflict(
            "The calendar was changed since you looked.", field="edition", value=edition_id, cure="Load it again."
        )
    content = amend(last.content, change, by=by, at=timezone.now().isoformat(timespec="seconds"))
    parse_calendar(content, city.timezone)
    _keep_edition(city, CalendarEdition, content)
    open_states = [state.value for state in OPEN_CASES]
    refresh_clocks(Case.objects.filter(city=city, state__in=open_states).values_list("pk", flat=True))
    return CalendarEdition.objects.filter(city=city).latest("id").pk


def load_field_form(city: City, pack: Mapping[str, Any]) -> LoadCounts:
    """Keep the inspectors' forms as a new edition when they differ from the last one."""
    parse_field_form(pack)
    return _keep_edition(city, FieldFormEdition, pack)


def _keep_edition(
    city: City, edition: type[CalendarEdition] | type[FieldFormEdition], pack: Mapping[str, Any]
) -> LoadCounts:
    text = json.dumps(pack, default=_as_text, sort_keys=True, ensure_ascii=False)
    digest = sha256(text.encode()).hexdigest()
    with transaction.atomic():
        City.objects.select_for_update(no_key=True).get(pk=city.pk)
        last = edition.objects.filter(city=city).order_by("-id").first()
        if last is not None and last.sha256 == digest:
            return LoadCounts(unchanged=1)
        edition.objects.create(city=city, sha256=digest, content=json.loads(text), loaded_at=timezone.now())
    return LoadCounts(new=1) if last is None else LoadCounts(changed=1)


def _as_text(value: object) -> str:
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    raise ConfigurationError("calendar.toml holds a value that is no text, number or date.", value=value)

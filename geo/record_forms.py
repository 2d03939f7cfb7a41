"""The forms of the register tables, read off the models, so that an importer knows kinds and limits without Django."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.gis.db.models import GeometryField, MultiPolygonField
from django.db.models import CharField, DateField, Field, FloatField, JSONField, PositiveSmallIntegerField, TextField

from geo.importers.forms import FieldForm, RecordForm, Shape, ValueKind
from geo.importers.preparing import computed_columns
from geo.models import DatedRecord

_KINDS: tuple[tuple[type[Field[Any, Any]], ValueKind], ...] = (
    (CharField, ValueKind.TEXT),
    (TextField, ValueKind.TEXT),
    (FloatField, ValueKind.NUMBER),
    (PositiveSmallIntegerField, ValueKind.WHOLE),
    (DateField, ValueKind.DAY),
    (JSONField, ValueKind.LIST),
)


@cache
def get_record_form(name: str) -> RecordForm:
    """The form of a dated record by its name."""
    model = apps.get_model("geo", name)
    shared = {field.name for field in DatedRecord._meta.get_fields()} | {"id"}
    own = [field for field in model._meta.fields if field.name not in shared]
    outline = next((field for field in own if isinstance(field, GeometryField)), None)
    form = RecordForm(
        name=name,
        table=model._meta.db_table,
        fields=tuple(_describe(field) for field in own if field is not outline),
        shape=_shape(outline),
        needs_outline=outline is not None and not outline.null,
    )
    computed = set(computed_columns(form))
    fields = tuple(field for field in form.fields if field.name not in computed)
    return RecordForm(form.name, form.table, fields, form.shape, form.needs_outline)


def _shape(outline: Field[Any, Any] | None) -> Shape:
    if outline is None:
        return Shape.NONE
    return Shape.POLYGON if isinstance(outline, MultiPolygonField) else Shape.ANY


def _describe(field: Field[Any, Any]) -> FieldForm:
    kind = next(kind for type_, kind in _KINDS if isinstance(field, type_))
    empty = field.get_default() if field.has_default() else {ValueKind.TEXT: "", ValueKind.LIST: []}.get(kind)
    may_be_empty = field.null or field.blank or field.has_default()
    return FieldForm(field.name, kind, not may_be_empty, empty, getattr(field, "max_length", None))

"""The inspector's form as it was handed in: outcome, tape width, reason, note, photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.files.uploadedfile import UploadedFile

from cases.actions import InspectionOutcome, InspectionRecord
from errors import InputError
from intake.actions import store_original
from intake.kinds import Category

FOR_ALL = (
    InspectionOutcome.VIOLATION, InspectionOutcome.WARNED, InspectionOutcome.FINED_ON_SPOT, InspectionOutcome.NO_VIOLATION,
    InspectionOutcome.GONE, InspectionOutcome.UNDETERMINED, InspectionOutcome.NO_ACCESS, InspectionOutcome.HANDED_OVER,
)  # fmt: skip


def list_outcomes(use: str) -> tuple[str, ...]:
    """The outcomes offered for a use; only building work can be ordered to stop."""
    offered = [outcome.value for outcome in FOR_ALL]
    if use == Category.CONSTRUCTION.value:
        offered.insert(1, InspectionOutcome.STOP_ORDERED.value)
    return tuple(offered)


def read_record(post: Mapping[str, str], files: Sequence[UploadedFile[bytes]]) -> InspectionRecord:
    """The record; its photos are kept as evidence first. InputError names the field."""
    outcome = _read_outcome(post.get("outcome", ""))
    record = InspectionRecord(
        outcome=outcome,
        reason=post.get("reason", "").strip(),
        free_width_m=_read_width(post.get("free_width_m", "")),
        note=post.get("note", "").strip(),
        version=int(post["version"]) if post.get("version", "").isdigit() else None,
    )
    photos = tuple(store_original(file).media_id for file in files if file.name)
    return InspectionRecord(record.outcome, record.reason, record.free_width_m, record.note, photos, record.version)


def _read_outcome(text: str) -> InspectionOutcome:
    try:
        return InspectionOutcome(text)
    except ValueError as error:
        raise InputError("An outcome is needed.", field="outcome", value=text, cure="Choose what you found.") from error


def _read_width(text: str) -> float | None:
    """Metres with comma or point; None when it was not measured."""
    text = text.strip().removesuffix("m").strip().replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError as error:
        cure = "Write metres, for example 1.05."
        raise InputError("This is not a width.", field="free_width_m", value=text, cure=cure) from error

"""The page to read of an evidence pack as PDF."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from uuid import UUID

from django.template.loader import render_to_string
from PIL import Image

from cases.printing import FONTS, print_html
from cases.queries.evidence import EvidenceFile
from cases.queries.evidence_sheet import EvidenceSheet

_LONGEST_PX = 900


def print_evidence(sheet: EvidenceSheet, pictures: Mapping[UUID, bytes], names: Mapping[UUID, str]) -> bytes:
    """The page, A4. ConfigurationError where the machine lacks the library's system part."""
    return print_html(render_evidence(sheet, pictures, names))


def render_evidence(sheet: EvidenceSheet, pictures: Mapping[UUID, bytes], names: Mapping[UUID, str]) -> str:
    """The page as HTML. ``pictures`` are bytes of copies without faces and plates, ``names`` where each file lies in the pack."""
    shown = [(names[file.id], _shrink(pictures[file.id])) for file in sheet.files if file.id in pictures]
    context = {
        "s": sheet,
        "files": [_row(file, names) for file in sheet.files],
        "shown": shown,
        "fonts": FONTS.as_uri(),
    }
    return render_to_string("cases/evidence.html", context)


def _row(file: EvidenceFile, names: Mapping[UUID, str]) -> dict[str, object]:
    on = date.fromisoformat(file.received_on).strftime("%d/%m/%Y")
    return {"name": names[file.id], "on": on, "size": file.byte_size, "sha256": file.sha256}


def _shrink(data: bytes) -> str:
    """A picture small enough for a page, as a data address."""
    with Image.open(BytesIO(data)) as opened:
        small = opened.convert("RGB")
    small.thumbnail((_LONGEST_PX, _LONGEST_PX))
    target = BytesIO()
    small.save(target, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{b64encode(target.getvalue()).decode()}"

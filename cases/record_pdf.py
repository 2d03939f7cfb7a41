"""A record draft as PDF."""

from __future__ import annotations

from django.template.loader import render_to_string

from cases.printing import FONTS, print_html
from cases.record_draft import RecordDraft


def print_record(draft: RecordDraft) -> bytes:
    """The sheet, A4. ConfigurationError where the machine lacks the library's system part."""
    return print_html(render_record(draft))


def render_record(draft: RecordDraft) -> str:
    """The sheet as HTML, before it is printed."""
    return render_to_string("cases/record.html", {"r": draft, "fonts": FONTS.as_uri()})

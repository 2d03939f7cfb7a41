"""A record draft as PDF: the one door to the printing library of this room. Nothing is fetched from any network."""

from __future__ import annotations

from pathlib import Path

from django.template.loader import render_to_string

from cases.record_draft import RecordDraft
from errors import ConfigurationError

_FONTS = Path(__file__).resolve().parents[1] / "web" / "static" / "web" / "fonts"


def print_record(draft: RecordDraft) -> bytes:
    """The sheet, A4. ConfigurationError where the machine lacks the library's system part."""
    html = render_record(draft)
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise ConfigurationError(
            "This machine cannot print.", field="weasyprint", value=str(error)[:80], cure="Install pango (see docs)."
        ) from error
    printed: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data", "file"))).write_pdf()
    return printed


def render_record(draft: RecordDraft) -> str:
    """The sheet as HTML, before it is printed."""
    return render_to_string("cases/record.html", {"r": draft, "fonts": _FONTS.as_uri()})

"""The one door to WeasyPrint: HTML -> A4 pages as PDF. Loaded at the first print; nothing is fetched from any network."""

from __future__ import annotations

from pathlib import Path

from PIL import ImageFile

from errors import ConfigurationError

# The type that every printed page is set in, with all Vietnamese letters.
FONTS = Path(__file__).resolve().parents[1] / "web" / "static" / "web" / "fonts"


def print_html(html: str, *, base_url: str | None = None) -> bytes:
    """The PDF; ``base_url`` is where the page's own styles and fonts lie. ConfigurationError where pango is missing."""
    try:
        from weasyprint import HTML, URLFetcher
    except OSError as error:
        raise ConfigurationError(
            "This machine cannot print.", field="weasyprint", value=str(error)[:80], cure="Install pango (see docs)."
        ) from error
    # The library lets the whole process take pictures that break off; an upload that breaks off is still refused.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    nothing_outside = URLFetcher(allowed_protocols=("data", "file"))
    printed: bytes = HTML(string=html, base_url=base_url, url_fetcher=nothing_outside).write_pdf()
    return printed

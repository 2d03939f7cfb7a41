"""An answer's page as a PDF of A4 sheets with its map."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from cases.printing import print_html

STYLES = Path(__file__).parent / "static" / "web"


def print_answer(context: Mapping[str, Any]) -> bytes:
    """The PDF. Fonts and styles come from the project's own files; nothing is fetched."""
    picture = base64.b64encode(_without_halos(str(context["sketch"])).encode()).decode()
    told = {
        **context,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "language": translation.get_language() or "vi",
    }
    html = render_to_string("web/place_print.html", told)
    return print_html(html, base_url=STYLES.as_uri() + "/")


def _without_halos(svg: str) -> str:
    """The print paints a letter's halo over it: letters go without; the font has the names of the print's style."""
    bare = re.sub(r' stroke="#fff"[^>]*? paint-order="stroke"', "", svg)
    return bare.replace("'Be Vietnam Pro',system-ui,sans-serif", "Latin,Viet,sans-serif")

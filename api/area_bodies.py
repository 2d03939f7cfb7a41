"""JSON bodies that may hold an area: read only up to a limit, and refused in words that name it and the cure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from errors import InputError
from geo.drawn_area import MOST_BYTES, MOST_VERTICES


class AreaBodyParser(BaseParser):
    """Reads one JSON object."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The object. InputError: larger than an area may be, or no JSON object."""
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            cure = f"Simplify the area to at most {MOST_VERTICES} points, or ask for its parts one after the other."
            value = f"more than {MOST_BYTES // 1_000_000} MB"
            raise InputError("This area has too many points.", field="area", value=value, cure=cure)
        try:
            body = json.loads(raw or b"{}")
        except (ValueError, RecursionError) as error:
            raise InputError(
                "This is not JSON.", field="body", value=repr(raw[:60]), cure="Send one JSON object."
            ) from error
        if not isinstance(body, dict):
            raise InputError("This is not JSON.", field="body", value=str(body)[:60], cure="Send one JSON object.")
        return body

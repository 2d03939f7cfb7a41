"""``manage.py load_register``: JSON for the operator, words for what cannot be."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.integration.geo.files import edit

pytestmark = pytest.mark.usefixtures("loaded")


def run(*words: str) -> dict:
    told = StringIO()
    call_command("load_register", *words, stdout=told)
    return json.loads(told.getvalue())


def test_counts_and_issues_as_json(pack_path: Path) -> None:
    path = edit(
        pack_path / "data/parcels.geojson", lambda features: [*features[:11], {**features[0], "geometry": None}]
    )
    told = run("parcels", str(path), "--city", "smallville", "--source-on", "2026-12-01", "--dry-run")
    assert (told["state"], told["withdrawn"], told["left_out"]) == ("preview", 1, 1)
    assert told["register_issues"][0]["fault"] == "no_geometry"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(("parcels", "x.geojson", "--city", "nowhere"), "No city nowhere", id="no city"),
        pytest.param(("lakes", "x.geojson", "--city", "smallville"), "no such source", id="no source"),
        pytest.param(("parcels", "x.geojson", "--city", "smallville"), "not there", id="no file"),
        pytest.param(("parcels", "x", "--city", "smallville", "--source-on", "soon"), "no day", id="no day"),
    ],
)
def test_words_for_what_cannot_be(words: tuple[str, ...], expected: str) -> None:
    with pytest.raises(CommandError, match=expected):
        run(*words)

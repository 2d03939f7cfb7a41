"""Which things in a picture speak for the use that a flag is about."""

from __future__ import annotations

import pytest

from cases.evidence_labels import speaks_for


@pytest.mark.parametrize(
    ("label", "use", "speaks"),
    [
        ("motorcycle", "parking", True),
        ("person", "parking", False),
        ("chair", "trading", True),
        ("site machinery", "construction", True),
        ("car", "construction", False),
        ("car", "nothing we know", False),
    ],
)
def test_a_label_speaks_for_its_use(label: str, use: str, speaks: bool) -> None:
    assert speaks_for(label, use) is speaks

"""What would tell who writes is taken out of free words; the rest stays."""

from __future__ import annotations

import pytest

from intake.masking import MASK, mask_contacts


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Gọi tôi 0909 123 456 nhé", f"Gọi tôi {MASK} nhé"),
        ("+84 (909) 123-456", MASK),
        ("0909.123.456.", f"{MASK}."),
        ("CCCD 079203001234", f"CCCD {MASK}"),
        ("thu@example.vn", MASK),
        ("mã PA-2611-7KD2M9", f"mã {MASK}"),
        ("https://zalo.me/x", MASK),
        ("hẻm 45/12, cách 3 m, lúc 8h30 ngày 20/11/2026", "hẻm 45/12, cách 3 m, lúc 8h30 ngày 20/11/2026"),
        ("nhà số 123, tầng 4", "nhà số 123, tầng 4"),
    ],
)
def test_masking(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked

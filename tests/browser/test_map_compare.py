"""Two dates of the map on both sides of one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests import builders as b
from tests.browser.test_field import _built  # noqa: F401 - the application as its sources are now

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.xdist_group("browser")


def test_a_link_that_compares_opens_with_its_line(open_page: Callable[..., Page], sign_in: Callable[..., None]) -> None:
    page = open_page("/", on_desk=True)
    sign_in(page, b.a_staff().leader)
    page.goto("/app/map?against=2021-06-30")
    line = page.get_by_role("slider", name="Vạch chia giữa hai ngày")
    expect(line).to_be_visible(timeout=60_000)
    expect(page.locator(".tag.r")).to_contain_text("30/06/2021")
    line.focus()
    page.keyboard.press("ArrowRight")
    expect(line).to_have_attribute("aria-valuenow", "52")

"""A small town with a ward, an office and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.integration.cases.builders import Town


@pytest.fixture
def town(db: None) -> Town:
    """The town; imported here because Django is not set up yet when pytest reads this file."""
    from tests.integration.cases.builders import a_town

    return a_town()
